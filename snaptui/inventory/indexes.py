"""Indexes of a list: texts, groups, orders and gaps, each made on first use and then kept."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from math import inf
from operator import attrgetter
from typing import Final, Literal

from snaptui.inventory.orders import Ordering, SortKey
from snaptui.inventory.records import Rows
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.value_groups import Groups, Words
from snaptui.model.snapshot import Snapshot
from snaptui.query.terms import Value

DAY_SECONDS: Final = 86_400
NO_DAY: Final = -(2**62)
_REMEMBERED: Final = 12
NameOrId = Literal[SortKey.NAME, SortKey.ID]
_WORDS: Final[dict[SortKey, Callable[[Snapshot], Words | None]]] = {
    SortKey.TYPE: lambda row: (row.resource_type,),
    SortKey.REGIONS: attrgetter("regions"),
    SortKey.TAGS: attrgetter("tags"),
}


class Indexes:
    """Indexes of some rows; `base` is their order by name."""

    def __init__(self, rows: Rows, base: "array[int]") -> None:
        self._rows = rows
        self._records = rows.records
        self._base = base
        self._orderings: dict[SortKey, Ordering] = {}
        self._groups: dict[SortKey, Groups] = {}
        self._recent: dict[Hashable, RowSet] = {}
        self._lacking: dict[str, RowSet] = {}

    def having(self, needle: str) -> RowSet:
        """Return the rows with a folded text in their name, id, regions or tags; kept for a while."""
        return self.remembered(needle, lambda: self._having(needle))

    def _having(self, needle: str) -> RowSet:
        of_groups = self.groups(SortKey.REGIONS).having(needle) | self.groups(SortKey.TAGS).having(needle)
        return self.texts_having(SortKey.NAME, needle) | self.texts_having(SortKey.ID, needle) | of_groups

    def texts_having(self, key: NameOrId, needle: str) -> RowSet:
        """Return the rows with a folded text in their name or id."""
        texts = self._records.names if key is SortKey.NAME else self._records.ids
        return RowSet(texts.having(needle, len(self._rows)))

    def texts_fitting(self, key: NameOrId, value: Value, fits: Callable[[str], object]) -> RowSet:
        """Return the rows whose name or id a value fits."""
        records, read = self._records, attrgetter(key)
        texts = records.names if key is SortKey.NAME else records.ids

        def originals(start: int, stop: int) -> Iterable[str]:
            return map(read, records.rows[start:stop])

        return RowSet(texts.fitting(value, fits, len(self._rows), originals))

    def remembered(self, name: Hashable, select: Callable[[], RowSet]) -> RowSet:
        """Return the cached selection of this name, or else compute it: letters of a filter are often taken back."""
        selected = self._recent.pop(name, None)
        if selected is None:
            selected = select()
        self._recent[name] = selected
        for oldest in list(self._recent)[:-_REMEMBERED]:  # copied in one go, as other threads ask, too
            self._recent.pop(oldest, None)
        return selected

    def lacking(self, attribute: str) -> RowSet:
        """Return the rows in which a field of `Snapshot` is `None`."""
        found = self._lacking.get(attribute)
        if found is None:
            read = attrgetter(attribute)
            found = self._lacking[attribute] = RowSet(bytes([read(row) is None for row in self._rows]))
        return found

    @cached_property
    def days(self) -> "array[int]":
        """The day that each row was created on, in UTC days since 1970; `NO_DAY` where that is unknown."""
        made = (row.created for row in self._rows)
        return array("q", [NO_DAY if seconds is None else int(seconds // DAY_SECONDS) for seconds in made])

    @cached_property
    def moments(self) -> "array[float]":
        """The creation of each row by its number, in Unix seconds; minus infinity where it is not known."""
        created = map(attrgetter("created"), self._rows)
        return array("d", [-inf if moment is None else moment for moment in created])

    def after(self, moment: float) -> "array[int]":
        """Return the rows created after a moment (Unix seconds), newest first."""
        if moment == inf:
            return array("i")
        ages, moments = self.ordering(SortKey.AGE), self.moments
        order = ages.rows(descending=False)
        return order[: bisect_left(order, -moment, 0, ages.known, key=lambda number: -moments[number])]

    @cached_property
    def types(self) -> frozenset[str]:
        """The resource types that there are."""
        return frozenset(words[0] for words in self.groups(SortKey.TYPE).words if words)

    @property
    def tags_readable(self) -> bool:
        """False when no snapshot has its tags known: then the token may not read them."""
        return not len(self._rows) or not self.lacking("tags").is_everything

    def groups(self, key: SortKey) -> Groups:
        """Return all row numbers grouped by type, regions or tags."""
        groups = self._groups.get(key)
        if groups is None:
            groups = self._groups[key] = Groups(self._base, map(_WORDS[key], self._rows))
        return groups

    def sorted_already(self, key: SortKey) -> Ordering | None:
        """Return all row numbers sorted by `key` if that costs nothing."""
        return self._orderings.get(key)

    def ordering(self, key: SortKey) -> Ordering:
        """Return all row numbers sorted by `key`."""
        key = SortKey.SIZE if key is SortKey.COST else key  # the dearest are the largest
        ordering = self._orderings.get(key)
        if ordering is None:
            ordering = self._orderings[key] = self._sorted_by(key)
        return ordering

    def _sorted_by(self, key: SortKey) -> Ordering:
        if key is SortKey.NAME:
            return Ordering(self._base, len(self._rows))
        if key in _WORDS and (groups := self.groups(key)).sorted:
            return Ordering(groups.rows, groups.known)
        return Ordering.of(key, self._records.rows, self._base)

    def prepare(self) -> None:
        """Compute now what a key would else wait for."""
        _ = self.groups(SortKey.REGIONS), self.groups(SortKey.TAGS)
        for attribute in ("tags", "created", "size_gigabytes"):
            self.lacking(attribute)
