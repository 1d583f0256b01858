"""Audit report as plain text that reads well in a mail: 80 columns, no colour."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final

from snaptui.audit.findings import Finding
from snaptui.report import audit_words as words
from snaptui.report.audit import MOST_GROUPS, AuditReport, GroupTable
from snaptui.text.amounts import dollars
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.safe import visible

WIDTH: Final = 80
_NAME: Final = 51


def as_text(report: AuditReport) -> str:
    """Return the report as lines of at most 80 cells."""
    parts: list[Iterable[str]] = [_head(report)]
    parts += [_table(table) for table in report.tables]
    parts += [_findings(report.findings), _machines(report), _unjudged(report)]
    if report.earlier is not None:
        parts.append(_earlier(report))
    return "\n".join("\n".join(lines) + "\n" for lines in map(list, parts) if lines)


def _head(report: AuditReport) -> Iterator[str]:
    yield from wrap(words.title(report), WIDTH)
    yield from wrap(words.summary(report), WIDTH)


def _row(name: str, cost: str, share: str, number: str) -> str:
    return f"{pad(shorten_middle(name, _NAME), _NAME)}{cost:>12}{share:>8}{number:>8}".rstrip()


def _table(table: GroupTable) -> Iterator[str]:
    yield _row(f"Where the money goes (by {words.BY[table.dimension]})", "$/month", "share", "count")
    for group in table.groups:
        cost = dollars(group.cents)
        yield _row(f"  {words.label(group)}", cost, words.share(group.cents, table.cents), f"{group.count:,}")
    if table.others:
        cost, others = dollars(table.others_cents), f"  {table.others:,} more"
        yield _row(others, cost, words.share(table.others_cents, table.cents), "")
    if not table.groups:
        yield "  nothing"
    yield from _wrapped(words.overlap(table))


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    yield _row("What could go", "$/month", "", "count")
    for finding in findings:
        cost = dollars(finding.totals.cents) if finding.made else "?"
        number = f"{finding.totals.count:,}" if finding.made else "?"
        yield _row(f"  {words.sentence(finding)}", cost, "", number)


def _machines(report: AuditReport) -> Iterator[str]:
    yield "Not covered"
    for uncovered in report.machines:
        for said in words.machines_said(uncovered, report.thresholds.stale_days):
            yield from _wrapped(said)


def _unjudged(report: AuditReport) -> list[str]:
    said = words.unjudged(report)
    return ["Could not be judged", *(line for one in said for line in _wrapped(one))] if said else []


def _earlier(report: AuditReport) -> Iterator[str]:
    earlier = report.earlier
    if earlier is None:
        return
    yield from wrap(words.compared(earlier), WIDTH)
    groups = earlier.comparison.groups
    for change in groups[:MOST_GROUPS]:
        yield _row(f"  {visible(change.label)}", words.signed(change.cents), "", words.counted(change))
    if len(groups) > MOST_GROUPS:
        yield f"  {len(groups) - MOST_GROUPS:,} more"


def _wrapped(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
