"""Words of an audit report that every form of it uses: headings, amounts, sentences."""

from datetime import UTC, datetime
from typing import Final

from snaptui.audit.comparison import Comparison, GroupChange
from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Finding
from snaptui.audit.groups import Group
from snaptui.audit.machines import Machine, Uncovered
from snaptui.model.cost import Totals
from snaptui.model.sources import SourceState
from snaptui.report.audit import AuditReport, Earlier, GroupTable
from snaptui.text.amounts import count, dollars, total_gigabytes
from snaptui.text.safe import visible

BY: Final = {
    Dimension.FAMILY: "name family",
    Dimension.SOURCE: "source",
    Dimension.REGION: "region",
    Dimension.TYPE: "type",
    Dimension.TAG: "tag",
    Dimension.AGE: "age",
    Dimension.MONTH: "month",
    Dimension.STATE: "state of the source",
}
MOST_MACHINES: Final = 12


def signed(cents: int) -> str:
    """Return a difference, `+$44.10` or `-$9.02`."""
    return f"{'-' if cents < 0 else '+'}${dollars(abs(cents))}"


def share(cents: int, of: int) -> str:
    """Return a share of the cost in per cent; empty where there is no cost."""
    return f"{100 * cents / of:.0f} %" if of else ""


def minute(moment: float) -> str:
    """Return a moment in UTC, `2026-11-25 14:39 UTC`."""
    try:
        return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return f"{moment:.0f} seconds since 1970"


def day(moment: float | None) -> str:
    """Return the day of a moment in UTC; empty when it is not known."""
    return "" if moment is None else minute(moment)[:10]


def label(group: Group) -> str:
    """Return a group's name, safe to print, with `(gone)` behind the name of a source that is."""
    gone = " (gone)" if group.naming.state is SourceState.GONE and group.label != "source is gone" else ""
    return f"{visible(group.label)}{gone}"


def title(report: AuditReport) -> str:
    """Return whose snapshots these are, and when they were listed."""
    whose = visible(report.account.label) if report.account else f"the account at {visible(report.api_url)}"
    return f"DigitalOcean snapshots of {whose}, {minute(report.listed)}"


def summary(report: AuditReport) -> str:
    """Return how many, how large, what they cost, and whether the list is whole, in sentences."""
    totals = report.totals
    size = total_gigabytes(totals.gigabytes)
    matching = f" that match {visible(report.query)}" if report.query else ""
    said = [f"{count(totals.count, 'snapshot')}{matching}, {size}, ${dollars(totals.cents)} a month."]
    if totals.unsized:
        said.append(f"{totals.unsized:,} of unknown size are in neither sum.")
    said.append(whole(report))
    return " ".join(said)


def whole(report: AuditReport) -> str:
    """Return whether the list is complete, and if not, what is missing."""
    if report.coverage.complete:
        return "The list is complete."
    shortfall = report.coverage.shortfall or "incomplete: it was still being loaded"
    return f"The list is {visible(shortfall)}."


def overlap(table: GroupTable) -> str:
    """Return that lines overlap, where they do."""
    if not table.overlaps:
        return ""
    return (
        f"A snapshot with several of these is under each: the lines overlap, and the total, ${dollars(table.cents)} "
        f"for {count(table.count, 'snapshot')}, is not their sum."
    )


def sentence(finding: Finding) -> str:
    """Return a finding's title as a sentence begins."""
    return finding.title[:1].upper() + finding.title[1:]


def unjudged(report: AuditReport) -> list[str]:
    """Return what could not be read or judged, and why, in one sentence each."""
    said = [*report.problems, *([report.unjudged] if report.unjudged else [])]
    said += report.earlier.unread if report.earlier else ()
    for finding in report.findings:
        if finding.unjudged:
            rows = count(finding.unjudged, "snapshot")
            said.append(f"{sentence(finding)}: cannot be told of {rows}: {finding.problem}")
    return [visible(one) for one in said]


def counted(change: GroupChange) -> str:
    """Return how many a group gained and lost, `+3 -1`."""
    parts = [f"+{change.added:,}" if change.added else "", f"-{change.gone:,}" if change.gone else ""]
    return " ".join(part for part in parts if part)


def machines_said(uncovered: Uncovered, stale_days: int) -> list[str]:
    """Return what is known of the machines of one kind that have no snapshot, or no new one, in sentences."""
    kind = uncovered.kind
    if uncovered.problem:
        return [f"Which {kind}s have no snapshot cannot be told: {visible(uncovered.problem)}."]
    said = []
    without, stale = uncovered.without_snapshot(watched=False), uncovered.stale(watched=False)
    if without:
        has = "has" if len(without) == 1 else "have"
        said.append(f"{count(len(without), kind)} {has} no snapshot: {named(without)}")
    if stale:
        has = "has" if len(stale) == 1 else "have"
        said.append(f"{count(len(stale), kind)} {has} none newer than {count(stale_days, 'day')}: {named(stale)}")
    watched = (*uncovered.without_snapshot(watched=True), *uncovered.stale(watched=True))
    if watched:
        keepers = " or ".join(dict.fromkeys(machine.keeper for machine in watched))
        said.append(f"Apart from these, {count(len(watched), kind)} of {keepers}: {named(watched)}")
    if uncovered.undated:
        undated = count(uncovered.undated, kind)
        said.append(f"Of {undated} it cannot be told: the dates of their snapshots are not known.")
    return said or [f"All {count(uncovered.of, kind)} have a new one." if uncovered.of else f"There are no {kind}s."]


def named(machines: tuple[Machine, ...]) -> str:
    """Return the names of machines, as many as a reader takes in."""
    names = [visible(machine.name) for machine in machines[:MOST_MACHINES]]
    more = len(machines) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more else "")


def compared(earlier: Earlier) -> str:
    """Return what changed, in one sentence."""
    return f"Compared with {minute(earlier.saved)}: {changes(earlier.comparison)}"


def changes(comparison: Comparison) -> str:
    """Return what was added, what went, and the change in cost."""
    if comparison.gone == comparison.added == Totals() and not comparison.resized and not comparison.size_unsure:
        return "nothing changed."
    added = f"+{count(comparison.added.count, 'snapshot')} (+${dollars(comparison.added.cents)})"
    if comparison.added_unsure:
        added += ", some of which may have been there: the earlier list is incomplete"
    if comparison.gone is None:
        gone = "what went cannot be told, as the list is incomplete"
    else:
        gone = f"-{comparison.gone.count:,} (-${dollars(comparison.gone.cents)})"
    resized = f", {comparison.resized:,} of another size now" if comparison.resized else ""
    if comparison.size_unsure:
        resized += f", {comparison.size_unsure:,} of a size that is not known now, or was not then"
    return f"{added}, {gone}{resized}; {signed(comparison.cents)} a month."
