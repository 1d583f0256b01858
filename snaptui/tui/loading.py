"""Brings the listing to the screen: the first page at once, the rest in a few steps."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

from snaptui.digitalocean.errors import ApiError
from snaptui.digitalocean.listing import Loaded
from snaptui.model.snapshot import Snapshot
from snaptui.tui.messages import ListingFailed, RowsArrived

# Twice a second is as often as anybody reads a progress text.
STEP_SECONDS: Final = 0.5


class ListLoader:
    """Posts `RowsArrived` for what a listing yields, and `ListingFailed` when it breaks off."""

    def __init__(self, post: Callable[[RowsArrived | ListingFailed], object]) -> None:
        self._post = post
        self._rows: list[Snapshot] = []
        self._last: Loaded | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def run(self, listing: AsyncIterator[Loaded]) -> None:
        """Read the listing to its end."""
        first = True
        try:
            async for loaded in listing:
                self._rows += loaded.rows
                self._last = loaded
                if first or loaded.coverage.finished:
                    self._flush()
                elif self._timer is None:
                    self._timer = asyncio.get_running_loop().call_later(STEP_SECONDS, self._flush)
                first = False
        except ApiError as error:
            self._flush()
            self._post(ListingFailed(error))
        finally:
            if self._timer is not None:
                self._timer.cancel()

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._last is not None:
            self._post(RowsArrived(tuple(self._rows), self._last.coverage, self._last.present))
            self._rows, self._last = [], None
