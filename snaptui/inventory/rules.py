"""Protection rules that protect nothing: those that match no snapshot, and those that cannot be judged."""

from collections.abc import Iterable, Iterator

from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import Query, QueryContext


def idle_rules(rules: Iterable[Query], snapshots: Snapshots, context: QueryContext) -> Iterator[str]:
    """Yield a sentence for each rule that matches none of the snapshots, or cannot be judged on some of them."""
    if not len(snapshots):
        return
    for rule in rules:
        selection = select(rule, snapshots, context)
        if selection.unread:
            yield f"protect {rule}: {selection.shortfall}; these are protected"
        elif not selection.possible:
            yield f"protect {rule}: matches none of {len(snapshots):,} snapshots"
