"""Looks at a snapshot again just before it is deleted, with as few requests as possible."""

import asyncio
from collections.abc import AsyncIterator, Callable, Set
from typing import Final, Protocol

from snaptui.digitalocean.api.errors import ApiError, NotFoundError
from snaptui.digitalocean.api.requests import PAGE_SIZE, FetchedSnapshot
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot

FRESH_SECONDS: Final = 30.0
"""How old a look may be when the DELETE is sent."""
DELETES_PER_SECOND: Final = 4.0


class Listed(Protocol):
    """One step of a listing."""

    @property
    def rows(self) -> tuple[Snapshot, ...]:
        """The rows that came with this step."""
        ...

    @property
    def coverage(self) -> Coverage:
        """What has been covered."""
        ...

    @property
    def present(self) -> Set[str] | None:
        """The ids there are, when the listing is complete."""
        ...


class Reads(Protocol):
    """What looking needs of a client."""

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...

    def listing(self) -> AsyncIterator[Listed]:
        """Load the whole list."""
        ...


class Looker:
    """Answers from a fresh listing where that takes fewer requests than single GETs would."""

    def __init__(self, api: Reads, clock: Callable[[], float], listed: int) -> None:
        self._api = api
        self._clock = clock
        self._pages = max(1, -(-listed // PAGE_SIZE)) if listed else None
        self._rows: dict[str, Snapshot] = {}
        self._taken = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def look(self, snapshot_id: str, left: int) -> Snapshot | None:
        """Return the snapshot as it is now, `None` when it is gone; `left` items are still to be looked at."""
        async with self._one_at_a_time:
            if self._clock() - self._taken > FRESH_SECONDS and self._listing_is_cheaper(left):
                await self._list()
        if self._clock() - self._taken <= FRESH_SECONDS:
            return self._rows.get(snapshot_id)
        try:
            return (await self._api.get_snapshot(snapshot_id)).snapshot
        except NotFoundError:
            return None

    def _listing_is_cheaper(self, left: int) -> bool:
        soon = min(left, FRESH_SECONDS * DELETES_PER_SECOND)
        return self._pages is not None and self._pages < soon

    async def _list(self) -> None:
        """Take a listing; one that is not complete is of no use, and single GETs are sent instead."""
        began, rows = self._clock(), {}
        present: Set[str] | None = None
        try:
            async for step in self._api.listing():
                rows.update({row.id: row for row in step.rows})
                present = step.present
        except ApiError:
            present = None
        if present is None:
            self._pages = None
        else:
            self._rows, self._taken = {row_id: rows[row_id] for row_id in present}, began
