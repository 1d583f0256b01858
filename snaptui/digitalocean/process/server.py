"""The client process's side: does what calls ask for, and reports what comes of it."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import NoReturn

from msgspec.structs import replace

from snaptui.digitalocean.api.errors import ApiError, ConnectionFailedError
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.digitalocean.process.messages import (
    LENGTH_BYTES,
    ORDERS,
    Call,
    Cancel,
    DeleteSnapshot,
    End,
    Failure,
    GetAccount,
    GetAutoscaleImages,
    GetSnapshot,
    GetSources,
    Item,
    ListSnapshots,
    Open,
    Operation,
    Report,
    State,
    raw,
    sealed,
)
from snaptui.model.token import Token


class Service:
    """Works calls off with one client, all at once; reports leave in the order in which things happen."""

    def __init__(self, client: ApiClient, writer: asyncio.StreamWriter) -> None:
        self._client = client
        self._writer = writer
        self._said = State(None, None)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        client.on_state(self._report_state)

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
            self._write(Failure.of(number, ConnectionFailedError(message, sent=True, hint="Please report it.")))

    async def _work(self, call: Call) -> None:
        try:
            async for value in self._results(call.operation):
                self._report_state()
                self._write(Item(call.number, raw(value)))
                await self._writer.drain()
            report: End | Failure = End(call.number)
        except ApiError as error:
            report = Failure.of(call.number, error)
        self._report_state()
        self._write(report)

    async def _results(self, operation: Operation) -> AsyncIterator[object]:
        match operation:
            case ListSnapshots():
                async for loaded in self._client.listing():
                    # Whoever reads the rows has their ids.
                    yield replace(loaded, present=None)
            case GetSnapshot(snapshot_id):
                yield await self._client.get_snapshot(snapshot_id)
            case DeleteSnapshot(snapshot_id):
                yield await self._client.delete_snapshot(snapshot_id)
            case GetAccount():
                yield await self._client.get_account()
            case GetSources():
                yield await self._client.get_sources()
            case GetAutoscaleImages():
                yield await self._client.get_autoscale_images()

    def _report_state(self) -> None:
        state = State(self._client.rate_limit, self._client.wait)
        if state != self._said:
            self._said = state
            self._write(state)

    def _write(self, report: Report) -> None:
        self._writer.write(sealed(report))


async def serve(connection: socket.socket) -> NoReturn:
    """Take orders until nobody writes any more; what is under way then is given up by leaving."""
    reader, writer = await asyncio.open_connection(sock=connection)
    service: Service | None = None
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
            order = ORDERS.decode(await reader.readexactly(length))
            if isinstance(order, Open):
                client = Client(Token(order.token), base_url=order.base_url, read_only=order.read_only)
                service = Service(client, writer)
            elif service is not None:
                service.take(order)
    # Waiting for a name server, say, would take longer; connections are closed by the system.
    os._exit(0)
