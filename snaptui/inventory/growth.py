"""Growth: the size of each snapshot against what the older ones of its source usually had."""

from array import array
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from math import nan
from typing import Final, Protocol

from snaptui.model.snapshot import Snapshot

FEWEST_OLDER: Final = 3
"""Least number of older snapshots from which a usual size can be told."""


class NewestFirst(Protocol):
    """Interface of rows in groups, each group's newest first, those without a date last."""

    @property
    def doubtful(self) -> Iterable[int]:
        """The rows of groups in which one has no date."""

    def __iter__(self) -> "Iterator[array[int]]":
        """Yield the row numbers of each group."""


def growths(rows: Sequence[Snapshot], siblings: NewestFirst) -> "array[float]":
    """Return the growth of each row by its number: 1 where fewer than three are older, else a ratio.

    Not a number where a size, a source or a date that it depends on is not known.
    """
    found = array("d", [nan]) * len(rows)
    for group in siblings:
        older: list[float] = []
        unknown = False
        for number in reversed(group):
            size = rows[number].size_gigabytes
            if size is not None and not unknown:
                found[number] = _ratio(size, older)
            if size is None:
                unknown = True
            elif size:
                insort(older, size)
    for number in siblings.doubtful:
        found[number] = nan
    return found


def _ratio(size: float, ordered: Sequence[float]) -> float:
    if len(ordered) < FEWEST_OLDER:
        return 1.0
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return size / median
