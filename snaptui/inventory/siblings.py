"""Siblings index: the snapshots of one source, or of one name family, newest first."""

from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, compress, pairwise
from math import inf
from operator import attrgetter, eq
from typing import Final

from snaptui.inventory.dates import Dates
from snaptui.inventory.growth import growths
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.value_groups import placed
from snaptui.model.snapshot import Snapshot
from snaptui.query.context import Place

DAY_SECONDS: Final = 86_400
_LARGEST: Final = 255  # places are also kept as one byte each, the last one standing for all beyond


class Siblings:
    """Rows with the same key side by side, each group's newest first.

    Rows without a date come last in their group and have no place in it. Rows whose key is `None` are in no group.
    """

    def __init__(self, rows: Sequence[Snapshot], keys: Iterable[Hashable], dates: Dates) -> None:
        self._all = rows
        self._dates = dates
        codes: dict[Hashable, int] = {None: -1}
        self._group_of = group_of = array("i", [codes.setdefault(key, len(codes) - 1) for key in keys])
        del codes
        sizes = Counter(group_of)
        without = sizes.pop(-1, 0)
        self.starts = array("i", accumulate((sizes[code] for code in range(len(sizes))), initial=0))
        """The place in `numbers` where each group begins, and their length."""
        order: Iterable[int] = dates.newest_first
        if without:
            order = [number for number in dates.newest_first if group_of[number] >= 0]
        numbers = placed(order, group_of, self.starts)
        self.numbers = numbers[: len(numbers) - without]
        """The row numbers of all groups side by side, each group's newest first, those without a place last."""
        undated = Counter(map(group_of.__getitem__, dates.undated))
        self._dated = array("i", [sizes[code] - undated[code] for code in range(len(sizes))])

    def __iter__(self) -> "Iterator[array[int]]":
        """Yield the row numbers of each group, newest first, those without a place last."""
        return (self.numbers[start:stop] for start, stop in pairwise(self.starts))

    def dated(self, number: int) -> "array[int]":
        """Return the numbers of the rows of a row's group that have a place, newest first."""
        group = self._group_of[number]
        start = self.starts[group]
        return self.numbers[start : start + self._dated[group]] if group >= 0 else array("i")

    def group_of(self, number: int) -> int:
        """Return the number of a row's group; -1 for a row that is in none."""
        return self._group_of[number]

    def everyone(self, number: int) -> "array[int]":
        """Return the numbers of all rows of a row's group, newest first, those without a place last."""
        group = self._group_of[number]
        return self.numbers[self.starts[group] : self.starts[group + 1]] if group >= 0 else array("i")

    def place_of(self, number: int) -> Place | None:
        """Return the place of a row in its group; `None` for a row that is in no group."""
        group = self._group_of[number]
        if group < 0:
            return None
        of = self.starts[group + 1] - self.starts[group]
        return Place(self.places[number] or None, of, doubtful=self._dated[group] < of)

    @cached_property
    def places(self) -> "array[int]":
        """The place of each row by its number, 1 for the newest of a group; 0 for rows that have none."""
        places = array("i", bytes(4 * len(self._group_of)))
        for start, dated in zip(self.starts, self._dated, strict=False):
            for place, number in enumerate(self.numbers[start : start + dated], 1):
                places[number] = place
        return places

    @cached_property
    def _short_places(self) -> bytes:
        return bytes([place if place < _LARGEST else _LARGEST for place in self.places])

    def between(self, least: float, beyond: float) -> RowSet:
        """Return the rows whose place is at least `least` and below `beyond`."""
        if least > _LARGEST - 1 or _LARGEST <= beyond < inf:
            return RowSet(bytes([place > 0 and least <= place < beyond for place in self.places]))
        return RowSet(self._short_places.translate(bytes(p > 0 and least <= p < beyond for p in range(_LARGEST + 1))))

    @property
    def firsts(self) -> Sequence[int]:
        """The number of one row of each group."""
        return array("i", map(self.numbers.__getitem__, self.starts[:-1]))

    def selected(self, wanted: bytes) -> RowSet:
        """Return the rows of the wanted groups, given by 1 or 0 for each group."""
        flags = wanted + b"\0"  # for the rows in no group, whose number is -1
        return RowSet(bytes(map(flags.__getitem__, self._group_of)))

    def counting(self, least: float, beyond: float) -> RowSet:
        """Return the rows of groups that have at least `least` and fewer than `beyond` rows."""
        wanted = ((start, stop) for start, stop in pairwise(self.starts) if least <= stop - start < beyond)
        return RowSet.of((number for span in wanted for number in self.numbers[slice(*span)]), len(self._group_of))

    @cached_property
    def same_day(self) -> RowSet:
        """The rows of which another of their group and day (UTC) is newer."""
        moments = map(self._dates.moments.__getitem__, self.numbers)
        days = [moment // DAY_SECONDS for moment in moments]
        begins = frozenset(self.starts)
        again = compress(range(1, len(days)), map(eq, days[1:], days))  # without a date it is not a number
        return RowSet.of((self.numbers[place] for place in again if place not in begins), len(self._group_of))

    @cached_property
    def growths(self) -> "array[float]":
        """The size of each row by its number against the median of the older ones of its group.

        1 where fewer than three are older, not a number where a size or a date that it depends on is not known.
        """
        return growths(map(attrgetter("size_gigabytes"), self._all), self)

    @cached_property
    def placed(self) -> RowSet:
        """The rows that have a place."""
        return self.between(1, inf)

    @cached_property
    def grouped(self) -> RowSet:
        """The rows that are in a group."""
        return RowSet(bytes(map((-1).__lt__, self._group_of)))

    @cached_property
    def only(self) -> RowSet:
        """The rows that are alone in their group."""
        alone = (self.numbers[start] for start, stop in pairwise(self.starts) if stop - start == 1)
        return RowSet.of(alone, len(self._group_of))

    @cached_property
    def doubtful(self) -> RowSet:
        """The rows of groups in which one has no place, and could be the newest."""
        size = len(self._group_of)
        groups = (
            self.numbers[start:stop]
            for (start, stop), dated in zip(pairwise(self.starts), self._dated, strict=True)
            if dated < stop - start
        )
        return RowSet.of((number for group in groups for number in group), size)
