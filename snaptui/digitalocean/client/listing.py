"""Loads the whole list of snapshots: the first page, then the rest at once; never silently less than all."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Set
from itertools import islice
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.digitalocean.api.tally import Tally
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot

CONCURRENCY: Final = 16
MOST_PASSES: Final = 3


class Pages(Protocol):
    """Something that pages of snapshots can be had from."""

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page:
        """Return one page of snapshots, or raise `ApiError`."""
        ...


class Loaded(Struct, frozen=True):
    """A step of loading: new rows, what is covered so far, and at a complete end the ids there are.

    `reading` counts from 1 how often the list has been read: again when it moved.
    """

    rows: tuple[Snapshot, ...]
    coverage: Coverage
    present: Set[str] | None = None
    reading: int = 1


class _Pass:
    """One reading of all pages."""

    def __init__(self, client: Pages, resource_type: str | None, concurrency: int) -> None:
        self._client = client
        self._resource_type = resource_type
        self._concurrency = concurrency
        self.tally = Tally()

    async def read(self) -> AsyncIterator[tuple[Snapshot, ...]]:
        """Yield the rows of each page; the first comes alone, as it says how many there are."""
        first = await self._client.list_snapshots(1, PAGE_SIZE, self._resource_type)
        yield self.tally.take(1, first)
        numbers = iter(range(2, self.tally.last_page + 1))
        running: set[asyncio.Task[tuple[int, Page | ApiError]]] = set()
        try:
            while True:
                running |= {
                    asyncio.create_task(self._try(number))
                    for number in islice(numbers, self._concurrency - len(running))
                }
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for number, outcome in [task.result() for task in done]:
                    if isinstance(outcome, ApiError):
                        self._miss(number, outcome, numbers)
                    else:
                        yield self.tally.take(number, outcome)
        finally:
            for task in running:
                task.cancel()

    async def _try(self, number: int) -> tuple[int, Page | ApiError]:
        try:
            return number, await self._client.list_snapshots(number, PAGE_SIZE, self._resource_type)
        except ApiError as error:
            return number, error

    def _miss(self, number: int, error: ApiError, numbers: Iterator[int]) -> None:
        """Note a page that cannot be had; what concerns the token would fail for every page that is left."""
        hopeless = isinstance(error, NotAuthenticatedError | NotPermittedError)
        self.tally.miss([number, *(numbers if hopeless else ())], error)


async def load_snapshots(
    client: Pages,
    *,
    resource_type: str | None = None,
    concurrency: int = CONCURRENCY,
) -> AsyncIterator[Loaded]:
    """Yield rows as pages come; the last item's coverage is finished.

    A list that moved is read again, up to three times. A pass in which nothing moved is the truth; without one,
    all that was seen is kept and said to be unsure. Raises `ApiError` when there is no first page.
    """
    earlier: set[str] = set()
    damaged: set[str] = set()
    for number in range(1, MOST_PASSES + 1):
        reading = _Pass(client, resource_type, concurrency)
        tally = reading.tally
        async for rows in reading.read():
            if earlier:
                earlier.update(row.id for row in rows)
            damaged.update(row.id for row in rows if row.damage)
            yield Loaded(rows, tally.coverage(len(earlier or tally.ids), len(damaged)), reading=number)
        if tally.missing or not tally.shifted or number == MOST_PASSES:
            break
        earlier |= tally.ids
    coverage = replace(tally.coverage(len(earlier or tally.ids), len(damaged)), finished=True, shifted=tally.shifted)
    if coverage.complete:
        yield Loaded((), replace(coverage, received=len(tally.ids)), tally.ids, number)
    else:
        yield Loaded((), coverage, reading=number)
