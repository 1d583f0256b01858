"""A client on a thread of its own: the screen never waits for TLS, decoding or a slow server."""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Final, TypeVar

from snaptui.digitalocean.address import API_URL, check_base_url
from snaptui.digitalocean.errors import ApiError, RefusedRequestError
from snaptui.digitalocean.protocol import PAGE_SIZE, Deletion, FetchedSnapshot, Page
from snaptui.digitalocean.rate_limit import RateLimit, Wait
from snaptui.digitalocean.refusals import check_token
from snaptui.model.account import Account
from snaptui.model.sources import Sources
from snaptui.model.token import Token

if TYPE_CHECKING:
    from snaptui.digitalocean.client import Client
    from snaptui.digitalocean.listing import Loaded
    from snaptui.digitalocean.pacing import Pacer

CLOSING_SECONDS: Final = 1.0
T = TypeVar("T")


class _Feed:
    """Carries a listing from the client's thread to whichever loop reads it; nothing is lost in between."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: list[Loaded | ApiError | None] = []
        self.producer: Future[None] = Future()
        self._wake: Callable[[], object] | None = None

    def put(self, item: "Loaded | ApiError | None") -> None:
        with self._lock:
            self._items.append(item)
            wake = self._wake
        if wake is not None:
            wake()

    async def read(self) -> AsyncIterator["Loaded"]:
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        with self._lock:
            self._wake = lambda: loop.call_soon_threadsafe(ready.set)
        try:
            while True:
                with self._lock:
                    items, self._items = self._items, []
                for item in items:
                    if item is None:
                        return
                    if isinstance(item, ApiError):
                        raise item
                    yield item
                if not items:
                    await ready.wait()
                    ready.clear()
        finally:
            with self._lock:
                self._wake = None


class BackgroundClient:
    """A `Client` that any event loop can use; its methods are the client's.

    Cancelling a call cancels the request. A DELETE that was under way then may or may not have been acted on.
    """

    def __init__(
        self,
        token: Token,
        *,
        base_url: str = API_URL,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        check_base_url(base_url)
        check_token(token)
        self._token = token
        self._base_url = base_url
        self._read_only = read_only
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="snaptui-client", daemon=True)
        self._released = asyncio.Event()
        self._prefetched: _Feed | None = None
        self._listeners: list[Callable[[], None]] = []
        self._client: Client
        self._pacer: Pacer

    def start(self) -> None:
        """Return at once; httpx is imported and the connection pool made on the thread."""
        self._thread.start()

    def _run(self) -> None:
        # httpx would import a command line of its own, and click, rich and pygments with it where they are installed.
        sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
        from snaptui.digitalocean.client import Client
        from snaptui.digitalocean.pacing import Pacer

        asyncio.set_event_loop(self._loop)
        self._pacer = Pacer(clock=self._clock, changed=self._notify)
        self._client = Client(
            self._token,
            base_url=self._base_url,
            pacer=self._pacer,
            read_only=self._read_only,
            clock=self._clock,
        )
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._client.aclose())
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.close()

    def close(self) -> None:
        """Cancel what is under way and end the thread; takes a second at most."""
        if self._thread.is_alive() and not self._loop.is_closed():
            with suppress(RuntimeError):  # the loop ended in between
                asyncio.run_coroutine_threadsafe(self._stop(), self._loop)
            self._thread.join(CLOSING_SECONDS)

    async def _stop(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._loop.stop()

    @property
    def rate_limit(self) -> RateLimit | None:
        """What the newest answer said of the rate limit."""
        return self._client.rate_limit if hasattr(self, "_client") else None

    @property
    def wait(self) -> Wait | None:
        """What the client waits for now, if anything."""
        return self._pacer.wait if hasattr(self, "_pacer") else None

    def on_state(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on the client's thread, whenever a wait begins or ends."""
        self._listeners.append(listener)

    def _notify(self) -> None:
        for listener in self._listeners:
            listener()

    def release(self) -> None:
        """Allow more than one request at a time; until the first frame is out they would only slow it down."""
        self._schedule(self._release())

    async def _release(self) -> None:
        self._released.set()

    def _schedule(self, coroutine: Coroutine[object, object, T]) -> Future[T]:
        if self._loop.is_closed():
            coroutine.close()
            raise RefusedRequestError("the connection was closed")
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    async def _call(self, operation: Callable[["Client"], Coroutine[object, object, T]]) -> T:
        async def on_thread() -> T:
            return await operation(self._client)

        return await asyncio.wrap_future(self._schedule(on_thread()))

    def prefetch(self) -> None:
        """Start the listing before anybody reads it."""
        self._prefetched = self._start_listing()

    def _start_listing(self) -> _Feed:
        feed = _Feed()
        feed.producer = self._schedule(self._produce(feed))
        return feed

    async def _produce(self, feed: _Feed) -> None:
        from snaptui.digitalocean.listing import load_snapshots

        try:
            async for loaded in load_snapshots(self._client, released=self._released):
                feed.put(loaded)
        except ApiError as error:
            feed.put(error)
        else:
            feed.put(None)

    async def listing(self) -> AsyncIterator["Loaded"]:
        """Load the whole list, taking over a prefetched one; closing the iterator cancels it."""
        feed, self._prefetched = self._prefetched or self._start_listing(), None
        try:
            async for loaded in feed.read():
                yield loaded
        finally:
            feed.producer.cancel()

    async def list_snapshots(self, page: int, per_page: int = PAGE_SIZE) -> Page:
        """Return one page of snapshots."""
        return await self._call(lambda client: client.list_snapshots(page, per_page))

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        return await self._call(lambda client: client.get_snapshot(snapshot_id))

    async def delete_snapshot(self, snapshot_id: str) -> Deletion:
        """Delete one snapshot."""
        return await self._call(lambda client: client.delete_snapshot(snapshot_id))

    async def get_account(self) -> Account:
        """Return whose token it is."""
        return await self._call(lambda client: client.get_account())

    async def get_sources(self) -> Sources:
        """Return all droplets and volumes, as far as they can be read."""
        from snaptui.digitalocean.sources import read_sources

        return await self._call(read_sources)

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        return await self._call(lambda client: client.get_autoscale_images())
