"""One client's connection: requests are read, answers written, and trouble is acted out."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

import h11

from snaptui.demo.api import Reply, refusal
from snaptui.demo.faults import NO_TROUBLE, Fault
from snaptui.demo.holds import Holds

CHUNK_BYTES: Final = 65_536
BODILESS: Final = (204, 304)
LINGER_NOT: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was read; `path` is undecoded."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str = field(repr=False)


Answer = Callable[[Request], Awaitable[tuple[Reply, Fault]]]


class Conversation:
    """Keeps one connection alive until the client, an error or a fault ends it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: Answer, holds: Holds
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._answer = answer
        self._holds = holds
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
            reply, fault = await self._answer(request)
            if not await self._send(reply, fault, with_body=request.method != "HEAD"):
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

    async def _send(self, reply: Reply, fault: Fault, *, with_body: bool) -> bool:
        """Write an answer; false when the connection is to be closed."""
        if fault.reset_before or fault.reset_after:
            if not fault.hang_up:
                self._reset()
            return False
        head, body = self._bytes(reply, with_body=with_body)
        half = len(body) // 2 if fault.truncate or fault.stall is not None else len(body)
        self._writer.write(head + body[:half])
        await self._writer.drain()
        if fault.truncate:
            return False
        if fault.stall is not None:
            await self._holds.wait(fault.stall)
            self._writer.write(body[half:])
            await self._writer.drain()
        return True

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

    def _reset(self) -> None:
        """Close with RST, as a machine that has forgotten the connection does."""
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self._writer.transport.abort()

    async def _complain(self) -> None:
        """Answer what is no HTTP, where an answer can still be given."""
        if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            with suppress(ConnectionError):
                await self._send(refusal(400, "bad_request", "This is no HTTP request."), NO_TROUBLE, with_body=True)


def _read(head: h11.Request) -> Request:
    path, _, query = head.target.decode().partition("?")
    authorization = dict(head.headers).get(b"authorization", b"").decode("latin-1")
    return Request(head.method.decode(), path, dict(parse_qsl(query, keep_blank_values=True)), authorization)
