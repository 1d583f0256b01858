"""Histories: the dated snapshots of a list, group by group, each group's newest first; and what stands aside."""

from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import compress, pairwise
from operator import attrgetter, eq
from typing import Final

from msgspec import Struct

from snaptui.audit.retention import History
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot

AGE_UNKNOWN: Final = "age unknown"
SOURCE_UNKNOWN: Final = "source unknown"
TAGS_UNKNOWN: Final = "tags unknown"
FUTURE: Final = "dated in the future"
UNJUDGED: Final = "cannot be told whether the query matches it"


class GroupBy(StrEnum):
    """What a policy is applied to: each source, name family, set of tags, or all snapshots together."""

    SOURCE = "source"
    FAMILY = "family"
    TAG = "tag"
    NONE = "none"


class Scope(Struct, frozen=True):
    """The rows that a policy looks at: those that match the query, and those of which that cannot be told."""

    snapshots: Snapshots
    matching: RowSet
    unjudged: RowSet = RowSet()


def _sources(rows: Iterable[Snapshot]) -> list[Hashable]:
    return [None if key[1] is None else key for key in map(attrgetter("resource_type", "resource_id"), rows)]


def _tag_sets(rows: Iterable[Snapshot]) -> list[Hashable]:
    sets: dict[tuple[str, ...] | None, Hashable] = {None: None}
    return [
        sets[tags] if tags in sets else sets.setdefault(tags, tuple(sorted(set(tags or ()))))
        for tags in map(attrgetter("tags"), rows)
    ]


_KEYS: Final[dict[GroupBy, Callable[[Sequence[Snapshot]], list[Hashable]]]] = {
    GroupBy.SOURCE: _sources,
    GroupBy.FAMILY: lambda rows: [family_of(row.name) for row in rows],
    GroupBy.TAG: _tag_sets,
    GroupBy.NONE: lambda rows: [()] * len(rows),
}


class Histories:
    """A scope made ready for policies: what depends on the rows and the grouping, but on no number of a policy.

    Aside stand damaged rows, those of unknown or future date, of unknown group, and those that may not match.
    """

    def __init__(self, scope: Scope, by: GroupBy, now: float) -> None:
        self.scope, self.by = scope, by
        self.aside: dict[int, str] = {}
        numbers = self._dated(now)
        rows = [scope.snapshots.rows[number] for number in numbers]
        keys: Sequence[Hashable] = (
            [scope.snapshots.families[number] for number in numbers] if by is GroupBy.FAMILY else _KEYS[by](rows)
        )
        found: dict[Hashable, int] = {}
        of_row = [found.setdefault(key, len(found)) for key in keys]
        if None in found:
            reason = TAGS_UNKNOWN if by is GroupBy.TAG else SOURCE_UNKNOWN
            nowhere = found[None]
            self.aside |= {number: reason for number, group in zip(numbers, of_row, strict=True) if group == nowhere}
        places = [place for place in sorted(range(len(of_row)), key=of_row.__getitem__) if keys[place] is not None]
        self.numbers = array("i", [numbers[place] for place in places])
        self.rows = [rows[place] for place in places]
        self.groups = array("i", [of_row[place] for place in places])
        self._untie()

    def _dated(self, now: float) -> Sequence[int]:
        """Return the numbers of the rows with a date in the past, newest first; put the others aside."""
        scope = self.scope
        ordering = scope.snapshots.ordering(SortKey.AGE)
        order = ordering.rows(descending=False)
        matching, unjudged = scope.matching.flags, scope.unjudged.flags
        chosen = [number for number in order if matching[number]]
        rows = scope.snapshots.rows
        odd = set()
        for number in chosen:
            row = rows[number]
            if row.damage is not None or row.created is None or row.created > now:
                odd.add(number)
                self.aside[number] = _oddity(row)
        if scope.unjudged:
            self.aside |= {number: UNJUDGED for number in order if unjudged[number]}
        return [number for number in chosen if number not in odd] if odd else chosen

    def _untie(self) -> None:
        """Put snapshots of one group and one moment in the order of their ids."""
        moments = self.moments
        ties = compress(range(len(moments)), map(eq, moments, moments[1:]))
        if any(self.groups[place] == self.groups[place + 1] for place in ties):
            keys = [
                (group, -moment, row.id) for group, moment, row in zip(self.groups, moments, self.rows, strict=True)
            ]
            order = sorted(range(len(keys)), key=keys.__getitem__)
            self.numbers = array("i", [self.numbers[place] for place in order])
            self.rows = [self.rows[place] for place in order]

    @property
    def moments(self) -> list[float]:
        """When each row was created, in Unix seconds."""
        return [row.created or 0.0 for row in self.rows]

    @cached_property
    def history(self) -> History:
        """What a policy looks at."""
        return History(self.groups, self.moments, [row.tags for row in self.rows])

    @cached_property
    def spans(self) -> dict[int, tuple[int, int]]:
        """The places of each group: where it begins, and where the next one does."""
        starts = [0, *compress(range(1, len(self.groups) + 1), self.history.ends)] if self.groups else [0]
        return {self.groups[start]: (start, stop) for start, stop in pairwise(starts)}


def _oddity(row: Snapshot) -> str:
    if row.damage:
        return f"damaged row ({row.damage})"
    return AGE_UNKNOWN if row.created is None else FUTURE
