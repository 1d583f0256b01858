"""What is shown of an account, and in which order."""

from collections.abc import Sequence
from functools import cached_property
from typing import Self

from msgspec import Struct, field

from snaptui.model.cost import Totals
from snaptui.model.query import Query, QueryContext, narrows
from snaptui.model.snapshot import Snapshot
from snaptui.model.snapshots import Snapshots
from snaptui.model.sorting import Sort


class View(Struct, frozen=True, dict=True):
    """The snapshots that match a query, sorted; `matches` are their row numbers in order of arrival."""

    snapshots: Snapshots = field(default_factory=Snapshots)
    query: Query = field(default_factory=Query)
    sort: Sort = field(default_factory=Sort)
    matches: Sequence[int] = ()
    order: Sequence[int] = ()

    @classmethod
    def of(
        cls,
        snapshots: Snapshots,
        query: Query,
        sort: Sort,
        context: QueryContext,
        previous: "View | None" = None,
    ) -> Self:
        """Select and sort; where `previous` holds a superset of the matches, only those are looked at."""
        matches: Sequence[int]
        if query.is_empty:
            matches = range(len(snapshots))
        else:
            candidates: Sequence[int] = range(len(snapshots))
            if previous and previous.snapshots is snapshots and narrows(previous.query, query):
                candidates = previous.matches
            matches = query.select(snapshots.rows, snapshots.haystacks, candidates, context)
        ordering = snapshots.ordering(sort.key)
        return cls(snapshots, query, sort, matches, ordering.arrange(matches, descending=sort.descending))

    def __len__(self) -> int:
        return len(self.order)

    def at(self, position: int) -> Snapshot:
        """Return the snapshot at a 0-based position of the view."""
        return self.snapshots.rows[self.order[position]]

    def slice(self, start: int, stop: int) -> list[Snapshot]:
        """Return the snapshots at positions `start` up to but not including `stop`."""
        rows = self.snapshots.rows
        return [rows[number] for number in self.order[start:stop]]

    def ids(self) -> list[str]:
        """Return the ids of all that is shown, in the order shown."""
        rows = self.snapshots.rows
        return [rows[number].id for number in self.order]

    def position_of(self, snapshot_id: str | None) -> int | None:
        """Return where an id is shown; `None` when it is not."""
        number = None if snapshot_id is None else self.snapshots.number_of(snapshot_id)
        if number is None:
            return None
        try:
            return self.order.index(number)
        except ValueError:
            return None

    @cached_property
    def totals(self) -> Totals:
        """Count, size and monthly cost of what is shown."""
        return self.snapshots.totals_of(self.matches)

    def prepare(self) -> None:
        """Derive now what is otherwise derived on first use."""
        self.snapshots.prepare()
        _ = self.totals
