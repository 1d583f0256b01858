"""Dates of a list's snapshots: the moment of each, which of them are believed, and all rows newest first."""

from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import compress
from math import inf
from operator import eq

from snaptui.inventory.indexes import Indexes
from snaptui.inventory.orders import SortKey, in_order
from snaptui.model.snapshot import Snapshot

_MANY = 4_096  # rows of one moment from which on they are sorted in runs, so that other threads get their turn


class Dates:
    """Dates of rows, made on first use and then kept. A date after `believed` (Unix seconds) is none."""

    def __init__(self, rows: Sequence[Snapshot], indexes: Indexes, believed: float) -> None:
        self._rows = rows
        self._indexes = indexes
        self._believed = believed

    @cached_property
    def _ahead(self) -> "array[int]":
        """The rows whose date is not believed: the first ones in the order of ages."""
        return self._indexes.after(self._believed)

    @cached_property
    def moments(self) -> "array[float]":
        """The moment of each row by its number, in Unix seconds; minus infinity for a row without a date."""
        moments = self._indexes.moments
        if self._ahead:
            moments = moments[:]
            for number in self._ahead:
                moments[number] = -inf
        return moments

    @cached_property
    def newest_first(self) -> "array[int]":
        """All row numbers, newest first, those without a date last; those of one moment by id.

        So their order does not depend on which page came first.
        """
        order = self._indexes.ordering(SortKey.AGE).rows(descending=False)[len(self._ahead) :] + self._ahead
        for start, stop in self._ties(order):
            order[start:stop] = self._by_id(order[start:stop])
        return order

    @property
    def undated(self) -> "array[int]":
        """The row numbers without a date."""
        known = self._indexes.ordering(SortKey.AGE).known - len(self._ahead)
        return self.newest_first[known:]

    def _ties(self, order: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the places, from up to, of rows of one moment."""
        moments = list(map(self.moments.__getitem__, order))
        first = last = -1
        for place in compress(range(1, len(moments)), map(eq, moments[1:], moments)):
            if place != last:
                if first >= 0:
                    yield first, last
                first = place - 1
            last = place + 1
        if first >= 0:
            yield first, last

    def _by_id(self, numbers: "array[int]") -> "array[int]":
        rows = self._rows
        if len(numbers) < _MANY:
            return array("i", sorted(numbers, key=lambda number: rows[number].id))
        return in_order(numbers, lambda some: [rows[number].id for number in some])
