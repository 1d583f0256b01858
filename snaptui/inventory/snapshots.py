"""An account's snapshots by id, with the orders and groups that browsing asks for again and again."""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, compress, islice
from operator import attrgetter
from typing import Final, Self

from snaptui.inventory.groups import Groups, Words
from snaptui.inventory.orders import Ordering, SortKey, in_order, inserted, naturals
from snaptui.inventory.records import Records
from snaptui.inventory.row_set import either
from snaptui.inventory.siblings import Siblings
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, Totals, cents_of_each
from snaptui.model.snapshot import Snapshot

_FEW: Final = 8
"""One in so many rows may be new for the others' order to be kept."""

_REMEMBERED: Final = 12
_WORDS: Final[dict[SortKey, Callable[[Snapshot], Words | None]]] = {
    SortKey.TYPE: lambda row: (row.resource_type,),
    SortKey.REGIONS: attrgetter("regions"),
    SortKey.TAGS: attrgetter("tags"),
}


class Snapshots:
    """An immutable list of snapshots with unique ids.

    What is expensive to make for 100,000 rows is made once and kept. A list to which rows are added shares its records
    with the longer one, and looks at the first of them only.
    """

    def __init__(self, rows: Iterable[Snapshot] = (), usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> None:
        records = Records({row.id: row for row in rows}.values())
        self._hold(records, usd_per_gb_month, in_order(range(len(records.rows)), _name_keys(records.rows)))

    def _hold(self, records: Records, usd_per_gb_month: float, base: "array[int]") -> None:
        self.usd_per_gb_month = usd_per_gb_month
        self._records = records
        self._count = len(records.rows)
        self._base = base
        self._orderings: dict[SortKey, Ordering] = {}
        self._groups: dict[SortKey, Groups] = {}
        self._recent: dict[Hashable, bytes] = {}

    def _of(self, records: Records, base: "array[int]") -> Self:
        new = type(self).__new__(type(self))
        new._hold(records, self.usd_per_gb_month, base)
        return new

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

    def get(self, snapshot_id: str | None) -> Snapshot | None:
        """Return the snapshot with this id, if it is here."""
        number = None if snapshot_id is None else self.number_of(snapshot_id)
        return None if number is None else self._records.rows[number]

    def number_of(self, snapshot_id: str) -> int | None:
        """Return the row number of an id."""
        number = self._records.numbers_of((snapshot_id,))[0]
        return number if 0 <= number < self._count else None

    def numbers_of(self, ids: Iterable[str]) -> "array[int]":
        """Return the row numbers of those ids that are here."""
        return array("i", [number for number in self._records.numbers_of(ids) if 0 <= number < self._count])

    def having(self, needle: str) -> bytes:
        """Select the rows with a folded text in their name, id, regions or tags."""
        found = self._records.texts.having(needle, self._count)
        for key in (SortKey.REGIONS, SortKey.TAGS):
            found = either(found, self.groups(key).having(needle))
        return found

    def perhaps_having(self, beginning: str) -> bytes:
        """Select at least the rows whose names have a folded ASCII text in them, in whatever sense of case."""
        return self._records.texts.having(beginning, self._count, unsure=True)

    def remembered(self, name: Hashable, select: Callable[[], bytes]) -> bytes:
        """Return what was selected under this name a moment ago, or else select it: letters are often taken back."""
        selected = self._recent.pop(name, None) or select()
        self._recent[name] = selected
        if len(self._recent) > _REMEMBERED:
            self._recent.pop(next(iter(self._recent)), None)
        return selected

    def groups(self, key: SortKey) -> Groups:
        """Return all row numbers grouped by type, regions or tags; made on first use, then kept."""
        groups = self._groups.get(key)
        if groups is None:
            groups = self._groups[key] = Groups(self._base, map(_WORDS[key], self))
        return groups

    def sorted_already(self, key: SortKey) -> Ordering | None:
        """Return all row numbers sorted by `key` if that costs nothing."""
        return self._orderings.get(key)

    def ordering(self, key: SortKey) -> Ordering:
        """Return all row numbers sorted by `key`; computed on first use, then kept."""
        key = SortKey.SIZE if key is SortKey.COST else key  # the dearest are the largest
        ordering = self._orderings.get(key)
        if ordering is None:
            ordering = self._orderings[key] = self._sorted_by(key)
        return ordering

    def _sorted_by(self, key: SortKey) -> Ordering:
        if key is SortKey.NAME:
            return Ordering(self._base, self._count)
        if key in _WORDS and (groups := self.groups(key)).sorted:
            return Ordering(groups.rows, groups.known)
        return Ordering.of(key, self._records.rows, self._base)

    def sort_ahead(self, keys: Iterable[SortKey]) -> None:
        """Sort by all of these keys now."""
        for key in keys:
            self.ordering(key)

    def merged(self, rows: Iterable[Snapshot]) -> Self:
        """Return a list in which `rows` replace those with the same id and the others are added."""
        latest = {row.id: row for row in rows}
        changed: dict[int, Snapshot] = {}
        added: list[Snapshot] = []
        records = self._records
        for row, number in zip(latest.values(), records.numbers_of(latest), strict=True):
            if not 0 <= number < self._count:
                added.append(row)
            elif row != records.rows[number]:
                changed[number] = row
        if not changed and not added:
            return self
        if changed or len(records.rows) > self._count:
            records = Records(changed.get(number, row) for number, row in enumerate(self))
        records.extend(added)
        return self._of(records, self._base_of(records, changed))

    def _base_of(self, records: Records, changed: Collection[int]) -> "array[int]":
        """Return the order by name of a longer list: what was sorted stays sorted but for the rows that changed."""
        count = len(records.rows)
        names = _name_keys(records.rows)
        if _FEW * (count - self._count + len(changed)) > count:
            return in_order(range(count), names)
        base = self._base
        if changed:
            base = array("i", [number for number in base if number not in changed])
        added = [*changed, *range(self._count, count)]
        return inserted(base, added, lambda some: list(zip(names(some), some, strict=True)))

    def keeping(self, ids: Collection[str]) -> Self:
        """Return the list without every snapshot whose id is not among `ids`."""
        return self._only(bytes(row.id in ids for row in self))

    def without(self, ids: Collection[str]) -> Self:
        """Return the list without the snapshots with these ids."""
        return self._only(bytes(row.id not in ids for row in self))

    def _only(self, kept: bytes) -> Self:
        if kept.count(1) == self._count:
            return self
        numbers = array("i", accumulate(kept, initial=0))
        base = array("i", [numbers[number] for number in self._base if kept[number]])
        return self._of(Records(compress(self, kept)), base)

    @cached_property
    def _siblings(self) -> Siblings:
        return Siblings(self._records.rows, self._count)

    def siblings(self, snapshot: Snapshot) -> Sequence[Snapshot]:
        """Return the dated snapshots of the same source, newest first; empty when the source is unknown."""
        return [self._records.rows[number] for number in self._siblings.numbers_of(snapshot)]

    def place_of(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """Return `(2, 5)` for the second newest of five of its source; `None` when that is not known."""
        number = self.number_of(snapshot.id)
        siblings = self._siblings.numbers_of(snapshot)
        return None if number is None or number not in siblings else (siblings.index(number) + 1, len(siblings))

    @cached_property
    def latest_ids(self) -> frozenset[str]:
        """The ids of the newest snapshot of every source."""
        return frozenset(self._records.rows[number].id for number in self._siblings.newest())

    def prepare(self) -> None:
        """Derive now what is otherwise derived on first use."""
        _ = self._siblings, self.totals, self.groups(SortKey.REGIONS), self.groups(SortKey.TAGS)

    @cached_property
    def _unsized(self) -> "array[int]":
        return array("i", (number for number, row in enumerate(self) if row.size_gigabytes is None))

    @cached_property
    def sizes(self) -> Sequence[float]:
        """The gigabytes of each row by its number; 0 where its size is unknown."""
        return [row.size_gigabytes or 0.0 for row in self]

    @cached_property
    def cents(self) -> Sequence[int]:
        """The monthly cost of each row by its number, in whole US cents; 0 where its size is unknown."""
        cents = cents_of_each(self.sizes, self.usd_per_gb_month)
        for number in self._unsized:
            cents[number] = 0
        return cents

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of the whole list."""
        return Totals(self._count, sum(self.sizes), sum(self.cents), len(self._unsized))

    def totals_of(self, selected: bytes) -> Totals:
        """Return count, size and monthly cost of the selected rows."""
        count = selected.count(1)
        if count == self._count:
            return self.totals
        unsized = sum(selected[number] for number in self._unsized)
        return Totals(count, sum(compress(self.sizes, selected)), sum(compress(self.cents, selected)), unsized)


def _name_keys(rows: Sequence[Snapshot]) -> Callable[[Sequence[int]], Sequence[str]]:
    return lambda some: naturals([rows[number].name for number in some])
