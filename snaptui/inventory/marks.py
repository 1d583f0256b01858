"""Marks in a list, kept by snapshot id: which rows are marked, and what they come to."""

from collections.abc import Callable, Collection, Iterable
from enum import Enum
from itertools import compress
from operator import attrgetter
from typing import Final, Self

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot

Refusal = Callable[[Snapshot], str | None]
"""A function that returns why a snapshot may not be marked, or `None`."""
Refusable = Callable[[], RowSet]
"""A function that returns the rows that a refusal has reasons for, found at once."""
_MANY: Final = 256
"""Rows from which on finding those that can be refused costs less than asking about each."""


_id = attrgetter("id")


class Marks(Enum):
    """Ways to change the marks."""

    TOGGLE = "toggle"
    RANGE = "range"
    ALL = "all"
    INVERT = "invert"
    CLEAR = "clear"


class MarkedRows(Struct, frozen=True):
    """The marked snapshots of one list; every change returns a new value.

    The rows and sums are kept rather than derived: 100,000 marks are too many to go through at every key.
    """

    ids: frozenset[str] = frozenset()
    rows: RowSet = field(default_factory=RowSet)
    totals: Totals = Totals()

    @classmethod
    def of(cls, ids: Iterable[str], snapshots: Snapshots) -> Self:
        """Return the marks of those ids that are in the list."""
        known = frozenset(one for one in ids if one in snapshots)
        return cls.at(known, RowSet.of(snapshots.numbers_of(known), len(snapshots)), snapshots)

    @classmethod
    def at(cls, ids: frozenset[str], rows: RowSet, snapshots: Snapshots) -> Self:
        """Return the marks of these ids, which are those of `rows`."""
        return cls(ids, rows, snapshots.sums.of(rows)) if ids else cls()

    def toggled(self, number: int, snapshots: Snapshots) -> "MarkedRows":
        """Mark a row by its number, or take its mark away."""
        row = snapshots.rows[number]
        marking = row.id not in self.ids
        flags = self._flags(snapshots)
        flags[number] = marking
        ids = self.ids | {row.id} if marking else self.ids - {row.id}
        one = Totals.of([row], snapshots.usd_per_gb_month)
        return replace(self, ids=ids, rows=RowSet(bytes(flags)), totals=self.totals.plus(one, 1 if marking else -1))

    def with_rows(
        self, wanted: RowSet, snapshots: Snapshots, refusal: Refusal, refusable: Refusable | None = None
    ) -> "tuple[MarkedRows, tuple[str, ...]]":
        """Mark rows; also returns the reasons of those that were refused."""
        doubtful = wanted & refusable() if refusable is not None and wanted.count > _MANY else wanted
        found = ((number, refusal(snapshots.rows[number])) for number in doubtful)
        refused = {number: reason for number, reason in found if reason is not None}
        allowed = wanted - RowSet.of(refused, len(snapshots))
        rows = self._known(snapshots) | allowed
        ids = map(_id, compress(snapshots.rows, allowed.flags))
        return MarkedRows.at(self.ids.union(ids), rows, snapshots), tuple(refused.values())

    def without_rows(self, rows: RowSet, snapshots: Snapshots) -> "MarkedRows":
        """Take the marks of these rows away."""
        gone = map(_id, compress(snapshots.rows, (self.rows & rows).flags))
        return MarkedRows.at(self.ids.difference(gone), self.rows - rows, snapshots)

    def without_ids(self, ids: Collection[str], snapshots: Snapshots) -> "MarkedRows":
        """Take the marks of these ids away."""
        return MarkedRows.of(self.ids.difference(ids), snapshots)

    def hidden_by(self, selected: RowSet) -> int:
        """Return the number of marked rows that are not among the selected ones."""
        return (self.rows - selected).count if self.ids else 0

    def _flags(self, snapshots: Snapshots) -> bytearray:
        return bytearray(self.rows.flags or len(snapshots))

    def _known(self, snapshots: Snapshots) -> RowSet:
        return self.rows if self.ids else RowSet(bytes(len(snapshots)))
