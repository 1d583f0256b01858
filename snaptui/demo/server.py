"""Serves a demo account over real HTTP on a loopback port, on a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit

import h11

from snaptui.demo.account import DEFAULT_SEED, DEFAULT_SNAPSHOTS, DemoAccount
from snaptui.demo.api import DEMO_TOKEN, DemoApi, Reply, refusal
from snaptui.demo.faults import Fault, Faults
from snaptui.demo.rate_limit import Limits, RateLimiter

HOST: Final = "127.0.0.1"
CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the server saw it; `acted` is true when it changed the account. Tokens are not kept."""

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    acted: bool
    at: float


class DemoServer:
    """A context manager: the server runs inside the `with` block."""

    def __init__(
        self,
        account: DemoAccount | None = None,
        *,
        port: int = 0,
        latency_seconds: float = 0.0,
        limits: Limits = Limits(),
        faults: Faults | None = None,
        scopes: Mapping[str, frozenset[str]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account or DemoAccount.generate(now=clock())
        self.faults = faults or Faults()
        self._api = DemoApi(self.account) if scopes is None else DemoApi(self.account, scopes=scopes)
        self._port = port
        self._latency_seconds = latency_seconds
        self._limits = limits
        self._limiters: dict[str, RateLimiter] = {}
        self._clock = clock
        self._seen: list[SeenRequest] = []
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="snaptui-demo", daemon=True)
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://{HOST}:{self._port}"

    @property
    def requests(self) -> tuple[SeenRequest, ...]:
        """Every request answered so far."""
        with self._changed:
            return tuple(self._seen)

    def count(self, method: str, path: str = "") -> int:
        """Return how many requests of a method were answered whose path starts so."""
        return sum(seen.method == method and seen.path.startswith(path) for seen in self.requests)

    @property
    def deleted_ids(self) -> list[str]:
        """The ids of the snapshots that DELETEs removed, in order."""
        return [seen.path.rpartition("/")[2] for seen in self.requests if seen.method == "DELETE" and seen.acted]

    def wait_until(self, predicate: Callable[[Self], bool], timeout_seconds: float = 10.0) -> bool:
        """Wait until the predicate holds, looking again after every answer; false when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self), timeout_seconds)

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        try:
            server = await asyncio.start_server(self._connected, HOST, self._port)
        except OSError as error:
            self._failure = error
            self._started.set()
            return
        self._port = server.sockets[0].getsockname()[1]
        self._api.base_url = self.url
        self._started.set()
        await self._stop.wait()
        server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            pass  # the client has gone, talks no HTTP, or the server is being closed
        finally:
            writer.close()
            with suppress(ConnectionError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        request: h11.Request | None = None
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(CHUNK_BYTES))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.EndOfMessage) and request is not None:
                if not await self._answer(connection, request, writer):
                    return
                if connection.our_state is h11.MUST_CLOSE:
                    return
                connection.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                return

    async def _answer(self, connection: h11.Connection, request: h11.Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; false when the connection is to be closed."""
        method = request.method.decode()
        target = urlsplit(request.target.decode())
        query = dict(parse_qsl(target.query, keep_blank_values=True))
        authorization = dict(request.headers).get(b"authorization", b"").decode("latin-1")
        fault = self.faults.take(method, target.path, query)
        if self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        if fault is not None:
            await _delay(fault)
            if fault.reset_before:
                self._saw(method, target.path, query, Reply(0))
                return False
        reply = self._reply(method, target.path, query, authorization, fault)
        self._saw(method, target.path, query, reply)
        if fault is not None and fault.reset_after:
            return False
        cut = len(reply.body) // 2 if fault is not None and fault.truncate else None
        writer.write(_written(connection, reply, cut, fault))
        await writer.drain()
        return cut is None

    def _reply(
        self, method: str, path: str, query: Mapping[str, str], authorization: str, fault: Fault | None
    ) -> Reply:
        limiter = self._limiters.setdefault(authorization, RateLimiter(self._limits))
        admitted, headers = limiter.admit(self._clock())
        scopes = self._api.scopes_of(authorization)
        if scopes is None:
            reply = refusal(401, "unauthorized", "Unable to authenticate you.")
        elif not admitted:
            reply = refusal(429, "too_many_requests", "API rate limit exceeded.")
        elif fault is not None and fault.status is not None:
            reply = Reply(fault.status, fault.body, headers=fault.headers)
        else:
            reply = self._api.reply(method, path, query, scopes)
        body = reply.body
        for old, new in fault.replace.items() if fault is not None else ():
            body = body.replace(old, new)
        return Reply(reply.status, body, reply.acted, {**headers, **reply.headers})

    def _saw(self, method: str, path: str, query: Mapping[str, str], reply: Reply) -> None:
        with self._changed:
            self._seen.append(SeenRequest(method, path, query, reply.status, reply.acted, self._clock()))
            self._changed.notify_all()


async def _delay(fault: Fault) -> None:
    if fault.delay_seconds:
        await asyncio.sleep(fault.delay_seconds)
    if fault.hold is not None:
        await asyncio.get_running_loop().run_in_executor(None, fault.hold.wait, 30)


def _written(connection: h11.Connection, reply: Reply, cut: int | None, fault: Fault | None) -> bytes:
    """Return the answer's bytes; `cut` leaves the end of the body out while promising all of it."""
    headers = [(name, value) for name, value in reply.headers.items()]
    if reply.status != 204:
        kind = fault.content_type if fault is not None and fault.status is not None else "application/json"
        headers += [("content-type", f"{kind}; charset=utf-8"), ("content-length", str(len(reply.body)))]
    data = connection.send(h11.Response(status_code=reply.status, headers=headers)) or b""
    if cut is not None:
        return data + reply.body[:cut]
    if reply.body:
        data += connection.send(h11.Data(data=reply.body)) or b""
    return data + (connection.send(h11.EndOfMessage()) or b"")


def serve(
    announce: Callable[[str], None],
    stopped: threading.Event,
    *,
    port: int = 0,
    snapshots: int = DEFAULT_SNAPSHOTS,
    latency_seconds: float = 0.0,
    seed: int = DEFAULT_SEED,
) -> None:
    """Serve a demo account until `stopped`; raises `OSError` when the port cannot be had."""
    account = DemoAccount.generate(now=time.time(), snapshots=snapshots, seed=seed)
    with DemoServer(account, port=port, latency_seconds=latency_seconds) as server:
        announce(f"listening on {server.url}")
        announce(f"try it: DIGITALOCEAN_TOKEN={DEMO_TOKEN} snaptui --api-url {server.url}")
        stopped.wait()
