"""Audit report as Markdown."""

from collections.abc import Iterator, Sequence

from snaptui.report import audit_words as words
from snaptui.report.audit import AuditReport, GroupTable
from snaptui.report.markdown import escaped, row, rule
from snaptui.text.amounts import dollars
from snaptui.text.safe import visible


def as_markdown(report: AuditReport) -> str:
    """Return the report as Markdown with a table for each part."""
    parts = [[f"# {escaped(words.title(report))}"], [escaped(words.summary(report))]]
    parts += [list(_table(table)) for table in report.tables]
    parts.append(list(_findings(report)))
    days = report.thresholds.stale_days
    covered = [said for uncovered in report.machines for said in words.machines_said(uncovered, days)]
    parts += [_list("Not covered", covered), _list("Could not be judged", words.unjudged(report))]
    if report.earlier is not None:
        parts += [["## Changes"], [escaped(words.compared(report.earlier))], list(_changes(report))]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _table(table: GroupTable) -> Iterator[str]:
    yield f"## Where the money goes (by {words.BY[table.dimension]})\n"
    yield row(["", "$/month", "share", "count", "oldest", "newest"])
    yield rule([False, True, True, True, False, False])
    for group in table.groups:
        cost, part = dollars(group.cents), words.share(group.cents, table.cents)
        oldest, newest = words.day(group.oldest), words.day(group.newest)
        yield row([words.label(group), cost, part, f"{group.count:,}", oldest, newest])
    if table.others:
        cost, part = dollars(table.others_cents), words.share(table.others_cents, table.cents)
        yield row([f"{table.others:,} more", cost, part, "", "", ""])
    if table.overlaps:
        yield f"\n{escaped(words.overlap(table))}"


def _findings(report: AuditReport) -> Iterator[str]:
    yield "## What could go\n"
    yield row(["", "$/month", "count", "why it matters", "query"])
    yield rule([False, True, True, False, False])
    for finding in report.findings:
        cost = dollars(finding.totals.cents) if finding.made else "?"
        number = f"{finding.totals.count:,}" if finding.made else "?"
        query = finding.query if finding.totals.count else ""
        yield row([words.sentence(finding), cost, number, finding.why, visible(query)])


def _list(heading: str, said: Sequence[str]) -> list[str]:
    return [f"## {heading}\n", *(f"- {escaped(one)}" for one in said)] if said else []


def _changes(report: AuditReport) -> Iterator[str]:
    yield row(["", "$/month", "count"])
    yield rule([False, True, True])
    if report.earlier is not None:
        for change in report.earlier.comparison.groups:
            yield row([visible(change.label), words.signed(change.cents), words.counted(change)])
