"""Histories: the dated snapshots of a list, group by group, each group's newest first; and what stands aside."""

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, compress, pairwise
from typing import Final

from msgspec import Struct

from snaptui.audit.retention import History
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.siblings import Siblings
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.value_groups import placed
from snaptui.model.snapshot import Snapshot

AGE_UNKNOWN: Final = "age unknown"
SOURCE_UNKNOWN: Final = "source unknown"
TAGS_UNKNOWN: Final = "tags unknown"
FUTURE: Final = "dated in the future"
UNJUDGED: Final = "cannot be told whether the query matches it"


class GroupBy(StrEnum):
    """Groups that a policy is applied to: each source, name family, set of tags, or all snapshots together."""

    SOURCE = "source"
    FAMILY = "family"
    TAG = "tag"
    NONE = "none"


class Scope(Struct, frozen=True):
    """The rows that a policy looks at: those that match the query, and those of which that cannot be told."""

    snapshots: Snapshots
    matching: RowSet
    unjudged: RowSet = RowSet()


class _Listed(Struct, frozen=True):
    """Row numbers group by group, in each newest first: a group begins at each of `starts`, the last one is the end."""

    numbers: Sequence[int]
    starts: Sequence[int]


def _siblings(siblings: Siblings) -> _Listed:
    return _Listed(siblings.numbers, siblings.starts)


def _by_tags(snapshots: Snapshots) -> _Listed:
    """Return the rows by their sets of tags, in whatever order and how often these are said."""
    groups = snapshots.indexes.groups(SortKey.TAGS)
    codes: dict[Hashable, int] = {}
    of_row = array("i", bytes(4 * len(snapshots)))
    sizes: Counter[int] = Counter()
    for words, (start, stop) in zip(groups.words, pairwise(groups.starts), strict=True):
        code = codes.setdefault(None if words is None else frozenset(words), len(codes))
        sizes[code] += stop - start
        for number in groups.rows[start:stop]:
            of_row[number] = code
    starts = list(accumulate(map(sizes.__getitem__, range(len(codes))), initial=0))
    return _Listed(placed(_newest_first(snapshots), of_row, starts), starts)


def _newest_first(snapshots: Snapshots) -> "array[int]":
    return snapshots.places.dates.newest_first


_LISTED: Final[dict[GroupBy, Callable[[Snapshots], _Listed]]] = {
    GroupBy.SOURCE: lambda snapshots: _siblings(snapshots.places.by_source),
    GroupBy.FAMILY: lambda snapshots: _siblings(snapshots.places.by_family),
    GroupBy.TAG: _by_tags,
    GroupBy.NONE: lambda snapshots: _Listed(_newest_first(snapshots), (0, len(snapshots))),
}
_GROUPLESS: Final[dict[GroupBy, tuple[str, str]]] = {
    GroupBy.SOURCE: ("resource_id", SOURCE_UNKNOWN),
    GroupBy.TAG: ("tags", TAGS_UNKNOWN),
}
"""The field without which a snapshot is in no group, and how that is said."""


class Placed:
    """Snapshots by their places, looked up when asked for: a list would touch every one, which 100,000 feel."""

    def __init__(self, rows: Sequence[Snapshot], numbers: Sequence[int]) -> None:
        self._rows = rows
        self._numbers = numbers

    def __getitem__(self, place: int) -> Snapshot:
        return self._rows[self._numbers[place]]

    def __iter__(self) -> Iterator[Snapshot]:
        return map(self._rows.__getitem__, self._numbers)

    def between(self, start: int, stop: int) -> list[Snapshot]:
        """Return the snapshots at the places `start` up to but not including `stop`."""
        return list(map(self._rows.__getitem__, self._numbers[start:stop]))


class Histories:
    """A scope made ready for policies: what depends on the rows and the grouping, but on no number of a policy.

    `numbers` of rows lie group by group, each group's newest first; `starts` are the places where groups
    begin, and their end. Aside stand damaged rows, those of unknown or future date, of unknown group, and those that
    may not match.
    """

    def __init__(self, scope: Scope, by: GroupBy, now: float) -> None:
        self.scope, self.by = scope, by
        self.aside: dict[int, str] = {}
        snapshots = scope.snapshots
        chosen = scope.matching - self._put_aside(now)
        numbers, self.starts = _chosen(_LISTED[by](snapshots), chosen)
        moments = array("d", map(snapshots.places.dates.moments.__getitem__, numbers))
        self.numbers = numbers
        self.rows = Placed(snapshots.rows, numbers)
        self.history = History(self.starts, moments, self.rows)

    def _put_aside(self, now: float) -> RowSet:
        """Note why rows cannot be judged by any policy, and return them."""
        scope, snapshots = self.scope, self.scope.snapshots
        rows, future = snapshots.rows, min(now, snapshots.believed_until)
        order, ahead = snapshots.indexes.ordering(SortKey.AGE).rows(descending=False), snapshots.indexes.after(future)
        odd = snapshots.indexes.lacking("created") | ~snapshots.indexes.lacking("damage") | RowSet.of(ahead, len(rows))
        lacking, reason = _GROUPLESS.get(self.by, ("", ""))
        groupless = snapshots.indexes.lacking(lacking) - odd if lacking else RowSet(bytes(len(rows)))
        unjudged = scope.unjudged if scope.unjudged else RowSet(bytes(len(rows)))
        whole = ((odd | groupless) & scope.matching) | unjudged
        for number in compress(order, map(whole.flags.__getitem__, order)) if whole else ():
            if number in unjudged:
                self.aside[number] = UNJUDGED
            else:
                self.aside[number] = reason if number in groupless else _oddity(rows[number])
        return whole

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """The places of each group: where it begins, and where the next one does."""
        return list(pairwise(self.starts))

    @cached_property
    def groups_of_one(self) -> int:
        """The number of groups with a single snapshot."""
        return sum(stop - start == 1 for start, stop in self.spans)


def _chosen(listed: _Listed, chosen: RowSet) -> "tuple[array[int], Sequence[int]]":
    """Return the chosen rows and where their groups begin; groups that none was chosen of are left out."""
    if chosen and chosen.count == len(listed.numbers):
        return array("i", listed.numbers), listed.starts
    kept = bytes(map(chosen.flags.__getitem__, listed.numbers))
    places = list(accumulate(kept, initial=0))
    starts = sorted(set(map(places.__getitem__, listed.starts)))
    return array("i", compress(listed.numbers, kept)), starts


def _oddity(row: Snapshot) -> str:
    if row.damage:
        return f"damaged row ({row.damage})"
    return AGE_UNKNOWN if row.created is None else FUTURE
