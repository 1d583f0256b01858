"""Places of snapshots among the others of their source and of their name family."""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from math import isnan, nan
from operator import attrgetter

from snaptui.inventory.dates import Dates
from snaptui.inventory.indexes import Indexes
from snaptui.inventory.records import Rows
from snaptui.inventory.siblings import Siblings
from snaptui.inventory.source_states import SourceStates
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query.context import Place, Places


class SnapshotPlaces:
    """Places in a list, made on first use and then kept. A date after `believed` (Unix seconds) gives none."""

    def __init__(self, rows: Rows, indexes: Indexes, believed: float) -> None:
        self._rows = rows
        self._indexes = indexes
        self._believed = believed
        self._states: SourceStates | None = None

    @cached_property
    def dates(self) -> Dates:
        """The dates that are believed."""
        return Dates(self._rows.by_number, self._indexes, self._believed)

    @cached_property
    def by_source(self) -> Siblings:
        """The snapshots of each source, newest first; those of unknown sources are in none."""
        rows = self._rows.by_number
        keys = (None if row.resource_id is None else (row.resource_type, row.resource_id) for row in rows)
        return Siblings(rows, keys, self.dates)

    @cached_property
    def families(self) -> Sequence[str]:
        """The name family of each row by its number."""
        known: dict[str, str] = {}
        return [
            known.setdefault(family, family) for family in map(family_of, map(attrgetter("name"), self._rows.by_number))
        ]

    @cached_property
    def by_family(self) -> Siblings:
        """The snapshots of each name family, newest first."""
        return Siblings(self._rows.by_number, self.families, self.dates)

    def states(self, sources: Sources) -> SourceStates:
        """Return the rows by the state of their source; made once for what is known of sources, then kept."""
        if self._states is None or self._states.sources is not sources:
            self._states = SourceStates(self._rows.by_number, self.by_source, sources)
        return self._states

    def siblings(self, snapshot: Snapshot) -> Sequence[int]:
        """Return the row numbers of all of the same source, newest first, those without a place last."""
        number = self._rows.number_of(snapshot.id)
        return () if number is None else self.by_source.everyone(number)

    def source_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same source; `None` when the source is unknown."""
        number = self._rows.number_of(snapshot.id)
        return None if number is None else self.by_source.place_of(number)

    def same_day(self, snapshot: Snapshot) -> bool | None:
        """Return whether another of the same source and day (UTC) is newer; `None` when that is not known."""
        number, by_source = self._rows.number_of(snapshot.id), self.by_source
        if number is None or number not in by_source.placed:
            return None
        return True if number in by_source.same_day else None if number in by_source.doubtful else False

    def growth(self, snapshot: Snapshot) -> float | None:
        """Return the size against the median of the older ones of the same source; `None` when that is not known."""
        number = self._rows.number_of(snapshot.id)
        growth = nan if number is None else self.by_source.growths[number]
        return None if isnan(growth) else growth

    def family_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same name family; `None` for one that is not here."""
        number = self._rows.number_of(snapshot.id)
        return None if number is None else self.by_family.place_of(number)

    def without(self, ids: Collection[str]) -> Places:
        """Return the places as they are once the snapshots with these ids are gone."""
        if ids:
            return _PlacesWithout(self._rows, self, ids)
        return self


class _PlacesWithout:
    """Places among what is left of each group, in which a snapshot itself always counts.

    What compares a source's snapshots with each other is not known where one of them is gone.
    """

    def __init__(self, rows: Rows, places: SnapshotPlaces, gone: Collection[str]) -> None:
        self._rows = rows
        self._places = places
        self._gone = gone

    def source_place(self, snapshot: Snapshot) -> Place | None:
        return self._place(snapshot, self._places.by_source)

    def family_place(self, snapshot: Snapshot) -> Place | None:
        return self._place(snapshot, self._places.by_family)

    def same_day(self, snapshot: Snapshot) -> bool | None:
        return self._places.same_day(snapshot) if self._is_whole(snapshot) else None

    def growth(self, snapshot: Snapshot) -> float | None:
        return self._places.growth(snapshot) if self._is_whole(snapshot) else None

    def without(self, ids: Collection[str]) -> Places:
        return self._places.without({*self._gone, *ids})

    def _is_whole(self, snapshot: Snapshot) -> bool:
        number, groups = self._rows.number_of(snapshot.id), self._places.by_source
        if number is None:
            return True
        everyone = groups.everyone(number)
        return len(self._left(everyone, number)) == len(everyone)

    def _place(self, snapshot: Snapshot, groups: Siblings) -> Place | None:
        number = self._rows.number_of(snapshot.id)
        if number is None or groups.place_of(number) is None:
            return None
        dated, everyone = self._left(groups.dated(number), number), self._left(groups.everyone(number), number)
        nth = dated.index(number) + 1 if number in dated else None
        return Place(nth, len(everyone), doubtful=len(dated) < len(everyone))

    def _left(self, numbers: Iterable[int], itself: int) -> Sequence[int]:
        rows = self._rows.by_number
        return [number for number in numbers if number == itself or rows[number].id not in self._gone]
