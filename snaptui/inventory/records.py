"""Records of a list in order of arrival, with a hash table from id to row number."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from snaptui.inventory.substrings import Texts
from snaptui.model.snapshot import Snapshot

_FEWEST: Final = 64


class Records:
    """Append-only rows, so that lists of different lengths can share them.

    The table is open addressed and at most half full: a dictionary of 100,000 ids would take eight times the memory,
    most of it for the numbers.
    """

    def __init__(self, rows: Iterable[Snapshot] = ()) -> None:
        self.rows: list[Snapshot] = []
        self.names, self.ids = Texts(), Texts()
        self._slots = array("i", [-1]) * _FEWEST
        self.extend(list(rows))

    def extend(self, rows: Sequence[Snapshot]) -> None:
        """Add rows; their ids must be new here."""
        first = len(self.rows)
        self.names.extend((row.name,) for row in rows)
        self.ids.extend((row.id,) for row in rows)
        self.rows += rows
        size = len(self._slots)
        if 2 * len(self.rows) > size:
            while 2 * len(self.rows) > size:
                size *= 2
            self._slots = self._filled(array("i", [-1]) * size, 0)
        else:
            self._filled(self._slots, first)

    def _filled(self, slots: "array[int]", first: int) -> "array[int]":
        last = len(slots) - 1
        for number, row in enumerate(islice(self.rows, first, None), first):
            slot = hash(row.id) & last
            while slots[slot] >= 0:
                slot = (slot + 1) & last
            slots[slot] = number
        return slots

    def numbers_of(self, ids: Iterable[str]) -> "array[int]":
        """Return the row number of each id, -1 for one that is not here."""
        slots, rows = self._slots, self.rows
        last = len(slots) - 1
        numbers = array("i")
        for snapshot_id in ids:
            slot = hash(snapshot_id) & last
            while (number := slots[slot]) >= 0 and rows[number].id != snapshot_id:
                slot = (slot + 1) & last
            numbers.append(number)
        return numbers


class Rows:
    """The rows that records have now, and none of those that come later.

    Everything that is kept of a list is made of this and not of the list: a cycle would keep a list of 100,000 rows
    in memory after it has been replaced, until the collector finds it.
    """

    def __init__(self, records: Records) -> None:
        self.records = records
        self._count = len(records.rows)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Snapshot]:
        return islice(self.records.rows, self._count)

    @cached_property
    def by_number(self) -> Sequence[Snapshot]:
        """The snapshots by their row numbers, in order of arrival."""
        return tuple(self)

    def number_of(self, snapshot_id: str) -> int | None:
        """Return the row number of an id."""
        number = self.records.numbers_of((snapshot_id,))[0]
        return number if 0 <= number < self._count else None

    def numbers_of(self, ids: Iterable[str]) -> "array[int]":
        """Return the row numbers of those ids that are here."""
        return array("i", [number for number in self.records.numbers_of(ids) if 0 <= number < self._count])
