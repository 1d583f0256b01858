"""What the client's process does: it works calls off, and reports."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, NoReturn

from msgspec.structs import replace

from snaptui.digitalocean.api.errors import ApiError, ConnectionFailedError
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import load_snapshots
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.digitalocean.client.sources import read_sources
from snaptui.digitalocean.process.messages import (
    LENGTH_BYTES,
    LISTING,
    ORDERS,
    Call,
    Cancel,
    End,
    Failure,
    Item,
    Open,
    State,
    raw,
    sealed,
)
from snaptui.model.token import Token

_OPERATIONS: Final[Mapping[str, Callable[..., Awaitable[object]]]] = {
    "get_snapshot": Client.get_snapshot,
    "delete_snapshot": Client.delete_snapshot,
    "get_account": Client.get_account,
    "get_sources": read_sources,
    "get_autoscale_images": Client.get_autoscale_images,
}


class Service:
    """Works calls off with one client, all at once; reports leave in the order in which things happen."""

    def __init__(self, opened: Open, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._pacer = Pacer(clock=time.time, changed=self._report_state)
        self._client = Client(
            Token(opened.token), base_url=opened.base_url, pacer=self._pacer, read_only=opened.read_only
        )
        self._said = State(None, None)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def take(self, order: Call | Cancel) -> None:
        """Begin a call, or give one up."""
        if isinstance(order, Call):
            task = self._tasks[order.number] = asyncio.create_task(self._work(order))
            task.add_done_callback(lambda task: self._ended(order.number, task))
        elif order.number in self._tasks:
            self._tasks[order.number].cancel()

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._tasks[number]
        crash = None if task.cancelled() else task.exception()
        if crash is not None:  # nobody must wait for it
            message = f"the client crashed ({type(crash).__name__})"
            error = ConnectionFailedError(message, sent=True, hint="Please report it.")
            self._writer.write(sealed(Failure.of(number, error)))

    async def _work(self, call: Call) -> None:
        try:
            async for value in self._results(call):
                self._report_state()
                self._writer.write(sealed(Item(call.number, raw(value))))
                await self._writer.drain()
            report: End | Failure = End(call.number)
        except ApiError as error:
            report = Failure.of(call.number, error)
        self._report_state()
        self._writer.write(sealed(report))

    async def _results(self, call: Call) -> AsyncIterator[object]:
        if call.operation == LISTING:
            async for loaded in load_snapshots(self._client):
                # Whoever reads the rows has their ids.
                yield replace(loaded, present=None)
        else:
            yield await _OPERATIONS[call.operation](self._client, *call.arguments)

    def _report_state(self) -> None:
        state = State(self._client.rate_limit, self._pacer.wait)
        if state != self._said:
            self._said = state
            self._writer.write(sealed(state))


async def serve(connection: socket.socket) -> NoReturn:
    """Take letters until nobody writes any more; what is under way then is given up by leaving."""
    reader, writer = await asyncio.open_connection(sock=connection)
    service: Service | None = None
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
            order = ORDERS.decode(await reader.readexactly(length))
            if isinstance(order, Open):
                service = Service(order, writer)
            elif service is not None:
                service.take(order)
    # Waiting for a name server, say, would take longer; connections are closed by the system.
    os._exit(0)
