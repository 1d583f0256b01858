"""Sums over a list: the size and monthly cost of each row, and what any rows come to."""

from array import array
from collections.abc import Sequence
from functools import cached_property
from itertools import compress
from operator import attrgetter

from snaptui.inventory.records import Rows
from snaptui.inventory.row_set import RowSet
from snaptui.model.cost import Totals, cents_of_each


class Sums:
    """Sizes and costs of rows, by their numbers."""

    def __init__(self, rows: Rows, usd_per_gb_month: float) -> None:
        self._rows = rows
        self._usd_per_gb_month = usd_per_gb_month

    @cached_property
    def _read(self) -> "tuple[array[float], array[int]]":
        sizes = list(map(attrgetter("size_gigabytes"), self._rows))
        if None not in sizes:
            return array("d", sizes), array("i")
        unsized = array("i", [number for number, size in enumerate(sizes) if size is None])
        return array("d", [size or 0.0 for size in sizes]), unsized

    @property
    def sizes(self) -> "array[float]":
        """The gigabytes of each row by its number; 0 where its size is unknown."""
        return self._read[0]

    @cached_property
    def cents(self) -> Sequence[int]:
        """The monthly cost of each row by its number, in whole US cents; 0 where its size is unknown."""
        sizes, unsized = self._read
        cents = cents_of_each(sizes, self._usd_per_gb_month)
        for number in unsized:
            cents[number] = 0
        return cents

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of all rows."""
        sizes, unsized = self._read
        return Totals(len(sizes), sum(sizes), sum(self.cents), len(unsized))

    def of(self, selected: RowSet) -> Totals:
        """Return count, size and monthly cost of the selected rows."""
        if selected.is_everything:
            return self.totals
        flags, (sizes, unsized) = selected.flags, self._read
        without = sum(flags[number] for number in unsized)
        return Totals(selected.count, sum(compress(sizes, flags)), sum(compress(self.cents, flags)), without)
