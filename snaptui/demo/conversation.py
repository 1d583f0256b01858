"""Connection of one client to the demo server: reads HTTP requests, writes the answers."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

import h11

from snaptui.demo.api import Reply, refusal

CHUNK_BYTES: Final = 65_536
BODILESS: Final = (204, 304)
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was read; `path` is undecoded."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str = field(repr=False)


Delivery = Callable[[asyncio.StreamWriter, bytes, bytes], Awaitable[bool]]
"""Writes an answer's head and body; returns whether the connection is kept."""


async def deliver(writer: asyncio.StreamWriter, head: bytes, body: bytes) -> bool:
    """Write an answer whole, and keep the connection."""
    writer.write(head + body)
    await writer.drain()
    return True


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and the way it is written."""

    reply: Reply
    delivery: Delivery = deliver


Answer = Callable[[Request], Awaitable[Answered]]


class Conversation:
    """One kept-alive connection, which the client, an error or a delivery ends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._http = h11.Connection(h11.SERVER)

    async def run(self) -> None:
        """Answer requests until the connection ends; cancelled, it ends at once."""
        try:
            await self._until_closed()
        except asyncio.CancelledError:
            self._writer.transport.abort()
            raise

    async def _until_closed(self) -> None:
        try:
            await self._exchange()
        except h11.RemoteProtocolError:
            await self._complain()
        except ConnectionError:
            pass  # the client has gone
        finally:
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    async def _exchange(self) -> None:
        while (request := await self._request()) is not None:
            answered = await self._answer(request)
            if not await self._send(answered, with_body=request.method != "HEAD"):
                return
            if self._http.our_state is h11.MUST_CLOSE:
                return
            self._http.start_next_cycle()

    async def _request(self) -> Request | None:
        """Read one request; `None` when the client has closed the connection."""
        head: h11.Request | None = None
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(CHUNK_BYTES))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _read(head)
            elif isinstance(event, h11.ConnectionClosed):
                return None

    async def _send(self, answered: Answered, *, with_body: bool) -> bool:
        """Write an answer; false when the connection is to be closed."""
        return await answered.delivery(self._writer, *self._bytes(answered.reply, with_body=with_body))

    def _bytes(self, reply: Reply, *, with_body: bool) -> tuple[bytes, bytes]:
        headers = list(reply.headers.items())
        bodiless = reply.status in BODILESS
        if not bodiless:
            kind = f"{reply.content_type}; charset=utf-8"
            headers += [("content-type", kind), ("content-length", str(len(reply.body)))]
        head = self._http.send(h11.Response(status_code=reply.status, headers=headers)) or b""
        body = b""
        if reply.body and with_body and not bodiless:
            body = self._http.send(h11.Data(data=reply.body)) or b""
        self._http.send(h11.EndOfMessage())
        return head, body

    async def _complain(self) -> None:
        """Answer bytes that are no HTTP request, where an answer can still be given."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            with suppress(ConnectionError):
                await self._send(Answered(refusal(400, "bad_request", "This is no HTTP request.")), with_body=True)


def http_date(seconds: float) -> str:
    """Return Unix seconds as a `Date` header; the C library's names of days and months follow the locale."""
    moment = datetime.fromtimestamp(seconds, UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment.day:02} {month} {moment.year:04} {moment:%H:%M:%S} GMT"


def _read(head: h11.Request) -> Request:
    path, _, query = head.target.decode().partition("?")
    authorization = dict(head.headers).get(b"authorization", b"").decode("latin-1")
    return Request(head.method.decode(), path, dict(parse_qsl(query, keep_blank_values=True)), authorization)
