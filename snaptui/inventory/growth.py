"""Growth: the size of each snapshot against what the older ones of its source usually had."""

from array import array
from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from math import isnan, nan
from typing import Final, Protocol

FEWEST_OLDER: Final = 3
"""Least number of older snapshots from which a usual size can be told."""


class NewestFirst(Protocol):
    """Interface of rows in groups, each group's newest first, those without a date last."""

    @property
    def doubtful(self) -> Iterable[int]:
        """The rows of groups in which one has no date."""

    def __iter__(self) -> "Iterator[array[int]]":
        """Yield the row numbers of each group."""


def growths(sizes: Iterable[float | None], siblings: NewestFirst) -> "array[float]":
    """Return the growth of each row by its number: 1 where fewer than three are older, else a ratio.

    Not a number where a size, a source or a date that it depends on is not known.
    """
    known = array("d", [nan if size is None else size for size in sizes])
    found = array("d", [nan]) * len(known)
    for group in siblings:
        older: list[float] = []
        for number in reversed(group):
            size = known[number]
            if isnan(size):
                break
            found[number] = size / _median(older) if len(older) >= FEWEST_OLDER else 1.0
            if size:
                insort(older, size)
    for number in siblings.doubtful:
        found[number] = nan
    return found


def _median(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
