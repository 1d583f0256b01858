"""Guards: rules that keep a damaged, protected or changed snapshot from being deleted, whatever was marked."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import Query, QueryContext

_COMPARED: Final = ("name", "size_gigabytes", "created_at", "tags", "resource_id", "resource_type")


class Guards(Struct, frozen=True):
    """The rules of a session: `protect` are queries; `max_batch` asks for a second confirmation above it."""

    read_only: bool = False
    protect: tuple[Query, ...] = ()
    max_batch: int = 100

    def refusal(self, snapshot: Snapshot, context: QueryContext) -> str | None:
        """Return why a snapshot must not be deleted; `None` when it may.

        A rule that cannot be told to hold or not, because the API did not say enough, protects.
        """
        if snapshot.damage:
            return f"damaged row ({snapshot.damage})"
        for query in self.protect:
            verdict = query.verdict(snapshot, context)
            if verdict is True:
                return f"protected by {query}"
            if verdict is None:
                unreadable = "tags cannot be read (tag:read?)" if snapshot.tags is None else "not enough is known"
                return f"{unreadable}, so {query} may protect it; change protect in the settings to allow it"
        return None

    def refusable(self, snapshots: Snapshots, context: QueryContext) -> RowSet:
        """Return the rows of a list for which `refusal` has a reason, found by indexes instead of one by one."""
        found = ~snapshots.indexes.lacking("damage")
        for query in self.protect:
            found = found | select(query, snapshots, context).possible
        return found

    def judge(self, context: QueryContext) -> Callable[[Snapshot], str | None]:
        """Return `refusal` for many snapshots: rules about what many have in common are asked once each."""
        if not all(query.judges_shared for query in self.protect):
            return lambda snapshot: self.refusal(snapshot, context)
        known: dict[object, str | None] = {}

        def refusal(snapshot: Snapshot) -> str | None:
            key = (snapshot.damage, snapshot.tags, snapshot.regions, snapshot.resource_type)
            if key not in known:
                known[key] = self.refusal(snapshot, context)
            return known[key]

        return refusal


def difference(planned: Snapshot, now: Snapshot) -> str | None:
    """Return what is different since a snapshot was planned, in words; `None` when nothing is."""
    before, after = planned.to_json(), now.to_json()
    different = [name for name in _COMPARED if before[name] != after[name]]
    return f"{', '.join(different)} changed since it was reviewed" if different else None
