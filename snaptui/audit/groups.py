"""Groups of snapshots by one dimension: count, size, monthly cost, oldest and newest of each, dearest first."""

from array import array
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import compress
from math import inf
from operator import attrgetter
from typing import Final

from msgspec import Struct

from snaptui.audit.dimensions import READINGS, Dimension, Naming
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext

_MORE_THAN_ANY_COUNT: Final = 1 << 24


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


class _Sums:
    """Sums for each bucket or group, by its number."""

    def __init__(self, size: int) -> None:
        self.counts = [0] * size
        self.cents = [0] * size
        self.gigabytes = [0.0] * size
        self.unsized = [0] * size
        self.oldest = [inf] * size
        self.newest = [-inf] * size
        self.samples = [-1] * size
        """A row of each: the newest one that has a date, else the first."""

    def add_rows(self, buckets: Sequence[int], rows: Sequence[Snapshot], cents: Iterable[int]) -> None:
        counts, costs, gigabytes, unsized = self.counts, self.cents, self.gigabytes, self.unsized
        oldest, newest, samples = self.oldest, self.newest, self.samples
        sizes, moments = map(attrgetter("size_gigabytes"), rows), map(attrgetter("created"), rows)
        for place, (at, cost, size, created) in enumerate(zip(buckets, cents, sizes, moments, strict=True)):
            counts[at] += 1
            costs[at] += cost
            if size is None:
                unsized[at] += 1
            else:
                gigabytes[at] += size
            if created is not None:
                if created < oldest[at]:
                    oldest[at] = created
                if created > newest[at]:
                    newest[at] = created
                    samples[at] = place
            if samples[at] < 0:
                samples[at] = place

    def add(self, at: int, other: "_Sums", number: int) -> None:
        self.counts[at] += other.counts[number]
        self.cents[at] += other.cents[number]
        self.gigabytes[at] += other.gigabytes[number]
        self.unsized[at] += other.unsized[number]
        self.oldest[at] = min(self.oldest[at], other.oldest[number])
        if other.newest[number] > self.newest[at] or self.samples[at] < 0:
            self.newest[at], self.samples[at] = other.newest[number], other.samples[number]


class Grouping:
    """The groups of some rows of a list, dearest first; groups are made when they are looked at.

    `count` and `cents` count each snapshot once; where `overlaps` is true the groups' sum is more than that.
    """

    def __init__(self, snapshots: Snapshots, selected: RowSet, dimension: Dimension, context: QueryContext) -> None:
        reading = READINGS[dimension]
        order = snapshots.ordering(SortKey.NAME).rows(descending=False)
        self.dimension = dimension
        self._context = context
        flags = selected.flags
        self._numbers = array("i", [number for number in order if flags[number]])
        self._rows = [snapshots.rows[number] for number in self._numbers]
        found: dict[Hashable, int] = {}
        self._of_row = array("i", [found.setdefault(key, len(found)) for key in self._buckets(snapshots)])
        sums = _Sums(len(found))
        sums.add_rows(self._of_row, self._rows, map(snapshots.cents.__getitem__, self._numbers))
        self.count, self.cents, self.unsized = len(self._rows), sum(sums.cents), sum(sums.unsized)
        self.gigabytes = sum(sums.gigabytes)
        self._keys, self._sums = list(found), sums
        self._belongs: list[frozenset[int]] | None = None
        if reading.groups_of is not None:
            self._merge(found, sums)
        self.overlaps = reading.overlaps and sum(self._sums.counts) > self.count
        self._order = self._dearest_first()

    def _buckets(self, snapshots: Snapshots) -> Iterable[Hashable]:
        if self.dimension is Dimension.FAMILY:  # known of each row already
            return map(snapshots.families.__getitem__, self._numbers)
        if self.dimension in (Dimension.SOURCE, Dimension.STATE):
            of_source = list(map(snapshots.by_source.group_of.__getitem__, self._numbers))
            if self.dimension is Dimension.STATE:
                return self._states(of_source)
            # Of rows without a source the types are groups.
            pairs = zip(of_source, self._rows, strict=True)
            return [source if source >= 0 else row.resource_type for source, row in pairs]
        return READINGS[self.dimension].buckets(self._rows, self._context)

    def _states(self, of_source: Sequence[int]) -> list[Hashable]:
        """Return the state of each row's source, asked once for each source."""
        samples = dict(zip(of_source, self._rows, strict=True))
        states: dict[int, Hashable] = {source: self._context.sources.state_of(row) for source, row in samples.items()}
        return list(map(states.__getitem__, of_source))

    def _merge(self, found: Iterable[Hashable], sums: _Sums) -> None:
        """Put buckets together that belong to one group, or to several."""
        groups_of = READINGS[self.dimension].groups_of
        if groups_of is None:
            return
        belongs = [
            tuple(groups_of(bucket, self._rows[sample], self._context))
            for bucket, sample in zip(found, sums.samples, strict=True)
        ]
        numbers: dict[Hashable, int] = {}
        for keys in belongs:
            for key in keys:
                numbers.setdefault(key, len(numbers))
        merged = _Sums(len(numbers))
        for bucket, keys in enumerate(belongs):
            for key in keys:
                merged.add(numbers[key], sums, bucket)
        self._keys, self._sums = list(numbers), merged
        self._belongs = [frozenset(numbers[key] for key in keys) for keys in belongs]

    def _dearest_first(self) -> "array[int]":
        weights = [
            cents * _MORE_THAN_ANY_COUNT + count
            for cents, count in zip(self._sums.cents, self._sums.counts, strict=True)
        ]
        # From behind, so that groups that weigh the same stay in the order of names.
        return array("i", sorted(range(len(weights)), key=[-weight for weight in weights].__getitem__))

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Group]:
        return map(self._group, self._order)

    def at(self, place: int) -> Group:
        """Return the group at a 0-based place."""
        return self._group(self._order[place])

    def slice(self, start: int, stop: int) -> list[Group]:
        """Return the groups at places `start` up to but not including `stop`."""
        return [self._group(number) for number in self._order[start:stop]]

    def _group(self, number: int) -> Group:
        sums = self._sums
        naming = READINGS[self.dimension].naming(self._keys[number], self._rows[sums.samples[number]], self._context)
        oldest, newest = sums.oldest[number], sums.newest[number]
        return Group(
            naming,
            sums.counts[number],
            sums.cents[number],
            sums.gigabytes[number],
            sums.unsized[number],
            None if oldest == inf else oldest,
            None if newest == -inf else newest,
        )

    def numbers_of(self, place: int) -> list[int]:
        """Return the row numbers of a group's snapshots."""
        wanted = self._order[place]
        if self._belongs is None:
            return list(compress(self._numbers, [bucket == wanted for bucket in self._of_row]))
        inside = [wanted in groups for groups in self._belongs]
        return list(compress(self._numbers, [inside[bucket] for bucket in self._of_row]))
