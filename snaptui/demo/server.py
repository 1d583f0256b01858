"""Demo server: serves an account over real HTTP on a loopback port, in a thread of its own."""

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from types import TracebackType
from typing import Final, Protocol, Self

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import DEMO_TOKEN, DemoApi, Reply, refusal
from snaptui.demo.conversation import Answered, Conversation, Request, http_date
from snaptui.demo.generator import DEFAULT_SEED, DEFAULT_SNAPSHOTS, generated_account
from snaptui.demo.rate_limit import Limits, RateLimiter

HOST: Final = "127.0.0.1"


Respond = Callable[[Reply | None], Awaitable[Reply]]
"""Makes the account's answer, or another in its place; both count against the rate limit, and need a valid token."""


class Hook(Protocol):
    """Interface between requests and account: a hook may delay, replace or spoil answers."""

    async def answer(self, request: Request, respond: Respond) -> Answered:
        """Return the answer and the way it is written."""
        ...

    def closed(self) -> None:
        """Called when the server has ended: no request is answered any more."""
        ...


class NoHook:
    """Hook that changes nothing."""

    async def answer(self, request: Request, respond: Respond) -> Answered:
        """Return the account's answer."""
        return Answered(await respond(None))

    def closed(self) -> None:
        """Do nothing."""


class DemoServer:
    """Context manager that runs the server inside the `with` block."""

    def __init__(
        self,
        account: DemoAccount | None = None,
        *,
        port: int = 0,
        latency_seconds: float = 0.0,
        limits: Limits = Limits(),
        hook: Hook = NoHook(),
        scopes: Mapping[str, frozenset[str]] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.account = account or generated_account(now=clock())
        self.api = DemoApi(self.account) if scopes is None else DemoApi(self.account, scopes=scopes)
        self._port = port
        self._latency_seconds = latency_seconds
        self._limits = limits
        self._limiters: dict[str, RateLimiter] = {}
        self.clock = clock
        self._hook = hook
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="snaptui-demo", daemon=True)
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """The address at which the server listens."""
        return f"http://{HOST}:{self._port}"

    def __enter__(self) -> Self:
        self._listener = socket.create_server((HOST, self._port), backlog=128)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self.api.base_url = self.url
        self._loop = asyncio.SelectorEventLoop()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)
        # After the end, so that what was held is dropped rather than done.
        self._hook.closed()

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
        await Conversation(reader, writer, self._answer).run()

    async def _answer(self, request: Request) -> Answered:
        async def respond(instead: Reply | None) -> Reply:
            await asyncio.sleep(self._latency_seconds)
            return self._reply(request, instead)

        return await self._hook.answer(request, respond)

    def _reply(self, request: Request, instead: Reply | None) -> Reply:
        scopes = self.api.scopes_of(request.authorization)
        # All invalid tokens share one limiter, so that guesses are neither kept nor unlimited.
        key = "" if scopes is None else request.authorization
        admitted, headers = self._limiters.setdefault(key, RateLimiter(self._limits)).admit(self.clock())
        if not admitted:
            reply = refusal(429, "too_many_requests", "API rate limit exceeded.")
        elif scopes is None:
            reply = refusal(401, "unauthorized", "Unable to authenticate you.")
        else:
            reply = instead or self.api.reply(request.method, request.path, request.query, scopes)
        return replace(reply, headers={"date": http_date(self.clock()), **headers, **reply.headers})


def serve(
    announce: Callable[[str], None],
    stopped: threading.Event,
    *,
    port: int = 0,
    snapshots: int = DEFAULT_SNAPSHOTS,
    latency_seconds: float = 0.0,
    seed: int = DEFAULT_SEED,
) -> None:
    """Serve a demo account until `stopped`; raises `OSError` when the port cannot be opened."""
    account = generated_account(now=time.time(), snapshots=snapshots, seed=seed)
    with DemoServer(account, port=port, latency_seconds=latency_seconds) as server:
        announce(f"listening on {server.url}")
        announce(f"try it: DIGITALOCEAN_TOKEN={DEMO_TOKEN} snaptui --api-url {server.url}")
        stopped.wait()
