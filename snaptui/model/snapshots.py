"""An account's snapshots by id, with the orders and texts that browsing asks for again and again."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from math import fsum
from typing import Self

from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, Totals, monthly_usd
from snaptui.model.query import haystack_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sorting import Ordering, SortKey, natural


class Snapshots:
    """An immutable list of snapshots with unique ids.

    What is expensive to make for 100,000 rows is made once and carried over when rows are added.
    """

    def __init__(self, rows: Iterable[Snapshot] = (), usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> None:
        self.usd_per_gb_month = usd_per_gb_month
        by_id = {row.id: row for row in rows}
        self._rows: list[Snapshot] = list(by_id.values())
        self._numbers = {row_id: number for number, row_id in enumerate(by_id)}
        self.haystacks: list[str] = [haystack_of(row) for row in self._rows]
        self._name_keys: list[str] = [natural(row.name) for row in self._rows]
        self._base: list[int] = sorted(range(len(self._rows)), key=self._name_keys.__getitem__)
        self._orderings: dict[SortKey, Ordering] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._rows)

    def __contains__(self, snapshot_id: str) -> bool:
        return snapshot_id in self._numbers

    @property
    def rows(self) -> Sequence[Snapshot]:
        """Every snapshot, in the order of arrival."""
        return self._rows

    def get(self, snapshot_id: str | None) -> Snapshot | None:
        """Return the snapshot with this id, if it is here."""
        number = None if snapshot_id is None else self._numbers.get(snapshot_id)
        return None if number is None else self._rows[number]

    def number_of(self, snapshot_id: str) -> int | None:
        """Return the row number of an id."""
        return self._numbers.get(snapshot_id)

    def ordering(self, key: SortKey) -> Ordering:
        """Return all row numbers sorted by `key`; computed on first use, then kept."""
        ordering = self._orderings.get(key)
        if ordering is None:
            made = Ordering(self._base, len(self._base)) if key is SortKey.NAME else None
            ordering = made or Ordering.of(key, self._rows, self._base)
            self._orderings[key] = ordering
        return ordering

    def merged(self, rows: Iterable[Snapshot]) -> Self:
        """Return a list in which `rows` replace those with the same id and the others are added."""
        new = type(self)((), self.usd_per_gb_month)
        new._rows, new._numbers = self._rows.copy(), self._numbers.copy()
        new.haystacks, new._name_keys = self.haystacks.copy(), self._name_keys.copy()
        for row in rows:
            number = new._numbers.get(row.id)
            if number is None:
                new._numbers[row.id] = len(new._rows)
                new._rows.append(row)
                new.haystacks.append(haystack_of(row))
                new._name_keys.append(natural(row.name))
            elif row != new._rows[number]:
                new._rows[number] = row
                new.haystacks[number] = haystack_of(row)
                new._name_keys[number] = natural(row.name)
        # What was sorted stays sorted: merging the new rows in costs far less than sorting all again.
        new._base = self._base + list(range(len(self._rows), len(new._rows)))
        new._base.sort(key=new._name_keys.__getitem__)
        return new

    def keeping(self, ids: Collection[str]) -> Self:
        """Return the list without every snapshot whose id is not among `ids`."""
        if len(ids) >= len(self._rows) and all(row_id in ids for row_id in self._numbers):
            return self
        kept = (row for row in self._rows if row.id in ids)
        return type(self)(kept, self.usd_per_gb_month)

    def without(self, ids: Collection[str]) -> Self:
        """Return the list without the snapshots with these ids."""
        kept = (row for row in self._rows if row.id not in ids)
        return type(self)(kept, self.usd_per_gb_month)

    @cached_property
    def _by_source(self) -> dict[tuple[str, str], list[Snapshot]]:
        sources: dict[tuple[str, str], list[Snapshot]] = {}
        for row in self._rows:
            if row.resource_id is not None and row.created is not None:
                sources.setdefault((row.resource_type, row.resource_id), []).append(row)
        for siblings in sources.values():
            siblings.sort(key=lambda s: (-(s.created or 0.0), s.id))
        return sources

    def siblings(self, snapshot: Snapshot) -> Sequence[Snapshot]:
        """Return the dated snapshots of the same source, newest first; empty when the source is unknown."""
        return self._by_source.get((snapshot.resource_type, snapshot.resource_id or ""), ())

    @cached_property
    def latest_ids(self) -> frozenset[str]:
        """The ids of the newest snapshot of every source."""
        return frozenset(siblings[0].id for siblings in self._by_source.values())

    @cached_property
    def _sizes(self) -> list[float]:
        return [row.size_gigabytes or 0.0 for row in self._rows]

    @cached_property
    def _costs(self) -> list[float]:
        return [monthly_usd(row, self.usd_per_gb_month) or 0.0 for row in self._rows]

    @cached_property
    def _unsized(self) -> frozenset[int]:
        return frozenset(n for n, row in enumerate(self._rows) if row.size_gigabytes is None)

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of the whole list."""
        return Totals(len(self._rows), fsum(self._sizes), fsum(self._costs), len(self._unsized))

    def totals_of(self, numbers: Sequence[int]) -> Totals:
        """Count, size and monthly cost of the rows with these numbers."""
        if len(numbers) == len(self._rows):
            return self.totals
        sizes, costs = self._sizes, self._costs
        unsized = len(self._unsized.intersection(numbers)) if self._unsized else 0
        gigabytes = fsum(map(sizes.__getitem__, numbers))
        return Totals(len(numbers), gigabytes, fsum(map(costs.__getitem__, numbers)), unsized)
