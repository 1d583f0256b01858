"""Time of audits of 100,000 snapshots: grouping by each dimension, a keep policy's preview, the whole report.

It is the time on the processor, as other programs on the machine take theirs; none of this waits for anything.
"""

import gc
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from measured import HEADING, Measured

from snaptui.audit.calendar import Span
from snaptui.audit.dimensions import Dimension
from snaptui.audit.groups import Grouping
from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.audit.policy import Policy
from snaptui.audit.preview import Preview
from snaptui.deletion.guards import Guards
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.model.sources import PoolList, SourceList, Sources
from snaptui.query import Query, QueryContext, parse
from snaptui.report.audit import Question, audit
from snaptui.report.audit_text import as_text
from snaptui.report.saved import SavedListing
from tests.unit.audit.rows import NOW, many

COUNT: Final = 100_000
RUNS: Final = 5
POLICY: Final = Policy(last=3, daily=7, weekly=4, within=Span(months=2))


def measure() -> list[Measured]:
    """Time each on a list as it is after loading."""
    rows = many(COUNT)
    snapshots = Snapshots(rows)
    snapshots.prepare()
    snapshots.indexes.ordering(SortKey.AGE)
    _ = snapshots.places.families, snapshots.sums.cents
    droplets = SourceList({str(number): f"web-{number}" for number in range(0, COUNT // 10, 2)}, None)
    sources = Sources(droplets, SourceList({}, None), PoolList((), None))
    context = QueryContext(NOW, places=snapshots.places, sources=sources)
    everything = RowSet.everything(COUNT)
    gc.collect()
    gc.freeze()
    found = []
    for dimension in Dimension:
        work: Callable[[], object] = partial(_grouped, snapshots, everything, dimension, context)
        found.append(_timed(f"group by {dimension}", work, 150))
    scope = Scope(snapshots, everything)
    for by in GroupBy:
        found.append(_timed(f"keep policy by {by}, opened", partial(_opened, scope, by, context), 200))
        histories = Histories(scope, by, NOW)
        found.append(_timed(f"keep policy by {by}, a number typed", partial(_previewed, histories, context), 200))
    listing = SavedListing(NOW, "https://x", None, Coverage(finished=True), tuple(rows), sources, None)
    for every in (False, True):
        what = "the report by every dimension" if every else "the report"
        found.append(_timed(f"{what}, of a list just loaded", partial(_reported, listing, every), 1_000))
    return found


def _grouped(snapshots: Snapshots, rows: RowSet, dimension: Dimension, context: QueryContext) -> object:
    return Grouping(snapshots, rows, dimension, context).slice(0, 40)


def _opened(scope: Scope, by: GroupBy, context: QueryContext) -> object:
    return _previewed(Histories(scope, by, NOW), context)


def _previewed(histories: Histories, context: QueryContext) -> object:
    guards = Guards(protect=(parse("tag:prod"),))
    refusable = guards.refusable(histories.scope.snapshots, context)
    judge = guards.judge(context)
    return Preview(histories, POLICY, context, refusal=judge, refusable=refusable).slice(0, 40)


def _reported(listing: SavedListing, every: bool) -> str:
    return as_text(audit(listing, Snapshots(listing.snapshots), Question(Query(), every=every), NOW))


def _timed(what: str, work: Callable[[], object], reach: float) -> Measured:
    best = min(_once(work) for _ in range(RUNS)) * 1_000
    return Measured(f"ms, {what}, {COUNT:,} snapshots", f"{best:.0f} ms", "", best, reach)


def _once(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    print(HEADING)
    for one in measure():
        print(one.row)
