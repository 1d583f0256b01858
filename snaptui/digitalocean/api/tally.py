"""Tally of one reading of a list: the next page to ask for, the rows that came, and doubts about completeness."""

from collections.abc import Iterable
from typing import Final, Generic, TypeVar

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Identified, Page
from snaptui.model.coverage import Coverage, MissingPage

MOST_PAGES: Final = 5_000
"""The API's limit for an hour: a million entries."""
EXTRA_PAGES: Final = 10
"""Pages that are still followed when a list links to a next page although all entries it counts have come."""
R = TypeVar("R", bound=Identified)


class Tally(Generic[R]):
    """Count of the pages of one reading. `last_page` is 1 until the first page has said how many there are.

    Whatever the API says, the reading ends: after `most_pages`, at a page that is empty or brings nothing new, and
    `EXTRA_PAGES` beyond the count.
    """

    def __init__(self, most_pages: int = MOST_PAGES) -> None:
        self.last_page = 1
        self.ids: set[str] = set()
        self.shifted = False
        self.missing: list[MissingPage] = []
        self.server_now: float | None = None
        self._most_pages = most_pages
        self._total = 0
        self._counted_pages = 1
        self._received = 0
        self._asked = 0
        self._beyond = False
        self._dry: int | None = None
        """The first page that was empty or brought nothing new."""

    def next_page(self) -> int | None:
        """Return the number of the page to ask for next; `None` when there is none, as far as is known yet."""
        if self._asked >= self.last_page or (self._dry is not None and self._asked + 1 > self._dry):
            return None
        self._asked += 1
        return self._asked

    def take(self, number: int, page: Page[R]) -> tuple[R, ...]:
        """Count a page in and return its rows; pages that overlap, fall short or disagree on the total have shifted."""
        if number == 1:
            self._total, self.server_now = page.total, page.server_now
            self._counted_pages = max(1, -(-page.total // PAGE_SIZE))
            self.last_page = min(self._counted_pages, self._most_pages)
        before = len(self.ids)
        self.ids.update(row.id for row in page.rows)
        new = len(self.ids) - before
        if new == 0 and (number > 1 or page.total):
            self._dry = min(number, self._dry or number)
        # As many rows as the total says prove nothing: where 3 of 450 were deleted on the first page while the others
        # were read, 447 came for a total of 447, of which 3 were gone, and 3 that lived were never seen (measured).
        short = bool(page.rows) and len(page.rows) != self._expected(number)
        if short or page.total != self._total or new != len(page.rows):
            self.shifted = True
        self._received += 1
        self._read_on(number, page)
        return page.rows

    def _expected(self, number: int) -> int:
        """Return the number of rows that a page has when the list's count is right."""
        if number < self._counted_pages:
            return PAGE_SIZE
        return self._total - PAGE_SIZE * (self._counted_pages - 1)

    def _read_on(self, number: int, page: Page[R]) -> None:
        """Follow a list that goes on although it should have ended."""
        if number < self.last_page or not page.more or not page.rows or number < self._counted_pages:
            return
        if number < min(self._most_pages, self._counted_pages + EXTRA_PAGES):
            self.last_page = number + 1
        else:
            self._beyond = True

    def miss(self, numbers: Iterable[int], error: ApiError) -> None:
        """Note pages that cannot be had."""
        self.missing += [MissingPage(number, error.message) for number in numbers]

    def miss_rest(self, error: ApiError) -> None:
        """Note all pages that have not been asked for yet."""
        rest = iter(self.next_page, None)
        self.miss([number for number in rest if number is not None], error)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Reasons in words why entries may be missing although every page came."""
        counted = f"the API counts {self._total:,}"
        if self._beyond:
            return (f"{counted}, but its list goes on after {len(self.ids):,}",)
        if self._dry is not None and self._dry <= self._counted_pages:
            return (f"{counted}, but page {self._dry:,} of its list brings nothing new",)
        if self._counted_pages > self._most_pages:
            return (f"{counted}, of which only the first {self._most_pages * PAGE_SIZE:,} were read",)
        return (f"{counted}, but lists {len(self.ids):,}",) if len(self.ids) > self._total else ()

    @property
    def whole(self) -> bool:
        """True when every page came, nothing moved and nothing speaks against it being all there is."""
        return self._received == self.last_page and not self.missing and not self.shifted and not self.doubts

    def coverage(self, received: int, damaged: int) -> Coverage:
        """Return the coverage so far, given the number of entries known and of damaged ones among them."""
        missing = tuple(sorted(self.missing, key=lambda missing: missing.page))
        return Coverage(
            self._total,
            received,
            self._counted_pages,
            self._received,
            missing,
            damaged=damaged,
            server_now=self.server_now,
        )
