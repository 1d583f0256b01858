"""Looks at snapshots just before they are deleted, by one listing or by single GETs.

Their age is checked where the DELETE leaves, in `api/departure`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Set
from typing import Final, Protocol

from msgspec import Struct

from snaptui.digitalocean.api.departure import LOOK_SECONDS
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError, RateLimitedError
from snaptui.digitalocean.api.requests import PAGE_SIZE, FetchedSnapshot
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot

LARGEST_BLOCK: Final = 150
LARGEST_LEASE: Final = 115
"""As many places as a lease waits for at the limits of the API: half of what background work may use."""
SMALLEST_BLOCK: Final = 4
FEW: Final = 40
"""Up to so many items each is looked at by itself, right before its DELETE: a minute's places suffice for both."""
UNFIT_SECONDS: Final = 30.0
"""How long single GETs are used after a listing that was too slow or not complete."""


class Listed(Protocol):
    """One step of a listing."""

    @property
    def rows(self) -> tuple[Snapshot, ...]:
        """The rows that came with this step."""
        ...

    @property
    def coverage(self) -> Coverage:
        """The coverage so far: pages received and missing, and whether the listing has ended."""
        ...

    @property
    def present(self) -> Set[str] | None:
        """The ids there are, when the listing is complete."""
        ...


class Reads(Protocol):
    """The part of a client that looking needs."""

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...

    def relisting(self, lease: int) -> AsyncIterator[Listed]:
        """Load the whole list anew, within a lease."""
        ...


class Look(Struct, frozen=True):
    """A snapshot as it was at a moment of `boot_seconds`."""

    snapshot: Snapshot
    seen: float


class Listing(Struct, frozen=True):
    """Rows of a whole listing by id; they count as seen when it began."""

    seen: float
    rows: Mapping[str, Snapshot]
    present: Set[str] = frozenset()
    """The ids of all snapshots that there are."""

    def look(self, snapshot_id: str) -> Look | None:
        """Return one snapshot as the listing has it."""
        row = self.rows.get(snapshot_id)
        return None if row is None else Look(row, self.seen)


class NoLookError(Exception):
    """A listing that nothing can rest on: why."""


class Looker:
    """Chooses how to look by what the token may do, then by cost; `clock` is `boot_seconds`.

    `listed` is how many snapshots the account has, as far as known (0: not known). Of a `few` each is looked at by
    itself, whatever a listing would save.
    """

    def __init__(self, api: Reads, clock: Callable[[], float], listed: int, *, few: bool) -> None:
        self._api = api
        self._clock = clock
        self._few = few
        self.pages = max(1, -(-listed // PAGE_SIZE))
        self._size_known = listed > 0
        self._block = LARGEST_BLOCK
        self._unfit_until = float("-inf")
        self.get_refused: NotPermittedError | None = None
        """The answer that says that the token may not read single snapshots."""

    def block(self, left: int) -> int:
        """Return how many of the `left` items to look at by one listing; 0: by single GETs."""
        number = min(left, self._block)
        if self.get_refused is not None:
            return number
        fit = self._size_known and not self._few and self._clock() >= self._unfit_until
        return number if fit and self.pages < min(number, LARGEST_LEASE - self.pages) else 0

    def least_places(self, block: int) -> int:
        """Return how many places a block waits for: fewer hardly repay the listing, more would leave places idle."""
        return self.pages + min(block, max(8, 2 * self.pages))

    def requests(self, left: int) -> float:
        """Return how many requests the `left` items will need, about."""
        block = self.block(left)
        return left * 2.0 if block == 0 else left + self.pages * -(-left // block)

    def learn(self, block: int, sent: int) -> None:
        """Choose the size of later blocks by how many items of this one were sent before its listing was too old."""
        self._block = max(SMALLEST_BLOCK, sent) if sent < block else min(LARGEST_BLOCK, max(self._block, block * 2))

    def brought_nothing(self) -> None:
        """Record that nothing came of a listing: single GETs are sent for a while.

        It was too slow, or not complete, or was read again as it moved, by the places that its DELETEs needed.
        """
        self._unfit_until = self._clock() + UNFIT_SECONDS

    async def get(self, snapshot_id: str, lease: int = 0) -> Look:
        """Look at one snapshot by itself; raises `ApiError`, of which `NotFoundError` says that it is gone."""
        try:
            fetched = await self._api.get_snapshot(snapshot_id, lease)
        except NotPermittedError as error:
            self.get_refused = error
            raise
        return Look(fetched.snapshot, fetched.seen)

    async def list(self, wanted: Collection[str], lease: int) -> Listing:
        """Look at the `wanted` ids that a whole listing has; it counts from its start.

        Raises `NoLookError` for one that is slow or not complete, and then single GETs are sent for a while.
        """
        # Rows of the first page are as old as the listing: all count as seen when it began.
        began, rows = self._clock(), {}
        present: Set[str] | None = None
        problem = "the list is not complete"
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                async for step in self._api.relisting(lease):
                    rows.update({row.id: row for row in step.rows if row.id in wanted})
                    present = step.present
        except TimeoutError:
            problem = f"the list takes longer than {LOOK_SECONDS:.0f} s to read"
        except (NotAuthenticatedError, NotPermittedError, RateLimitedError):
            raise
        except ApiError as error:
            problem = str(error)
        # Asked again by a clock that counts suspend, which the one of the timeout does not (CLOCK_MONOTONIC).
        if present is None or self._clock() - began > LOOK_SECONDS:
            self.brought_nothing()
            raise NoLookError(problem)
        self.pages, self._size_known = max(1, -(-len(present) // PAGE_SIZE)), True
        return Listing(began, {row_id: row for row_id, row in rows.items() if row_id in present}, present)
