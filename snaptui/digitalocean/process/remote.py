"""`RemoteClient`: an `ApiClient` that works in a process of its own, so that the screen never waits for it."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Final, TypeVar

from msgspec import MsgspecError, Raw
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from snaptui.digitalocean.api.address import API_URL, check_base_url
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.error_answers import check_token
from snaptui.digitalocean.api.errors import ConnectionFailedError, RefusedRequestError, WithdrawnError
from snaptui.digitalocean.api.rate_limit import Lease, RateLimit, Wait
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.client.listing import Loaded
from snaptui.digitalocean.process.feed import Feed
from snaptui.digitalocean.process.interning import Sharing
from snaptui.digitalocean.process.launcher import ClientProcess
from snaptui.digitalocean.process.messages import (
    REPORTS,
    Call,
    Cancel,
    DeleteSnapshot,
    GetAccount,
    GetAutoscaleImages,
    GetSnapshot,
    GetSources,
    HoldPlaces,
    ListSnapshots,
    Open,
    Operation,
    RelistSnapshots,
    Report,
    State,
    TerminalRescue,
    Withdraw,
    sealed,
)
from snaptui.model.account import Account
from snaptui.model.sources import Sources
from snaptui.model.token import Token

T = TypeVar("T")
_STEPS: Final = Decoder(Loaded)
_DELETIONS: Final[Decoder[Deletion | None]] = Decoder(Deletion | None)


class RemoteClient:
    """`ApiClient` for any event loop; TLS, decoding and slow servers keep another process busy.

    Cancelling a call cancels the request. A DELETE that was under way then may or may not have been acted on; the same
    holds when the process ends, and a call that was under way raises `ConnectionFailedError`. The next one starts a
    new process.
    """

    def __init__(
        self, token: Token, *, base_url: str = API_URL, read_only: bool = False, process: ClientProcess | None = None
    ) -> None:
        check_base_url(base_url)
        check_token(token)
        self._token = token
        self._base_url = base_url
        self._read_only = read_only
        self._waiting_process = process
        self._rescue = TerminalRescue()
        self._lock = threading.Lock()
        self._process: ClientProcess | None = None
        self._reader: threading.Thread | None = None
        self._feeds: dict[int, Feed[object]] = {}
        self._numbers = count(1)
        self._closed = False
        self._sharing = Sharing()
        self._prefetched: Feed[Loaded] | None = None
        self._listeners: list[Callable[[], None]] = []
        self.rate_limit: RateLimit | None = None
        """What the newest answer said of the rate limit."""
        self.wait: Wait | None = None
        """What the client waits for now, if anything."""

    # The process

    def start(self) -> None:
        """Return at once; httpx is imported and the connection pool made in the process."""
        with self._lock:
            self._running()

    def _running(self) -> ClientProcess:
        if self._closed:
            raise RefusedRequestError("the connection was closed")
        if self._process is None:
            self._process = process = self._waiting_process or ClientProcess()
            self._waiting_process = None
            process.send(sealed(self._rescue))
            process.send(sealed(Open(self._token.reveal(), self._base_url, self._read_only)))
            self._reader = threading.Thread(target=self._read, args=(process,), name="snaptui-client", daemon=True)
            self._reader.start()
        return self._process

    def entrust(self, what: TerminalRescue) -> None:
        """Entrust the bytes that give the terminal back should this process be killed; empty data takes them back."""
        with self._lock:
            self._rescue = what
            if self._process is not None:
                self._process.send(sealed(what))

    def close(self) -> None:
        """Give up what is under way and end the process; takes a second at most."""
        with self._lock:
            self._closed = True
            process, reader = self._process or self._waiting_process, self._reader
        if process is not None:
            process.close()
        if reader is not None:
            reader.join()

    def _read(self, process: ClientProcess) -> None:
        """Hand each message to the call that waits for it, until the process ends."""
        became = "could not start"
        try:
            with suppress(MsgspecError):  # what cannot be read is no answer
                for letter in process.received():
                    became = "ended"
                    self._take(REPORTS.decode(letter))
        finally:
            how = process.close()
            with self._lock:
                self._process = None
                feeds, self._feeds = list(self._feeds.values()), {}
            self._take(State(self.rate_limit, None))
            for feed in feeds:
                feed.fail(ConnectionFailedError(f"the client's process {became} ({how})", sent=True, hint="Try again."))

    def _take(self, report: Report) -> None:
        if isinstance(report, State):
            waits = report.wait != self.wait
            self.rate_limit, self.wait = report.rate_limit, report.wait
            if waits:
                for listener in self._listeners:
                    listener()
        elif feed := self._feeds.get(report.number):
            feed.put(report)
            if feed.ended:
                self._feeds.pop(report.number, None)

    def on_state(self, listener: Callable[[], None]) -> None:
        """Call `listener`, on another thread, whenever a wait begins or ends."""
        self._listeners.append(listener)

    # Calls

    def _ask(self, decode: Callable[[Raw], T], operation: Operation) -> Feed[T]:
        with self._lock:
            process = self._running()
            feed = Feed(next(self._numbers), decode)
            self._feeds[feed.number] = feed
            process.send(sealed(Call(feed.number, operation)))
        return feed

    def _give_up(self, feed: Feed[object]) -> None:
        """Cancel a call that has not ended."""
        with self._lock:
            if self._feeds.pop(feed.number, None) is not None and self._process is not None:
                self._process.send(sealed(Cancel(feed.number)))

    async def _call(self, kind: type[T], operation: Operation) -> T:
        feed = self._ask(Decoder(kind).decode, operation)
        try:
            (value,) = [value async for value in feed.read()]
        finally:
            self._give_up(feed)
        return value

    def prefetch(self) -> None:
        """Start the listing before anybody reads it."""
        self._prefetched = self._ask(self._decode_step, ListSnapshots())

    def _decode_step(self, step: Raw) -> Loaded:
        loaded = _STEPS.decode(step)
        self._sharing.share(loaded.rows)
        return loaded

    async def listing(self) -> AsyncIterator[Loaded]:
        """Load the whole list, taking over a prefetched one; closing the iterator cancels it."""
        feed, self._prefetched = self._prefetched or self._ask(self._decode_step, ListSnapshots()), None
        async for loaded in self._steps(feed):
            yield loaded

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        """Load the whole list anew, within a lease; closing the iterator cancels it."""
        async for loaded in self._steps(self._ask(self._decode_step, RelistSnapshots(lease))):
            yield loaded

    async def _steps(self, feed: Feed[Loaded]) -> AsyncIterator[Loaded]:
        ids: set[str] = set()
        reading = 0
        try:
            async for loaded in feed.read():
                if loaded.reading != reading:
                    ids, reading = set(), loaded.reading
                ids.update(row.id for row in loaded.rows)
                yield replace(loaded, present=ids) if loaded.coverage.complete else loaded
        finally:
            self._give_up(feed)

    @asynccontextmanager
    async def lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        """Wait for places of the rate limit and hold them."""
        feed = self._ask(Decoder(Lease).decode, HoldPlaces(wanted, least))
        try:
            yield await anext(feed.read())
        finally:
            self._give_up(feed)

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        return await self._call(FetchedSnapshot, GetSnapshot(snapshot_id, lease))

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back."""
        if departure.withdrawn:
            raise WithdrawnError("it was withdrawn before it was sent")
        feed = self._ask(_DELETIONS.decode, DeleteSnapshot(snapshot_id, departure.seen, departure.lease))
        departure.on_withdraw = lambda: self._withdraw(feed)
        try:
            async for deletion in feed.read():
                if deletion is not None:
                    return deletion
                departure.has_left()
        finally:
            departure.on_withdraw = lambda: None
            departure.over()
            self._give_up(feed)
        raise ConnectionFailedError("the client's process did not say what came of it", sent=True)

    def _withdraw(self, feed: Feed[object]) -> None:
        with self._lock:
            if feed.number in self._feeds and self._process is not None:
                self._process.send(sealed(Withdraw(feed.number)))

    async def get_account(self) -> Account:
        """Return the account behind the token."""
        return await self._call(Account, GetAccount())

    async def get_sources(self) -> Sources:
        """Return all droplets and volumes, as far as they can be read."""
        return await self._call(Sources, GetSources())

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        return await self._call(frozenset[str], GetAutoscaleImages())
