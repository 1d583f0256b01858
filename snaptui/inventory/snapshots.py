"""List of an account's snapshots, with the indexes, orders and sums that browsing asks for again and again."""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, compress, islice
from math import inf
from operator import attrgetter
from typing import Final, Literal, Self

from snaptui.inventory.groups import Groups, Words
from snaptui.inventory.orders import Ordering, SortKey, in_order, inserted, naturals
from snaptui.inventory.records import Records
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.siblings import Siblings
from snaptui.inventory.source_states import SourceStates
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, Totals, cents_of_each
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query.context import Place
from snaptui.query.terms import Value

_FEW: Final = 8
"""When at most one row in so many is new, the kept order of the others is reused."""

_REMEMBERED: Final = 12
NameOrId = Literal[SortKey.NAME, SortKey.ID]
_DATED: Final = frozenset({"by_source", "by_family"})
BELIEVED_SECONDS: Final = 86_400.0
"""A day: dates further ahead of the server's own clock are not believed."""

_WORDS: Final[dict[SortKey, Callable[[Snapshot], Words | None]]] = {
    SortKey.TYPE: lambda row: (row.resource_type,),
    SortKey.REGIONS: attrgetter("regions"),
    SortKey.TAGS: attrgetter("tags"),
}


class Snapshots:
    """An immutable list of snapshots with unique ids.

    Indexes and orders, which are expensive to compute for 100,000 rows, are computed once and kept. A list to which
    rows are added shares its records with the longer one, and looks at the first of them only.
    """

    def __init__(self, rows: Iterable[Snapshot] = (), usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> None:
        records = Records({row.id: row for row in rows}.values())
        self._hold(records, usd_per_gb_month, in_order(range(len(records.rows)), _name_keys(records.rows)))

    def _hold(self, records: Records, usd_per_gb_month: float, base: "array[int]") -> None:
        self.usd_per_gb_month = usd_per_gb_month
        self._records = records
        self._count = len(records.rows)
        self._base = base
        self._server_date: float | None = None
        self._orderings: dict[SortKey, Ordering] = {}
        self._groups: dict[SortKey, Groups] = {}
        self._recent: dict[Hashable, RowSet] = {}
        self._lacking: dict[str, RowSet] = {}
        self._states: SourceStates | None = None

    def _of(self, records: Records, base: "array[int]") -> Self:
        new = type(self).__new__(type(self))
        new._hold(records, self.usd_per_gb_month, base)
        new._server_date = self._server_date
        return new

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Snapshot]:
        return islice(self._records.rows, self._count)

    def __contains__(self, snapshot_id: str) -> bool:
        return self.number_of(snapshot_id) is not None

    @cached_property
    def rows(self) -> Sequence[Snapshot]:
        """The snapshots by their row numbers, in order of arrival."""
        return tuple(self)

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

    def having(self, needle: str) -> RowSet:
        """Return the rows with a folded text in their name, id, regions or tags; kept for a while."""
        return self.remembered(needle, lambda: self._having(needle))

    def _having(self, needle: str) -> RowSet:
        of_groups = self.groups(SortKey.REGIONS).having(needle) | self.groups(SortKey.TAGS).having(needle)
        return self.texts_having(SortKey.NAME, needle) | self.texts_having(SortKey.ID, needle) | of_groups

    def texts_having(self, key: NameOrId, needle: str) -> RowSet:
        """Return the rows with a folded text in their name or id."""
        texts = self._records.names if key is SortKey.NAME else self._records.ids
        return RowSet(texts.having(needle, self._count))

    def texts_fitting(self, key: NameOrId, value: Value, fits: Callable[[str], object]) -> RowSet:
        """Return the rows whose name or id a value fits."""
        records, read = self._records, attrgetter(key)
        texts = records.names if key is SortKey.NAME else records.ids

        def originals(start: int, stop: int) -> Iterable[str]:
            return map(read, islice(records.rows, start, stop))

        return RowSet(texts.fitting(value, fits, self._count, originals))

    def states(self, sources: Sources) -> SourceStates:
        """Return the rows by the state of their source; made once for what is known of sources, then kept."""
        if self._states is None or self._states.sources is not sources:
            self._states = SourceStates(self.rows, self.by_source, sources)
        return self._states

    def remembered(self, name: Hashable, select: Callable[[], RowSet]) -> RowSet:
        """Return the cached selection of this name, or else compute it: letters of a filter are often taken back."""
        selected = self._recent.pop(name, None)
        if selected is None:
            selected = select()
        self._recent[name] = selected
        if len(self._recent) > _REMEMBERED:
            self._recent.pop(next(iter(self._recent)), None)
        return selected

    def lacking(self, attribute: str) -> RowSet:
        """Return the rows in which a field of `Snapshot` is `None`; made on first use, then kept."""
        found = self._lacking.get(attribute)
        if found is None:
            read = attrgetter(attribute)
            found = self._lacking[attribute] = RowSet(bytes([read(row) is None for row in self]))
        return found

    @cached_property
    def types(self) -> frozenset[str]:
        """The resource types that there are."""
        return frozenset(words[0] for words in self.groups(SortKey.TYPE).words if words)

    @property
    def tags_readable(self) -> bool:
        """False when no snapshot has its tags known: then the token may not read them."""
        return not self._count or not self.lacking("tags").is_everything

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
        """Sort by all of these keys now, and tell the name families apart."""
        for key in keys:
            self.ordering(key)
        _ = self.by_family.places

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
    def by_source(self) -> Siblings:
        """The snapshots of each source, newest first; those of unknown sources are in none."""
        keys = (None if row.resource_id is None else (row.resource_type, row.resource_id) for row in self)
        return Siblings(self.rows, keys, self.believed_until)

    @cached_property
    def families(self) -> Sequence[str]:
        """The name family of each row by its number."""
        known: dict[str, str] = {}
        return [known.setdefault(family, family) for family in map(family_of, map(attrgetter("name"), self))]

    @cached_property
    def by_family(self) -> Siblings:
        """The snapshots of each name family, newest first."""
        return Siblings(self.rows, self.families, self.believed_until)

    def siblings(self, snapshot: Snapshot) -> Sequence[Snapshot]:
        """Return the dated snapshots of the same source, newest first; empty when the source is unknown."""
        number = self.number_of(snapshot.id)
        return [] if number is None else [self.rows[one] for one in self.by_source.dated(number)]

    def place_of(self, snapshot: Snapshot) -> tuple[int, int] | None:
        """Return `(2, 5)` for the second newest of five of its source; `None` when that is not known."""
        number = self.number_of(snapshot.id)
        place = None if number is None else self.by_source.places[number]
        return (place, len(self.by_source.dated(number))) if place and number is not None else None

    def source_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same source; `None` when the source is unknown."""
        number = self.number_of(snapshot.id)
        return None if number is None else self.by_source.place_of(number)

    def family_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same name family; `None` for one that is not here."""
        number = self.number_of(snapshot.id)
        return None if number is None else self.by_family.place_of(number)

    def dated_by(self, server_date: float | None) -> Self:
        """Return the list in which dates more than a day after the server's (Unix seconds) are not believed."""
        if server_date is None or self._newest <= min(self.believed_until, server_date + BELIEVED_SECONDS):
            return self
        new = type(self).__new__(type(self))
        new.__dict__.update({name: value for name, value in self.__dict__.items() if name not in _DATED})
        new._server_date, new._recent = server_date, {}
        return new

    @cached_property
    def _newest(self) -> float:
        return max((row.created for row in self if row.created is not None), default=-inf)

    @property
    def believed_until(self) -> float:
        """The latest date that is believed, in Unix seconds; infinite where the server's clock is not known."""
        return inf if self._server_date is None else self._server_date + BELIEVED_SECONDS

    def is_ahead(self, snapshot: Snapshot) -> bool:
        """Return whether a snapshot's date is more than a day after the server's own, and so not believed."""
        return snapshot.created is not None and snapshot.created > self.believed_until

    def prepare(self) -> None:
        """Compute the indexes and sums now that would else be computed on first use."""
        _ = self.by_source.places, self.totals, self.groups(SortKey.REGIONS), self.groups(SortKey.TAGS)
        for attribute in ("tags", "created", "size_gigabytes"):
            self.lacking(attribute)

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

    def totals_of(self, selected: RowSet) -> Totals:
        """Return count, size and monthly cost of the selected rows."""
        if selected.is_everything:
            return self.totals
        flags = selected.flags
        unsized = sum(flags[number] for number in self._unsized)
        return Totals(selected.count, sum(compress(self.sizes, flags)), sum(compress(self.cents, flags)), unsized)


def _name_keys(rows: Sequence[Snapshot]) -> Callable[[Sequence[int]], Sequence[str]]:
    """Return a function that gives rows their keys in the order by name; equal names are ordered by id."""

    def keys(some: Sequence[int]) -> Sequence[str]:
        names = naturals([rows[number].name for number in some])
        return [f"{name}\0{rows[number].id}" for name, number in zip(names, some, strict=True)]

    return keys
