"""List of an account's snapshots: grows, shrinks and is dated by a new value; its indexes, sums and places are kept."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate, compress
from math import inf
from typing import Final, Self

from snaptui.inventory.indexes import Indexes
from snaptui.inventory.orders import SortKey, in_order, inserted, naturals
from snaptui.inventory.places import SnapshotPlaces
from snaptui.inventory.records import Records, Rows
from snaptui.inventory.sums import Sums
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH
from snaptui.model.snapshot import Snapshot

_FEW: Final = 8
"""Rows for each new one from which on the kept order of the others is reused."""

BELIEVED_SECONDS: Final = 86_400.0
"""A day: dates further ahead of the server's own clock are not believed."""


class Snapshots:
    """An immutable list of snapshots with unique ids.

    `indexes`, `sums` and `places`, which are expensive to compute for 100,000 rows, are computed on first use and kept.
    A list to which rows are added shares its records with the longer one, and looks at the first of them only.
    """

    def __init__(self, rows: Iterable[Snapshot] = (), usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> None:
        records = Records({row.id: row for row in rows}.values())
        self._hold(records, usd_per_gb_month, in_order(range(len(records.rows)), _name_keys(records.rows)))

    def _hold(self, records: Records, usd_per_gb_month: float, base: "array[int]", believed_until: float = inf) -> None:
        self.usd_per_gb_month = usd_per_gb_month
        self._records = records
        self._rows = rows = Rows(records)
        self._base = base
        self.indexes = Indexes(rows, base)
        self.sums = Sums(rows, usd_per_gb_month)
        self._believe(believed_until)

    def _believe(self, until: float) -> None:
        self.believed_until = until
        """The latest date that is believed, in Unix seconds; infinite where the server's clock is not known."""
        self.places = SnapshotPlaces(self._rows, self.indexes, until)

    def _of(self, records: Records, base: "array[int]") -> Self:
        new = type(self).__new__(type(self))
        new._hold(records, self.usd_per_gb_month, base, self.believed_until)
        return new

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._rows)

    def __contains__(self, snapshot_id: str) -> bool:
        return self.number_of(snapshot_id) is not None

    @property
    def rows(self) -> Sequence[Snapshot]:
        """The snapshots by their row numbers, in order of arrival."""
        return self._rows.by_number

    def get(self, snapshot_id: str | None) -> Snapshot | None:
        """Return the snapshot with this id, if it is here."""
        number = None if snapshot_id is None else self.number_of(snapshot_id)
        return None if number is None else self._records.rows[number]

    def number_of(self, snapshot_id: str) -> int | None:
        """Return the row number of an id."""
        return self._rows.number_of(snapshot_id)

    def numbers_of(self, ids: Iterable[str]) -> "array[int]":
        """Return the row numbers of those ids that are here."""
        return self._rows.numbers_of(ids)

    def sort_ahead(self, keys: Iterable[SortKey]) -> None:
        """Sort by all of these keys now, and tell the name families apart."""
        for key in keys:
            self.indexes.ordering(key)
        _ = self.places.by_family.places, self.places.by_source.same_day, self.places.by_source.growths

    def merged(self, rows: Iterable[Snapshot]) -> Self:
        """Return a list in which `rows` replace those with the same id and the others are added."""
        latest = {row.id: row for row in rows}
        changed: dict[int, Snapshot] = {}
        added: list[Snapshot] = []
        records = self._records
        for row, number in zip(latest.values(), records.numbers_of(latest), strict=True):
            if not 0 <= number < len(self._rows):
                added.append(row)
            elif row != records.rows[number]:
                changed[number] = row
        if not changed and not added:
            return self
        if changed or len(records.rows) > len(self._rows):
            records = Records(changed.get(number, row) for number, row in enumerate(self))
        records.extend(added)
        return self._of(records, self._base_of(records, changed))

    def _base_of(self, records: Records, changed: Collection[int]) -> "array[int]":
        """Return the order by name of a longer list: what was sorted stays sorted but for the rows that changed."""
        count = len(records.rows)
        names = _name_keys(records.rows)
        if _FEW * (count - len(self._rows) + len(changed)) > count:
            return in_order(range(count), names)
        base = self._base
        if changed:
            base = array("i", [number for number in base if number not in changed])
        added = [*changed, *range(len(self._rows), count)]
        return inserted(base, added, lambda some: list(zip(names(some), some, strict=True)))

    def keeping(self, ids: Collection[str]) -> Self:
        """Return the list without every snapshot whose id is not among `ids`."""
        return self._only(bytes(row.id in ids for row in self))

    def without(self, ids: Collection[str]) -> Self:
        """Return the list without the snapshots with these ids."""
        return self._only(bytes(row.id not in ids for row in self))

    def _only(self, kept: bytes) -> Self:
        if kept.count(1) == len(self._rows):
            return self
        numbers = array("i", accumulate(kept, initial=0))
        base = array("i", [numbers[number] for number in self._base if kept[number]])
        return self._of(Records(compress(self, kept)), base)

    def dated_by(self, server_date: float | None) -> Self:
        """Return the list in which dates more than a day after the server's (Unix seconds) are not believed."""
        if server_date is None or _newest(self) <= min(self.believed_until, server_date + BELIEVED_SECONDS):
            return self
        new = type(self).__new__(type(self))
        # Indexes and sums are shared: only the places depend on which dates are believed.
        new.__dict__.update(self.__dict__)
        new._believe(server_date + BELIEVED_SECONDS)
        return new

    def is_ahead(self, snapshot: Snapshot) -> bool:
        """Return whether a snapshot's date is more than a day after the server's own, and so not believed."""
        return snapshot.created is not None and snapshot.created > self.believed_until

    def prepare(self) -> None:
        """Compute the indexes and sums now that would else be computed on first use."""
        self.indexes.prepare()
        _ = self.places.by_source.places, self.sums.totals


def _newest(rows: Iterable[Snapshot]) -> float:
    return max((row.created for row in rows if row.created is not None), default=-inf)


def _name_keys(rows: Sequence[Snapshot]) -> Callable[[Sequence[int]], Sequence[str]]:
    """Return a function that gives rows their keys in the order by name; equal names are ordered by id."""

    def keys(some: Sequence[int]) -> Sequence[str]:
        names = naturals([rows[number].name for number in some])
        return [f"{name}\0{rows[number].id}" for name, number in zip(names, some, strict=True)]

    return keys
