"""An account's snapshots by id, with the orders and texts that browsing asks for again and again."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from math import inf
from typing import Self

from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, MINIMUM_MONTHLY_USD, Totals, monthly_usd
from snaptui.model.query import haystack_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sorting import Ordering, SortKey, in_order, natural


class _Records:
    """Rows in order of arrival, their numbers by id, and their texts."""

    def __init__(self) -> None:
        self.rows: list[Snapshot] = []
        self.numbers: dict[str, int] = {}
        self.haystacks: list[str] = []

    def put(self, row: Snapshot) -> None:
        """Add a row, or replace the one with its id."""
        number = self.numbers.setdefault(row.id, len(self.rows))
        if number == len(self.rows):
            self.rows.append(row)
            self.haystacks.append(haystack_of(row))
        else:
            self.rows[number] = row
            self.haystacks[number] = haystack_of(row)

    def only(self, kept: Iterable[int]) -> "_Records":
        """Return a copy of the rows with these numbers, ascending."""
        copy = _Records()
        for new, old in enumerate(kept):
            copy.rows.append(self.rows[old])
            copy.haystacks.append(self.haystacks[old])
            copy.numbers[self.rows[old].id] = new
        return copy


class _Sources:
    """Which rows are of the same source: the newest of each, and behind each row the next older one, or -1."""

    def __init__(self, rows: Sequence[Snapshot], base: Sequence[int]) -> None:
        self._newest = defaultdict[str, dict[str, int]](dict)
        self._older = array("i", [-1]) * len(rows)
        self._older_count = array("i", [-1]) * len(rows)
        dated = [n for n in base if rows[n].created is not None and rows[n].resource_id is not None]
        for number in in_order(dated, array("d", (row.created or 0.0 for row in rows))):
            row = rows[number]
            of_type, source = self._newest[row.resource_type], row.resource_id or ""
            head = of_type.get(source, -1)
            if head < 0 or rows[head].created != row.created or row.id < rows[head].id:
                of_type[source] = number
                self._put(number, head)
            else:
                self._put(number, self._older[head])
                self._put(head, number)

    def _put(self, number: int, older: int) -> None:
        self._older[number] = older
        self._older_count[number] = 0 if older < 0 else self._older_count[older] + 1

    def newest(self) -> Iterator[int]:
        """The number of the newest row of each source."""
        return chain.from_iterable(of_type.values() for of_type in self._newest.values())

    def numbers_of(self, snapshot: Snapshot) -> Iterator[int]:
        """The numbers of the rows of a snapshot's source, newest first."""
        number = self._newest.get(snapshot.resource_type, {}).get(snapshot.resource_id or "", -1)
        while number >= 0:
            yield number
            number = self._older[number]

    def place_of(self, snapshot: Snapshot, number: int) -> tuple[int, int] | None:
        """Return which newest of how many of its source the row with this number is."""
        newest = next(self.numbers_of(snapshot), None)
        if newest is None or self._older_count[number] < 0:
            return None
        return self._older_count[newest] - self._older_count[number] + 1, self._older_count[newest] + 1


class Snapshots:
    """An immutable list of snapshots with unique ids.

    What is expensive to make for 100,000 rows is made once and kept. A list to which rows are added shares its records
    with the longer one, and looks at the first of them only.
    """

    def __init__(self, rows: Iterable[Snapshot] = (), usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> None:
        self.usd_per_gb_month = usd_per_gb_month
        self._records = _Records()
        for row in rows:
            self._records.put(row)
        self._count = len(self._records.rows)
        self._base: list[int] = in_order(list(self._records.numbers.values()), self._name_keys())
        self._orderings: dict[SortKey, Ordering] = {}

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Snapshot]:
        return islice(self._records.rows, self._count)

    def __contains__(self, snapshot_id: str) -> bool:
        return self.number_of(snapshot_id) is not None

    @property
    def rows(self) -> Sequence[Snapshot]:
        """The snapshots by their numbers, in order of arrival; there may be more than belong to this list."""
        return self._records.rows

    @property
    def haystacks(self) -> Sequence[str]:
        """The texts in which words are looked for, by the numbers of the rows."""
        return self._records.haystacks

    def get(self, snapshot_id: str | None) -> Snapshot | None:
        """Return the snapshot with this id, if it is here."""
        number = None if snapshot_id is None else self.number_of(snapshot_id)
        return None if number is None else self._records.rows[number]

    def number_of(self, snapshot_id: str) -> int | None:
        """Return the row number of an id."""
        number = self._records.numbers.get(snapshot_id)
        return number if number is not None and number < self._count else None

    def ordering(self, key: SortKey) -> Ordering:
        """Return all row numbers sorted by `key`; computed on first use, then kept."""
        key = SortKey.SIZE if key is SortKey.COST else key  # the dearest are the largest
        ordering = self._orderings.get(key)
        if ordering is None:
            made = Ordering(self._base, len(self._base)) if key is SortKey.NAME else None
            ordering = made or Ordering.of(key, list(self), self._base)
            self._orderings[key] = ordering
        return ordering

    def sort_ahead(self, keys: Iterable[SortKey]) -> None:
        """Sort by all of these keys now, in both directions."""
        for key in keys:
            for descending in (False, True):
                self.ordering(key).rows(descending=descending)

    def _name_keys(self) -> list[str]:
        return [natural(row.name) for row in self]

    def _of(self, records: _Records, base: list[int]) -> Self:
        new = type(self)((), self.usd_per_gb_month)
        new._records, new._count, new._base = records, len(records.rows), base
        return new

    def merged(self, rows: Iterable[Snapshot]) -> Self:
        """Return a list in which `rows` replace those with the same id and the others are added."""
        changed = [row for row in {row.id: row for row in rows}.values() if row != self.get(row.id)]
        if not changed:
            return self
        records, base = self._records, self._base
        if len(records.rows) > self._count or any(row.id in records.numbers for row in changed):
            records = records.only(range(self._count))
            base = list(records.numbers.values())
        for row in changed:
            records.put(row)
        # What was sorted stays sorted: merging the new rows in costs far less than sorting all again.
        new = self._of(records, [*base, *islice(records.numbers.values(), self._count, None)])
        new._base.sort(key=new._name_keys().__getitem__)
        return new

    def keeping(self, ids: Collection[str]) -> Self:
        """Return the list without every snapshot whose id is not among `ids`."""
        return self._only([number for number, row in enumerate(self) if row.id in ids])

    def without(self, ids: Collection[str]) -> Self:
        """Return the list without the snapshots with these ids."""
        return self._only([number for number, row in enumerate(self) if row.id not in ids])

    def _only(self, kept: list[int]) -> Self:
        if len(kept) == self._count:
            return self
        records = self._records.only(kept)
        renumbered = dict(zip(kept, records.numbers.values(), strict=True))
        return self._of(records, [renumbered[number] for number in self._base if number in renumbered])

    @cached_property
    def _sources(self) -> _Sources:
        return _Sources(list(self), self._base)

    def siblings(self, snapshot: Snapshot) -> Sequence[Snapshot]:
        """Return the dated snapshots of the same source, newest first; empty when the source is unknown."""
        return [self._records.rows[number] for number in self._sources.numbers_of(snapshot)]

    def place_of(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """Return `(2, 5)` for the second newest of five of its source; `None` when that is not known."""
        number = self.number_of(snapshot.id)
        return None if number is None else self._sources.place_of(snapshot, number)

    @cached_property
    def latest_ids(self) -> frozenset[str]:
        """The ids of the newest snapshot of every source."""
        return frozenset(self._records.rows[number].id for number in self._sources.newest())

    def prepare(self) -> None:
        """Derive now what is otherwise derived on first use."""
        _ = self._sources, self.totals

    @cached_property
    def _sizes(self) -> list[float]:
        return [row.size_gigabytes or 0.0 for row in self]

    @cached_property
    def _odd(self) -> frozenset[int]:
        """The numbers of the rows whose cost is not their size times the price."""
        least = MINIMUM_MONTHLY_USD / self.usd_per_gb_month if self.usd_per_gb_month else inf
        return frozenset(number for number, size in enumerate(self._sizes) if size < least)

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of the whole list."""
        return self._totals_of(range(self._count))

    def totals_of(self, numbers: Sequence[int]) -> Totals:
        """Count, size and monthly cost of the rows with these numbers."""
        return self.totals if len(numbers) == self._count else self._totals_of(numbers)

    def _totals_of(self, numbers: Sequence[int]) -> Totals:
        # One sum over many rows, and for the few odd ones what it says wrongly.
        gigabytes, price = sum(map(self._sizes.__getitem__, numbers)), self.usd_per_gb_month
        usd, unsized = gigabytes * price, 0
        for number in self._odd.intersection(numbers) if self._odd else ():
            cost = monthly_usd(self._records.rows[number], price)
            unsized += cost is None
            usd += (cost or 0.0) - self._sizes[number] * price
        return Totals(len(numbers), gigabytes, usd, unsized)
