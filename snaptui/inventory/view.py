"""View of a list: the snapshots that a query selects, in the order shown."""

from functools import cached_property
from typing import Self

from msgspec import Struct, field

from snaptui.inventory.arranged import Arranged
from snaptui.inventory.orders import Sort
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import Selection, select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot
from snaptui.query import Query, QueryContext


class View(Struct, frozen=True, dict=True):
    """The snapshots that match a query, sorted; `selection` also knows those that could not be judged."""

    # dict=True gives `cached_property` a place: the order of 100,000 rows is not worked out before it is asked for.

    snapshots: Snapshots = field(default_factory=Snapshots)
    query: Query = field(default_factory=Query)
    sort: Sort = field(default_factory=Sort)
    selection: Selection = field(default_factory=Selection)

    @classmethod
    def of(cls, snapshots: Snapshots, query: Query, sort: Sort, context: QueryContext) -> Self:
        """Return the view of a list for a query and an order."""
        return cls(snapshots, query, sort, select(query, snapshots, context))

    @property
    def selected(self) -> RowSet:
        """The rows that match."""
        return self.selection.matching

    @cached_property
    def order(self) -> Arranged:
        """The row numbers of what is shown, in the order shown."""
        ordering = self.snapshots.indexes.ordering(self.sort.key)
        return Arranged(ordering.rows(descending=self.sort.descending), self.selected)

    def __len__(self) -> int:
        return len(self.order)

    def at(self, position: int) -> Snapshot:
        """Return the snapshot at a 0-based position of the view."""
        return self.snapshots.rows[self.order[position]]

    def slice(self, start: int, stop: int) -> list[Snapshot]:
        """Return the snapshots at positions `start` up to but not including `stop`."""
        rows = self.snapshots.rows
        return [rows[number] for number in self.order.slice(start, stop)]

    def position_of(self, snapshot_id: str | None) -> int | None:
        """Return the 0-based position at which an id is shown; `None` when it is not shown."""
        number = None if snapshot_id is None else self.snapshots.number_of(snapshot_id)
        return None if number is None else self.order.position_of(number)

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of what is shown."""
        return self.snapshots.sums.of(self.selected)

    def prepare(self) -> None:
        """Compute the indexes, sums and order now that would else be computed on first use."""
        self.snapshots.prepare()
        _ = self.totals, self.order
