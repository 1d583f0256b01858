"""Interface of the client that deleting needs, and nothing more of it."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from snaptui.deletion.looks import Listed
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.rate_limit import Lease, Wait
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.model.account import Account


class Api(Protocol):
    """The part of a client that deleting needs."""

    @property
    def wait(self) -> Wait | None:
        """The wait that is going on in the client, if any."""
        ...

    def lease(self, wanted: int, least: int) -> AbstractAsyncContextManager[Lease]:
        """Wait for places of the rate limit, `least` to `wanted` of them, and hold them."""
        ...

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back; raises `ApiError`."""
        ...

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...

    async def get_account(self) -> Account:
        """Return whose token it is, or raise `ApiError`."""
        ...

    def relisting(self, lease: int) -> AsyncIterator[Listed]:
        """Load the whole list anew, within a lease."""
        ...
