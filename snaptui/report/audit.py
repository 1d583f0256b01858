"""Audit report of a listing, as a value: sums, groups, findings, what is not covered, what changed."""

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from snaptui.audit.comparison import Comparison, Side, compare
from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Facts, Finding, Thresholds, findings
from snaptui.audit.groups import Group, Grouping
from snaptui.audit.machines import Keeper, Machine, Uncovered, uncovered
from snaptui.inventory.select import Selection, select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import DROPLET
from snaptui.model.sources import Sources
from snaptui.query import Query, QueryContext
from snaptui.report.saved import SavedListing
from snaptui.text.amounts import count

MOST_GROUPS: Final = 20
_MEMBERS: Final = "which droplets are members of autoscale pools"


class GroupTable(Struct, frozen=True):
    """The groups by one dimension, dearest first; `others` counts those that are left out, `others_cents` their cost.

    Where `overlaps` is true a snapshot is in several groups, and their sum is more than `cents`.
    """

    dimension: Dimension
    groups: tuple[Group, ...]
    others: int
    others_cents: int
    count: int
    cents: int
    overlaps: bool


class Earlier(Struct, frozen=True):
    """The comparison with a listing that was saved at `saved`, Unix seconds.

    `unread` says what of that is missing, or could not be judged because something was not read then.
    """

    saved: float
    comparison: Comparison
    unread: tuple[str, ...] = ()


class AuditReport(Struct, frozen=True):
    """Content of a report, whatever its form. Moments are Unix seconds, costs US cents a month.

    `unread` says which checks could not be made because something could not be read, and why.
    """

    made: float
    listed: float
    account: Account | None
    api_url: str
    query: str
    coverage: Coverage
    totals: Totals
    usd_per_gb_month: float
    thresholds: Thresholds
    by: Dimension
    tables: tuple[GroupTable, ...]
    findings: tuple[Finding, ...]
    machines: tuple[Uncovered, ...]
    unjudged: str
    problems: tuple[str, ...]
    unread: tuple[str, ...]
    months: tuple[Group, ...]
    earlier: Earlier | None = None

    @property
    def table(self) -> GroupTable:
        """The groups by the dimension that was asked for."""
        return next(table for table in self.tables if table.dimension is self.by)


class Question(Struct, frozen=True):
    """Question that a report answers: `by` one dimension or `every`, and at most `most` groups of each."""

    query: Query
    by: Dimension = Dimension.FAMILY
    every: bool = False
    most: int = MOST_GROUPS
    thresholds: Thresholds = Thresholds()


def audit(
    listing: SavedListing, snapshots: Snapshots, question: Question, now: float, earlier: SavedListing | None = None
) -> AuditReport:
    """Return the report; `snapshots` are those of the listing, and `now` is what ages are counted from."""
    context = QueryContext(
        now, places=snapshots.places, sources=listing.sources, usd_per_gb_month=snapshots.usd_per_gb_month
    )
    selection = select(question.query, snapshots, context)
    dimensions = tuple(Dimension) if question.every else (question.by,)
    groupings = {
        dimension: Grouping(snapshots, selection.matching, dimension, context)
        for dimension in dict.fromkeys((*dimensions, Dimension.MONTH))
    }
    tables = tuple(_table(groupings[dimension], question.most) for dimension in dimensions)
    stale = question.thresholds.stale_days
    complete = listing.coverage.complete
    found = tuple(findings(Facts(snapshots, selection.matching, context, question.thresholds)))
    machines = uncovered(snapshots, listing.sources, complete=complete, now=now, stale_days=stale)
    return AuditReport(
        made=now,
        listed=listing.saved,
        account=listing.account,
        api_url=listing.api_url,
        query=str(question.query),
        coverage=listing.coverage,
        totals=snapshots.sums.of(selection.matching),
        usd_per_gb_month=snapshots.usd_per_gb_month,
        thresholds=question.thresholds,
        by=question.by,
        tables=tables,
        findings=found,
        machines=machines,
        unjudged=selection.shortfall or "",
        problems=_problems(listing),
        unread=tuple(_unread(found, machines, listing.sources)),
        months=tuple(sorted(groupings[Dimension.MONTH], key=lambda group: group.label)),
        earlier=None if earlier is None else _compared(earlier, listing, snapshots, selection, question, context),
    )


def _table(grouping: Grouping, most: int) -> GroupTable:
    return GroupTable(
        grouping.dimension,
        groups=tuple(grouping.slice(0, most)),
        others=max(0, len(grouping) - most),
        others_cents=grouping.cents_from(most),
        count=grouping.count,
        cents=grouping.cents,
        overlaps=grouping.overlaps,
    )


def _problems(listing: SavedListing) -> tuple[str, ...]:
    """Return what could not be read of the account."""
    sources, account = listing.sources, listing.account
    said = [account.trouble] if account is not None and account.trouble else []
    said += [problem for problem in (sources.droplets.problem, sources.volumes.problem) if problem]
    if sources.pools.problem:
        said.append(f"{_MEMBERS}: {sources.pools.problem}")
    if listing.snapshots and all(row.tags is None for row in listing.snapshots):
        said.append("tags could not be read: the token lacks tag:read")
    return tuple(dict.fromkeys(said))


def _unread(found: Iterable[Finding], machines: Iterable[Uncovered], sources: Sources) -> Iterator[str]:
    """Yield each check that could not be made for want of what could not be read."""
    for finding in found:
        if finding.unread:
            yield f"{finding.title}: cannot be told of {count(finding.unjudged, 'snapshot')}: {finding.problem}"
    for of_kind in machines:
        if problem := sources.problem_of(of_kind.kind):
            yield f"which {of_kind.kind}s have no snapshot cannot be told: {problem}"
        elif sources.pools.problem and of_kind.kind == DROPLET and any(map(_is_a_persons, of_kind.machines)):
            yield f"{_MEMBERS} cannot be told: {sources.pools.problem}"


def _is_a_persons(machine: Machine) -> bool:
    return machine.keeper is Keeper.PERSON


def _compared(
    earlier: SavedListing,
    listing: SavedListing,
    snapshots: Snapshots,
    selection: Selection,
    question: Question,
    context: QueryContext,
) -> Earlier:
    old = Snapshots(earlier.snapshots, snapshots.usd_per_gb_month)
    then = QueryContext(
        context.now, places=old.places, sources=earlier.sources, usd_per_gb_month=context.usd_per_gb_month
    )
    judged = select(question.query, old, then)
    before = Side(old, judged.matching, earlier.coverage.complete)
    now = Side(snapshots, selection.matching, listing.coverage.complete)
    lacking = filter(None, (judged.shortfall if judged.unread else None, earlier.coverage.shortfall))
    unread = tuple(f"of the earlier listing, {one}" for one in lacking)
    return Earlier(earlier.saved, compare(before, now, question.by, context), unread)
