"""`ApiClient`, the interface to the API: `Client` serves it in this process, `RemoteClient` from another."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.rate_limit import Lease, RateLimit, Wait
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.account import Account
from snaptui.model.sources import Sources


class ApiClient(Protocol):
    """One token's access to the API. Every call raises `ApiError`; cancelling it gives its request up."""

    @property
    def rate_limit(self) -> RateLimit | None:
        """The rate limit as the newest answer tells it; `None` before the first."""
        ...

    @property
    def wait(self) -> Wait | None:
        """The wait that ends first, with its reason; `None` when nothing waits."""
        ...

    def on_state(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a wait of a second or more begins or ends, from whichever thread it does."""
        ...

    def listing(self) -> AsyncIterator[Loaded]:
        """Load all snapshots, yielding rows as pages come; closing the iterator gives the rest up."""
        ...

    def lease(self, wanted: int, least: int) -> AbstractAsyncContextManager[Lease]:
        """Wait until `least` requests fit under the rate limit, and hold their places, or up to `wanted` of them.

        Browsing keeps its reserve. What is not used is given back at the end.
        """
        ...

    def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        """Load all snapshots anew, within a lease; closing the iterator gives the rest up."""
        ...

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now; raises `NotFoundError` when there is none."""
        ...

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back at the last moment (`NotSentError`).

        A request that left (`departure.left`) and was not answered clearly may have been acted on.
        """
        ...

    async def get_account(self) -> Account:
        """Return the account behind the token."""
        ...

    async def get_sources(self) -> Sources:
        """Return all droplets and volumes; what could not be read is said in it, not raised."""
        ...

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        ...
