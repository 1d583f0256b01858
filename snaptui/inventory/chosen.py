"""Rows chosen from one list, found again in a later one."""

from itertools import compress
from operator import attrgetter

from msgspec import Struct

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot


class Chosen(Struct, frozen=True):
    """Rows of the list `snapshots`. Their numbers mean nothing in another list, but their ids do."""

    snapshots: Snapshots
    rows: RowSet

    @property
    def members(self) -> list[Snapshot]:
        """The snapshots that were chosen."""
        return list(compress(self.snapshots.rows, self.rows.flags))

    def found_in(self, snapshots: Snapshots) -> RowSet:
        """Return the rows of a list that are the same snapshots."""
        if snapshots is self.snapshots:
            return self.rows
        ids = map(attrgetter("id"), self.members)
        return RowSet.of(snapshots.numbers_of(ids), len(snapshots))
