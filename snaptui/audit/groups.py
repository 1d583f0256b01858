"""Groups of snapshots by one dimension: count, size, monthly cost, oldest and newest of each, dearest first."""

from array import array
from collections.abc import Hashable, Iterator, Sequence
from itertools import chain, compress, pairwise, repeat
from math import fsum, inf
from operator import attrgetter, eq, sub
from typing import Final

from msgspec import Struct

from snaptui.audit.dimensions import READINGS, Dimension, Naming
from snaptui.audit.parts import parts_of
from snaptui.inventory.chosen import Chosen
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import QueryContext

_MORE_THAN_ANY_COUNT: Final = 1 << 24
_UNDATED: Final = -inf


class Group(Struct, frozen=True):
    """One line of a grouping. `cents` are US cents a month; `unsized` of `count` are in neither sum."""

    naming: Naming
    count: int
    cents: int
    gigabytes: float
    unsized: int
    oldest: float | None
    newest: float | None

    @property
    def label(self) -> str:
        """The group's name, in the API's own letters."""
        return self.naming.label

    @property
    def query(self) -> str:
        """The query that selects its rows."""
        return self.naming.query


class Grouping:
    """The groups of some rows of a list, dearest first; groups are made when they are looked at.

    `count` and `cents` count each snapshot once; where `overlaps` is true the groups' sum is more than that.
    """

    def __init__(self, snapshots: Snapshots, selected: RowSet, dimension: Dimension, context: QueryContext) -> None:
        self.dimension = dimension
        self._snapshots, self._context = snapshots, context
        self._parts = parts_of(snapshots, dimension, context.now).narrowed(selected)
        totals = snapshots.sums.of(selected)
        self.count, self.cents, self.unsized = totals.count, totals.cents, totals.unsized
        self._keys, self._members = self._merged()
        counts, cents = self._sums()
        self.overlaps = READINGS[dimension].overlaps and sum(counts) > self.count
        self._cents = cents
        self._order = self._dearest_first(counts)
        self._made: dict[int, Group] = {}

    def _merged(self) -> tuple[Sequence[Hashable], Sequence[tuple[int, ...]] | None]:
        """Return the groups' keys and the parts of each; `None` for these where each part is a group."""
        groups_of = READINGS[self.dimension].groups_of
        if groups_of is None:
            return self._parts.keys, None
        rows, members = self._snapshots.rows, dict[Hashable, list[int]]()
        for part, (key, start) in enumerate(zip(self._parts.keys, self._parts.starts, strict=False)):
            for group in groups_of(key, rows[self._parts.numbers[start]], self._context):
                members.setdefault(group, []).append(part)
        return list(members), [tuple(parts) for parts in members.values()]

    def _sums(self) -> tuple[list[int], list[int]]:
        """Return how many rows each group has, and what they cost in US cents a month."""
        starts = self._parts.starts
        costs = list(map(self._snapshots.sums.cents.__getitem__, self._parts.numbers))
        counts, cents = list(map(sub, starts[1:], starts)), [sum(costs[start:stop]) for start, stop in pairwise(starts)]
        if self._members is None:
            return counts, cents
        return (
            [sum(map(counts.__getitem__, parts)) for parts in self._members],
            [sum(map(cents.__getitem__, parts)) for parts in self._members],
        )

    def _dearest_first(self, counts: Sequence[int]) -> Sequence[int]:
        """Return the groups' numbers; those that weigh the same stand in the order of names."""
        weights = [cents * _MORE_THAN_ANY_COUNT + count for cents, count in zip(self._cents, counts, strict=True)]
        places = self._places_by_name() if len(set(weights)) < len(weights) else range(len(weights))
        return sorted(range(len(weights)), key=lambda group: (-weights[group], places[group]))

    def _places_by_name(self) -> Sequence[int]:
        """Return the place of each group's first row in the order of names."""
        order = self._snapshots.indexes.ordering(SortKey.NAME).rows(descending=False)
        places = array("i", order)
        for place, number in enumerate(order):
            places[number] = place
        found = list(map(places.__getitem__, self._parts.numbers))
        first = [min(found[start:stop]) for start, stop in pairwise(self._parts.starts)]
        return first if self._members is None else [min(map(first.__getitem__, parts)) for parts in self._members]

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Group]:
        return map(self._group, self._order)

    def at(self, place: int) -> Group:
        """Return the group at a 0-based place."""
        return self._group(self._order[place])

    def place_in(self, other: "Grouping", place: int) -> int | None:
        """Return the place in another grouping of the group at a place in this one; `None` where it has gone."""
        key = self._keys[self._order[place]]
        if self.dimension is not other.dimension or key not in other._keys:
            return None
        return other._order.index(other._keys.index(key))

    def slice(self, start: int, stop: int) -> list[Group]:
        """Return the groups at places `start` up to but not including `stop`."""
        return [self._group(number) for number in self._order[start:stop]]

    def cents_from(self, place: int) -> int:
        """Return what the groups from a 0-based place on cost together, in US cents a month."""
        return sum(map(self._cents.__getitem__, self._order[place:]))

    def chosen(self, place: int) -> Chosen:
        """Return the rows of the group at a 0-based place, in the list that was grouped."""
        return Chosen(self._snapshots, RowSet.of(self._numbers(self._order[place]), len(self._snapshots)))

    def _numbers(self, group: int) -> list[int]:
        numbers, starts = self._parts.numbers, self._parts.starts
        parts = (group,) if self._members is None else self._members[group]
        return list(chain.from_iterable(numbers[starts[part] : starts[part + 1]] for part in parts))

    def _group(self, number: int) -> Group:
        """Return a group; it is kept, as adding up one of 100,000 rows takes 20 ms."""
        group = self._made.get(number)
        if group is None:
            group = self._made[number] = self._added_up(number)
        return group

    def _added_up(self, number: int) -> Group:
        numbers, snapshots = self._numbers(number), self._snapshots
        rows, unsized = snapshots.rows, snapshots.indexes.lacking("size_gigabytes").flags if self.unsized else b""
        moments = list(map(snapshots.indexes.moments.__getitem__, numbers))
        oldest, newest = min(moments), max(moments)
        if oldest == _UNDATED:
            oldest = min((moment for moment in moments if moment != _UNDATED), default=_UNDATED)
        # The newest speaks for the group; of several the first by name.
        latest = map(rows.__getitem__, compress(numbers, map(eq, moments, repeat(newest))))
        sample = min(latest, key=attrgetter("name", "id"))
        return Group(
            READINGS[self.dimension].naming(self._keys[number], sample, self._context),
            len(numbers),
            self._cents[number],
            fsum(map(snapshots.sums.sizes.__getitem__, numbers)),
            sum(map(unsized.__getitem__, numbers)) if unsized else 0,
            None if oldest == _UNDATED else oldest,
            None if newest == _UNDATED else newest,
        )
