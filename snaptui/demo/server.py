"""Serves a demo account over real HTTP on a loopback port, on a thread of its own."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote

from snaptui.demo.account import DEFAULT_SEED, DEFAULT_SNAPSHOTS, DemoAccount
from snaptui.demo.api import DEMO_TOKEN, DemoApi, Reply, refusal
from snaptui.demo.conversation import Conversation, Request
from snaptui.demo.faults import NO_TROUBLE, Fault, Faults
from snaptui.demo.holds import Holds
from snaptui.demo.rate_limit import Limits, RateLimiter

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A request as the server saw it; `acted` is true when it changed the account. Tokens are not kept.

    `status` is 0 when the connection was reset instead of an answer; `at` is the server's clock in Unix seconds.
    """

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    acted: bool
    at: float
    token_ok: bool


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
        self._stop = asyncio.Event()
        self._holds = Holds()
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
        return [
            unquote(seen.path.rpartition("/")[2]) for seen in self.requests if seen.method == "DELETE" and seen.acted
        ]

    def wait_until(self, predicate: Callable[[Self], bool], timeout_seconds: float = 10.0) -> bool:
        """Wait until the predicate holds, looking again after every answer; false when time is up."""
        with self._changed:
            return self._changed.wait_for(lambda: predicate(self), timeout_seconds)

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, self._port), backlog=128)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self._api.base_url = self.url
        self._loop = asyncio.SelectorEventLoop()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        # After the end, so that what was held is dropped rather than done.
        self._holds.release()

    def _run(self) -> None:
        with self._listener, asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        # Not `asyncio.start_server` nor `sock_accept`: both can lose, unclosed, what they accept while they end.
        self._loop.add_reader(self._listener, self._welcome)
        await self._stop.wait()
        self._loop.remove_reader(self._listener)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _welcome(self) -> None:
        with suppress(BlockingIOError, ConnectionAbortedError):
            client, _ = self._listener.accept()
            client.setblocking(False)
            task = self._loop.create_task(self._converse(client))
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
            # For a task that is cancelled before its first step.
            task.add_done_callback(lambda _: client.close())

    async def _converse(self, client: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=client)
        await Conversation(reader, writer, self._answer, self._holds).run()

    async def _answer(self, request: Request) -> tuple[Reply, Fault]:
        fault = self.faults.take(request.method, request.path, request.query) or NO_TROUBLE
        await asyncio.sleep(self._latency_seconds + fault.delay_seconds)
        if fault.hold is not None:
            await self._holds.wait(fault.hold)
        scopes = self._api.scopes_of(request.authorization)
        reply = Reply(0) if fault.reset_before else self._reply(request, scopes, fault)
        if fault.then is not None:
            fault.then(self.account)
        self._saw(request, reply, token_ok=scopes is not None)
        return reply, fault

    def _reply(self, request: Request, scopes: frozenset[str] | None, fault: Fault) -> Reply:
        # All invalid tokens share one limiter, so that guesses are neither kept nor unlimited.
        key = "" if scopes is None else request.authorization
        admitted, headers = self._limiters.setdefault(key, RateLimiter(self._limits)).admit(self._clock())
        if not admitted:
            reply = refusal(429, "too_many_requests", "API rate limit exceeded.")
        elif scopes is None:
            reply = refusal(401, "unauthorized", "Unable to authenticate you.")
        elif fault.status is not None:
            reply = Reply(fault.status, fault.body, headers=fault.headers, content_type=fault.content_type)
        else:
            reply = self._api.reply(request.method, request.path, request.query, scopes)
        body = reply.body
        for old, new in fault.replace.items():
            body = body.replace(old, new)
        return Reply(reply.status, body, reply.acted, {**headers, **reply.headers}, reply.content_type)

    def _saw(self, request: Request, reply: Reply, *, token_ok: bool) -> None:
        seen = SeenRequest(
            request.method, request.path, request.query, reply.status, reply.acted, self._clock(), token_ok
        )
        with self._changed:
            self._seen.append(seen)
            self._changed.notify_all()


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
