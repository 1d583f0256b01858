"""Withdrawal of a DELETE up to the moment its bytes are written: the last check is made on the open connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.errors import WithdrawnError

# Connected, through TLS and any proxy, and no byte written yet; a proxy's CONNECT comes with another method.
_ABOUT_TO_WRITE: Final = "http11.send_request_headers.started"


def departing(departure: Departure) -> Mapping[str, Callable[[str, Mapping[str, object]], Awaitable[None]]]:
    """Return the request extension that asks `departure` last, and drops the connection when it may not leave."""

    async def ask(event: str, info: Mapping[str, object]) -> None:
        if event == _ABOUT_TO_WRITE and getattr(info.get("request"), "method", b"") == b"DELETE":
            departure.leave()

    return {"trace": ask}


@asynccontextmanager
async def withdrawable(departure: Departure) -> AsyncIterator[None]:
    """Context that is cancelled at once, with `WithdrawnError`, when the departure is withdrawn in time."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("a DELETE is sent by a task, which a withdrawal can cancel")
    if departure.withdrawn:
        raise WithdrawnError("it was withdrawn before it was sent")
    departure.on_withdraw = task.cancel
    try:
        yield
    except asyncio.CancelledError:
        if departure.withdrawn and task.uncancel() == 0:
            raise WithdrawnError("it was withdrawn before it was sent") from None
        raise
    finally:
        departure.on_withdraw = lambda: None
        departure.over()
