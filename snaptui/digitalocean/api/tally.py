"""Tally of one reading of all pages: what came, what is missing, and whether the list held still meanwhile."""

from collections.abc import Iterable

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.model.coverage import Coverage, MissingPage
from snaptui.model.snapshot import Snapshot


class Tally:
    """Counts pages in. The first page says how many there are; `last_page` is 1 before it came."""

    def __init__(self) -> None:
        self.last_page = 1
        self.ids: set[str] = set()
        self.shifted = False
        self.missing: list[MissingPage] = []
        self._total = 0
        self._received = 0

    def take(self, number: int, page: Page) -> tuple[Snapshot, ...]:
        """Count a page in and return its rows; pages that overlap, fall short or disagree on the total have shifted."""
        if number == 1:
            self._total, self.last_page = page.total, max(1, -(-page.total // PAGE_SIZE))
        expected = PAGE_SIZE if number < self.last_page else self._total - PAGE_SIZE * (self.last_page - 1)
        before = len(self.ids)
        self.ids.update(row.id for row in page.rows)
        if page.total != self._total or len(page.rows) != expected or len(self.ids) - before != len(page.rows):
            self.shifted = True
        self._received += 1
        return page.rows

    def miss(self, numbers: Iterable[int], error: ApiError) -> None:
        """Note pages that cannot be had."""
        self.missing += [MissingPage(number, error.message) for number in numbers]

    @property
    def whole(self) -> bool:
        """True when every page came and nothing moved."""
        return self._received == self.last_page and not self.missing and not self.shifted

    def coverage(self, received: int, damaged: int) -> Coverage:
        """Return what is covered so far, of a list of which so many snapshots are known and so many of them damaged."""
        missing = tuple(sorted(self.missing, key=lambda missing: missing.page))
        return Coverage(self._total, received, self.last_page, self._received, missing, damaged=damaged)
