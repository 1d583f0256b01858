"""The orders a list of snapshots can be shown in."""

import re
from array import array
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import chain
from math import inf
from operator import attrgetter
from typing import Final, Self, TypeVar

from msgspec import Struct

from snaptui.model.snapshot import Snapshot

T = TypeVar("T", str, float)
_RUN: Final = 8_192
_DIGITS: Final = re.compile(r"\d+")


class SortKey(StrEnum):
    """What a list can be sorted by; the words are those of `--sort`."""

    NAME = "name"
    TYPE = "type"
    SIZE = "size"
    COST = "cost"
    AGE = "age"
    REGIONS = "regions"
    TAGS = "tags"
    CREATED = "created"
    MIN_DISK = "min_disk"
    SOURCE = "source"
    ID = "id"


_LARGEST_FIRST: Final = frozenset({SortKey.SIZE, SortKey.COST, SortKey.AGE, SortKey.MIN_DISK})


class Sort(Struct, frozen=True):
    """A column and a direction."""

    key: SortKey = SortKey.NAME
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `name` or `-size`; raises `ValueError` that lists the keys there are."""
        name = text.removeprefix("-")
        try:
            return cls(SortKey(name), descending=text.startswith("-"))
        except ValueError:
            raise ValueError(f"cannot sort by {name!r}; the keys are {', '.join(SortKey)}") from None

    def chosen(self, key: SortKey) -> "Sort":
        """Return the order after `key` was chosen: the same key again reverses it."""
        if key is self.key:
            return self.reversed()
        return Sort(key, descending=key in _LARGEST_FIRST)

    def reversed(self) -> "Sort":
        """Return the same column the other way round."""
        return Sort(self.key, not self.descending)


def in_order(rows: Sequence[int], values: Sequence[str] | Sequence[float]) -> list[int]:
    """Return row numbers sorted by their values, equal ones as they were.

    Sorted runs are merged, because nothing else in the program moves while one list is sorted.
    """
    key = values.__getitem__
    runs = (sorted(rows[start : start + _RUN], key=key) for start in range(0, len(rows), _RUN))
    return sorted(chain.from_iterable(runs), key=key)


def natural(text: str) -> str:
    """Return a key under which `web-2` sorts before `web-10`: numbers are prefixed with their length.

    One plain string, because comparing strings is several times faster than comparing tuples.
    """
    return _DIGITS.sub(_sized_number, text.casefold())


def _sized_number(found: re.Match[str]) -> str:
    digits = found.group().lstrip("0")
    return f"0{len(digits):03d}{digits}"


_TEXTS: Final[dict[SortKey, Callable[[Snapshot], str]]] = {
    SortKey.NAME: lambda s: natural(s.name),
    SortKey.TYPE: attrgetter("resource_type"),
    SortKey.REGIONS: lambda s: " ".join(s.regions),
    SortKey.TAGS: lambda s: " ".join(s.tags or ()),
    SortKey.SOURCE: lambda s: natural(s.resource_id or ""),
    SortKey.ID: lambda s: natural(s.id),
}
_NUMBERS: Final[dict[SortKey, Callable[[Snapshot], float | None]]] = {
    SortKey.SIZE: attrgetter("size_gigabytes"),
    SortKey.COST: attrgetter("size_gigabytes"),
    SortKey.AGE: lambda s: None if s.created is None else -s.created,
    SortKey.CREATED: attrgetter("created"),
    SortKey.MIN_DISK: attrgetter("min_disk_size"),
}


class Ordering:
    """All row numbers sorted by one key; those with nothing to sort by come last in both directions."""

    def __init__(self, order: Sequence[int], known: int) -> None:
        self._order = array("i", order)
        self._known = known

    @classmethod
    def of(cls, key: SortKey, snapshots: Sequence[Snapshot], base: Sequence[int]) -> Self:
        """Sort the row numbers of `base` by `key`; equal values keep the order of `base`."""
        text = _TEXTS.get(key)
        if text is not None:
            return cls._by(list(map(text, snapshots)), "", base)
        values = [inf if value is None else value for value in map(_NUMBERS[key], snapshots)]
        return cls._by(values, inf, base)

    @classmethod
    def _by(cls, values: Sequence[T], unknown: T, base: Sequence[int]) -> Self:
        if unknown not in values:
            return cls(in_order(base, values), len(base))
        known = [row for row in base if values[row] != unknown]
        rest = [row for row in base if values[row] == unknown]
        return cls(in_order(known, values) + rest, len(known))

    def rows(self, *, descending: bool) -> Sequence[int]:
        """Return every row number in this order."""
        return self._descending if descending else self._order

    def arrange(self, rows: Sequence[int], *, descending: bool) -> Sequence[int]:
        """Return some row numbers in this order."""
        order = self.rows(descending=descending)
        if len(rows) == len(order):
            return order
        if 2 * len(rows) > len(order):
            # To pass over the few others is faster than to sort many.
            wanted = bytearray(len(order))
            for row in rows:
                wanted[row] = 1
            return [row for row in order if wanted[row]]
        ranks = self._descending_ranks if descending else self._ascending_ranks
        return sorted(rows, key=ranks.__getitem__)

    @cached_property
    def _descending(self) -> "array[int]":
        return self._order[: self._known][::-1] + self._order[self._known :]

    @cached_property
    def _ascending_ranks(self) -> "array[int]":
        return _ranks(self._order)

    @cached_property
    def _descending_ranks(self) -> "array[int]":
        return _ranks(self._descending)


def _ranks(order: "array[int]") -> "array[int]":
    ranks = array("i", bytes(4 * len(order)))
    for rank, row in enumerate(order):
        ranks[row] = rank
    return ranks
