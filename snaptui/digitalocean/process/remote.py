"""`RemoteClient`: an `ApiClient` that works in a process of its own, so that the screen never waits for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from msgspec import Raw
from msgspec.msgpack import Decoder
from msgspec.structs import replace

from snaptui.digitalocean.api.address import API_URL, check_base_url
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.error_answers import check_token
from snaptui.digitalocean.api.errors import ConnectionFailedError, WithdrawnError
from snaptui.digitalocean.api.rate_limit import Lease
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.client.listing import Loaded
from snaptui.digitalocean.process.calls import Calls
from snaptui.digitalocean.process.feed import Feed
from snaptui.digitalocean.process.interning import Sharing
from snaptui.digitalocean.process.launcher import ClientProcess
from snaptui.digitalocean.process.messages import (
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
)
from snaptui.model.account import Account
from snaptui.model.sources import Sources
from snaptui.model.token import Token

T = TypeVar("T")
_STEPS: Final = Decoder(Loaded)
_DELETIONS: Final[Decoder[Deletion | None]] = Decoder(Deletion | None)


class RemoteClient(Calls):
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
        super().__init__(lambda: Open(token.reveal(), base_url, read_only), process)
        self._sharing = Sharing()
        self._prefetched: Feed[Loaded] | None = None

    async def _call(self, kind: type[T], operation: Operation) -> T:
        feed = self.ask(Decoder(kind).decode, operation)
        try:
            (value,) = [value async for value in feed.read()]
        finally:
            self.give_up(feed)
        return value

    def prefetch(self) -> None:
        """Start the listing before anybody reads it."""
        self._prefetched = self.ask(self._decode_step, ListSnapshots())

    def _decode_step(self, step: Raw) -> Loaded:
        loaded = _STEPS.decode(step)
        self._sharing.share(loaded.rows)
        return loaded

    async def listing(self) -> AsyncIterator[Loaded]:
        """Load the whole list, taking over a prefetched one; closing the iterator cancels it."""
        feed, self._prefetched = self._prefetched or self.ask(self._decode_step, ListSnapshots()), None
        async for loaded in self._steps(feed):
            yield loaded

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        """Load the whole list anew, within a lease; closing the iterator cancels it."""
        async for loaded in self._steps(self.ask(self._decode_step, RelistSnapshots(lease))):
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
            self.give_up(feed)

    @asynccontextmanager
    async def lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        """Wait for places of the rate limit and hold them."""
        feed = self.ask(Decoder(Lease).decode, HoldPlaces(wanted, least))
        try:
            yield await anext(feed.read())
        finally:
            self.give_up(feed)

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        return await self._call(FetchedSnapshot, GetSnapshot(snapshot_id, lease))

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back."""
        if departure.withdrawn:
            raise WithdrawnError("it was withdrawn before it was sent")
        feed = self.ask(_DELETIONS.decode, DeleteSnapshot(snapshot_id, departure.seen, departure.lease))
        departure.on_withdraw = lambda: self.withdraw(feed)
        try:
            async for deletion in feed.read():
                if deletion is not None:
                    return deletion
                departure.has_left()
        finally:
            departure.on_withdraw = lambda: None
            departure.over()
            self.give_up(feed)
        raise ConnectionFailedError("the client's process did not say what came of it", sent=True)

    async def get_account(self) -> Account:
        """Return the account behind the token."""
        return await self._call(Account, GetAccount())

    async def get_sources(self) -> Sources:
        """Return all droplets and volumes, as far as they can be read."""
        return await self._call(Sources, GetSources())

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        return await self._call(frozenset[str], GetAutoscaleImages())
