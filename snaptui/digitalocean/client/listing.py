"""Loading of the whole list of snapshots: the first page, then the rest at once; never silently less than all."""

from collections.abc import AsyncIterator, Set
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.digitalocean.api.tally import Tally
from snaptui.digitalocean.client.pages import CONCURRENCY, MOST_PASSES, Reading
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot


class Pages(Protocol):
    """Interface of a source of pages of snapshots."""

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        """Return one page of snapshots, or raise `ApiError`."""
        ...


class Loaded(Struct, frozen=True):
    """A step of loading: new rows, the coverage so far, and at a complete end the ids that there are.

    `reading` counts from 1 how often the list has been read: again when it moved.
    """

    rows: tuple[Snapshot, ...]
    coverage: Coverage
    present: Set[str] | None = None
    reading: int = 1


async def load_snapshots(
    client: Pages,
    *,
    resource_type: str | None = None,
    concurrency: int = CONCURRENCY,
) -> AsyncIterator[Loaded]:
    """Yield rows as pages come; the last item's coverage is finished.

    A list that moved is read again, up to three times. A reading in which nothing moved is the truth; without one,
    all that was seen is kept and said to be unsure. Raises `ApiError` when there is no first page.
    """
    earlier: set[str] = set()
    damaged: set[str] = set()
    for number in range(1, MOST_PASSES + 1):
        reading = Reading(lambda page: client.list_snapshots(page, PAGE_SIZE, resource_type), concurrency)
        tally = reading.tally
        async for rows in reading.pages():
            if earlier:
                earlier.update(row.id for row in rows)
            damaged.update(row.id for row in rows if row.damage)
            yield Loaded(rows, tally.coverage(len(earlier or tally.ids), len(damaged)), reading=number)
        if tally.missing or not tally.shifted or number == MOST_PASSES:
            break
        earlier |= tally.ids
    yield _end(tally, len(earlier or tally.ids), len(damaged), number)


def _end(tally: Tally[Snapshot], received: int, damaged: int, reading: int) -> Loaded:
    """Return the last step of loading, by the tally of the last reading; of a whole one the ids that there are."""
    coverage = replace(
        tally.coverage(received, damaged),
        finished=True,
        shifted=tally.shifted and not tally.doubts,
        doubts=tally.doubts,
    )
    if coverage.complete:
        return Loaded((), replace(coverage, received=len(tally.ids)), tally.ids, reading)
    return Loaded((), coverage, reading=reading)
