"""Lazily sorted selection: the selected rows in an order, worked out page by page."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from snaptui.inventory.row_set import RowSet

_BLOCK: Final = 2_048  # rows of the order that are looked at in one step


class Arranged:
    """Sequence of the selected rows' numbers in an order, worked out only as far as it is read: a page for a key."""

    def __init__(self, order: "array[int]", selected: RowSet) -> None:
        self._order = order
        self._selected = selected.flags
        self._count = selected.count
        whole = self._count == len(order)
        self._found = order if whole else array("i")
        self._seen = len(order) if whole else 0

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, position: int) -> int:
        self._reach(position + 1)
        return self._found[position]

    def __iter__(self) -> Iterator[int]:
        return iter(self.slice(0, self._count))

    def slice(self, start: int, stop: int) -> Sequence[int]:
        """Return the row numbers at positions `start` up to but not including `stop`."""
        self._reach(min(stop, self._count))
        return self._found[start:stop]

    def position_of(self, number: int) -> int | None:
        """Return the position of a row in the sequence, from 0; `None` when it is not selected."""
        if not self._selected[number]:
            return None
        start = 0
        while True:
            try:
                return self._found.index(number, start)
            except ValueError:
                start = len(self._found)
                self._look_on()

    def around(self, number: int, selected: RowSet) -> Iterator[int]:
        """Yield those of the rows after a row that are also `selected`, then those before it, the nearest first."""
        at = self._order.index(number)
        here, there = self._selected, selected.flags
        others = chain(self._order[at + 1 :], reversed(self._order[:at]))
        return (row for row in others if there[row] and here[row])

    def _reach(self, count: int) -> None:
        while len(self._found) < count and self._seen < len(self._order):
            self._look_on()

    def _look_on(self) -> None:
        selected = self._selected
        block = self._order[self._seen : self._seen + _BLOCK]
        self._found.extend([row for row in block if selected[row]])
        self._seen += _BLOCK
