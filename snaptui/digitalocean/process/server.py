"""Server in the client's process: carries out calls, and sends their results back."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import NoReturn

from msgspec.structs import replace

from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.errors import ApiError, ConnectionFailedError
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import Loaded
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
    HoldPlaces,
    Item,
    ListSnapshots,
    Open,
    RelistSnapshots,
    Report,
    State,
    TerminalRescue,
    Withdraw,
    raw,
    sealed,
)
from snaptui.digitalocean.process.rescue import rescue
from snaptui.model.token import Token


class Service:
    """Service that carries out calls with one client, all at once, and sends each result as it comes."""

    def __init__(self, client: ApiClient, writer: asyncio.StreamWriter) -> None:
        self._client = client
        self._writer = writer
        self._said = State(None, None)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._departures: dict[int, Departure] = {}
        client.on_state(self._report_state)

    def take(self, order: Call | Cancel | Withdraw) -> None:
        """Begin a call, give one up, or keep its DELETE back."""
        if isinstance(order, Withdraw):
            if order.number in self._departures:
                self._departures[order.number].withdraw()
        elif isinstance(order, Call):
            if isinstance(order.operation, DeleteSnapshot):
                # At once: a withdrawal may be read before the task has begun.
                self._departures[order.number] = self._departure(order.number, order.operation)
            task = self._tasks[order.number] = asyncio.create_task(self._work(order))
            task.add_done_callback(lambda task: self._ended(order.number, task))
        elif order.number in self._tasks:
            self._tasks[order.number].cancel()

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._tasks[number]
        self._departures.pop(number, None)
        crash = None if task.cancelled() else task.exception()
        if crash is not None:  # nobody must wait for it
            message = f"the client crashed ({type(crash).__name__})"
            self._write(Failure.of(number, ConnectionFailedError(message, sent=True, hint="Please report it.")))

    async def _work(self, call: Call) -> None:
        try:
            async for value in self._results(call):
                self._report_state()
                self._write(Item(call.number, raw(value)))
                # Where the screen is behind, the call waits, and results do not pile up here.
                await self._writer.drain()
            report: End | Failure = End(call.number)
        except ApiError as error:
            report = Failure.of(call.number, error)
        self._report_state()
        self._write(report)

    async def _results(self, call: Call) -> AsyncIterator[object]:
        match call.operation:
            case ListSnapshots() | RelistSnapshots():
                async for loaded in self._steps(call.operation):
                    # Whoever reads the rows has their ids.
                    yield replace(loaded, present=None)
            case HoldPlaces(wanted, least):
                async with self._client.lease(wanted, least) as lease:
                    yield lease
                    await asyncio.Event().wait()  # cancelled when the places are given back
            case DeleteSnapshot():
                yield await self._client.delete_snapshot(call.operation.snapshot_id, self._departures[call.number])
            case _:
                yield await self._value(call.operation)

    def _steps(self, operation: ListSnapshots | RelistSnapshots) -> AsyncIterator[Loaded]:
        return (
            self._client.listing() if isinstance(operation, ListSnapshots) else self._client.relisting(operation.lease)
        )

    def _departure(self, number: int, operation: DeleteSnapshot) -> Departure:
        departure = Departure(operation.seen, operation.lease)
        # Written before the DELETE is: whoever asks then is told rather too early than too late that it has left.
        departure.on_leave = lambda: self._write(Item(number, raw(None)))
        return departure

    async def _value(self, operation: GetSnapshot | GetAccount | GetSources | GetAutoscaleImages) -> object:
        match operation:
            case GetSnapshot(snapshot_id, lease):
                return await self._client.get_snapshot(snapshot_id, lease)
            case GetAccount():
                return await self._client.get_account()
            case GetSources():
                return await self._client.get_sources()
            case GetAutoscaleImages():
                return await self._client.get_autoscale_images()

    def _report_state(self) -> None:
        state = State(self._client.rate_limit, self._client.wait)
        if state != self._said:
            self._said = state
            self._write(state)

    def _write(self, report: Report) -> None:
        self._writer.write(sealed(report))


class _NoService:
    """Stand-in without a client: answers every call with the error for which there is none."""

    def __init__(self, error: ApiError, writer: asyncio.StreamWriter) -> None:
        self._error = error
        self._writer = writer

    def take(self, order: Call | Cancel | Withdraw) -> None:
        """Answer a call; there is nothing to give up or to keep back."""
        if isinstance(order, Call):
            self._writer.write(sealed(Failure.of(order.number, self._error)))


def _opened(order: Open, writer: asyncio.StreamWriter) -> Service | _NoService:
    try:
        return Service(Client(Token(order.token), base_url=order.base_url, read_only=order.read_only), writer)
    except ApiError as error:
        return _NoService(error, writer)


async def serve(connection: socket.socket, terminal: int | None = None) -> NoReturn:
    """Carry out calls until the other end closes; calls that are under way then are cancelled."""
    entrusted = TerminalRescue()
    reader, writer = await asyncio.open_connection(sock=connection)
    service: Service | _NoService | None = None
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
            order = ORDERS.decode(await reader.readexactly(length))
            if isinstance(order, Open):
                service = _opened(order, writer)
            elif isinstance(order, TerminalRescue):
                entrusted = order
            elif service is not None:
                service.take(order)
    if terminal is not None:
        rescue(entrusted, terminal)
    # Waiting for a name server, say, would take longer; connections are closed by the system.
    os._exit(0)
