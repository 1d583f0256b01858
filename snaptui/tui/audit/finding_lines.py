"""Lines of the audit's findings: number and cost of each, what it means, and the machines that it counts."""

from typing import Final

from snaptui.audit.findings import Finding
from snaptui.audit.machines import Uncovered
from snaptui.text.amounts import count, dollars
from snaptui.text.cells import pad
from snaptui.text.lines import Line, Piece, Role, fit, joined, line, spread, width_of, wrapped
from snaptui.text.safe import visible
from snaptui.tui.audit.group_lines import CURSOR
from snaptui.tui.audit.state import AuditState

_FINDING: Final = 80
"""Cells of a finding with its numbers, which stay near its words however wide the terminal is."""

_WITH_WHY: Final = 140
"""From this width on there is room for what each finding means."""

_SHORT: Final = {
    "orphans": "orphans",
    "beyond": "beyond the newest",
    "old": "old",
    "same-day": "of one day",
    "unknown": "unknown",
    "untagged": "untagged",
    "swollen": "swollen",
    "full": "of full volumes",
}


def finding_heading(width: int) -> Line:
    """Return the headings of the findings' columns."""
    numbers = f"{'$/MO':>10}{'N':>9} "
    return fit(line(Piece(pad("   FINDING", min(width, _FINDING) - len(numbers)) + numbers, "head")), width)


def finding_lines(state: AuditState, width: int) -> list[Line]:
    """Return a line for each finding in sight."""
    if state.results is None:
        return [line(Piece("   checking …", "dim"))]
    entries = state.results.entries
    return [
        _finding_line(entry, width, cursor=place == state.cursor)
        for place, entry in enumerate(entries[state.top : state.top + state.rows], state.top)
    ]


def _finding_line(entry: Finding | Uncovered, width: int, *, cursor: bool) -> Line:
    if isinstance(entry, Finding):
        title, number = entry.title, entry.totals.count
        cost = dollars(entry.totals.cents) if entry.made else "?"
        unsure = bool(entry.unjudged)
        told = f"{number:,}" if entry.made else "?"
    else:
        alarm = (*entry.without_snapshot(watched=False), *entry.stale(watched=False))
        title, number, cost = f"{entry.kind}s without a new snapshot", len(alarm), ""
        unsure = bool(entry.problem or entry.undated)
        told = f"{number:,}" if number or not unsure else "?"
    role: Role = "strong" if cursor else "plain" if number or unsure else "dim"
    sign = Piece("? ", "warn") if unsure else Piece("! ", "warn") if number else Piece("✓ ", "good")
    left = line(CURSOR if cursor else " ", " ", sign, Piece(title, role))
    numbers = spread(left, line(Piece(f"{cost:>10}{told:>9} ", role)), min(width, _FINDING))
    if width < _WITH_WHY or isinstance(entry, Uncovered):
        return numbers
    return fit(line(*numbers, Piece(f"  {entry.why}", "dim")), width)


def findings_in_short(state: AuditState, width: int) -> Line:
    """Return the findings in short, those that cost most first, as many as fit."""
    if state.results is None:
        return ()
    found = sorted(state.results.findings, key=lambda finding: -finding.totals.cents)
    said = [_in_short(finding) for finding in found[:3]]
    without = sum(len(one.without_snapshot(watched=False)) for one in state.results.machines)
    said += [f"{count(without, 'machine')} without snapshot"] if without else []
    while said:
        whole = line(" ", *joined([line(Piece("! ", "warn"), one) for one in said]))
        if width_of(whole) <= width:
            return whole
        said.pop()
    return ()


def _in_short(finding: Finding) -> str:
    """Return a finding's number and cost; a question mark for a check that could not be made."""
    if not finding.made:
        return f"? {_SHORT[finding.name]}"
    return f"{finding.totals.count:,} {_SHORT[finding.name]} ${dollars(finding.totals.cents)}"


def about_finding(state: AuditState, width: int) -> list[Line]:
    """Return what the finding under the cursor means, and of how many snapshots it cannot be told."""
    found = state.found
    if found is None:
        return []
    if isinstance(found, Uncovered):
        return wrapped(line(Piece(f" {machines_line(found)}", "plain")), width)
    said = wrapped(line(Piece(f" {found.why}", "plain"), Piece(f"   {found.query}", "dim")), width)
    if found.unjudged:
        number = count(found.unjudged, "snapshot")
        said.append(fit(line(Piece(f" ? of {number} it cannot be told: {visible(found.problem)}", "warn")), width))
    return said


def machines_line(uncovered: Uncovered) -> str:
    """Return the names of the machines that are not covered, and those that programs look after apart."""
    if uncovered.problem:
        return f"cannot be told: {visible(uncovered.problem)}"
    none, old = uncovered.without_snapshot(watched=False), uncovered.stale(watched=False)
    watched = len(uncovered.machines) - len(none) - len(old)
    parts = []
    if none:
        parts.append(f"no snapshot: {', '.join(visible(machine.name) for machine in none)}")
    if old:
        parts.append(f"none that is new: {', '.join(visible(machine.name) for machine in old)}")
    if watched:
        parts.append(f"apart: {watched:,} of Kubernetes or autoscale pools")
    if uncovered.undated:
        parts.append(undated_words(uncovered))
    return "; ".join(parts) or "all have a new one"


def undated_words(uncovered: Uncovered) -> str:
    """Return the sentence about machines of which it is not known whether they have a new snapshot."""
    undated = count(uncovered.undated, uncovered.kind)
    return f"of {undated} it cannot be told: the dates of their snapshots are not known"
