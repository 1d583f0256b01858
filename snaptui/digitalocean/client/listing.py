"""Loads the whole list of snapshots: the first page, then the rest at once; never silently less than all."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Set
from itertools import islice
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.model.coverage import Coverage, MissingPage
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
    """One reading of all pages, and whether the list held still meanwhile."""

    def __init__(self, client: Pages, resource_type: str | None, concurrency: int) -> None:
        self._client = client
        self._resource_type = resource_type
        self._concurrency = concurrency
        self._total = 0
        self._last_page = 1
        self._received = 0
        self.ids: set[str] = set()
        self.shifted = False
        self.missing: list[MissingPage] = []

    def coverage(self, received: int, damaged: set[str]) -> Coverage:
        """Return what this pass covers of a list of which so many snapshots are known."""
        missing = tuple(sorted(self.missing, key=lambda missing: missing.page))
        return Coverage(self._total, received, self._last_page, self._received, missing, damaged=len(damaged))

    async def read(self) -> AsyncIterator[tuple[Snapshot, ...]]:
        """Yield the rows of each page; the first comes alone, as it says how many there are."""
        first = await self._client.list_snapshots(1, PAGE_SIZE, self._resource_type)
        self._total, self._last_page = first.total, max(1, -(-first.total // PAGE_SIZE))
        yield self._take(1, first)
        numbers = iter(range(2, self._last_page + 1))
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
                        numbers = self._miss(number, outcome, numbers)
                    else:
                        yield self._take(number, outcome)
        finally:
            for task in running:
                task.cancel()

    async def _try(self, number: int) -> tuple[int, Page | ApiError]:
        try:
            return number, await self._client.list_snapshots(number, PAGE_SIZE, self._resource_type)
        except ApiError as error:
            return number, error

    def _take(self, number: int, page: Page) -> tuple[Snapshot, ...]:
        """Count a page in; offset pages that overlap, fall short or disagree on the total have shifted."""
        expected = PAGE_SIZE if number < self._last_page else self._total - PAGE_SIZE * (self._last_page - 1)
        before = len(self.ids)
        self.ids.update(row.id for row in page.rows)
        if page.total != self._total or len(page.rows) != expected or len(self.ids) - before != len(page.rows):
            self.shifted = True
        self._received += 1
        return page.rows

    def _miss(self, number: int, error: ApiError, numbers: Iterator[int]) -> Iterator[int]:
        """Note a page that cannot be had; what concerns the token would fail for every page that is left."""
        lost = [number]
        if isinstance(error, NotAuthenticatedError | NotPermittedError):
            lost += numbers
        self.missing += [MissingPage(page, error.message) for page in lost]
        return numbers


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
        current = _Pass(client, resource_type, concurrency)
        async for rows in current.read():
            if earlier:
                earlier.update(row.id for row in rows)
            damaged.update(row.id for row in rows if row.damage)
            yield Loaded(rows, current.coverage(len(earlier or current.ids), damaged), reading=number)
        if current.missing or not current.shifted or number == MOST_PASSES:
            break
        earlier |= current.ids
    coverage = replace(current.coverage(len(earlier or current.ids), damaged), finished=True, shifted=current.shifted)
    if coverage.complete:
        yield Loaded((), replace(coverage, received=len(current.ids)), current.ids, number)
    else:
        yield Loaded((), coverage, reading=number)
