"""Words of the audit screen: its top lines, and the lines of the half that is shown, groups or findings."""

from typing import Final

from snaptui.audit.dimensions import Dimension
from snaptui.text.lines import Line, Piece, Role, line, longest_that_fits
from snaptui.tui.audit.finding_lines import about_finding, finding_heading, finding_lines, findings_in_short
from snaptui.tui.audit.group_lines import group_heading, group_lines, sum_of_groups
from snaptui.tui.audit.state import AuditState, Tab
from snaptui.tui.browse.words import account_line, list_line

DIMENSIONS: Final = tuple(Dimension)


def top_lines(state: AuditState, width: int) -> list[Line]:
    """Return whose account it is, how much of it is looked at, and what can be grouped by."""
    subject = state.subject
    return [account_line(subject.connection, width), list_line(subject, width), by_line(state, width)]


def by_line(state: AuditState, width: int) -> Line:
    """Return the dimensions with their keys, and the tab of findings; where that is too much, the one that is shown."""
    shown = state.place.dimension if state.place.tab is Tab.GROUPS else None
    pieces = [Piece(" by", "dim")]
    for number, dimension in enumerate(DIMENSIONS, 1):
        pieces += [Piece(f" {number}", "key"), Piece(f" {dimension}", "strong" if dimension is shown else "dim")]
    findings: Role = "strong" if state.place.tab is Tab.FINDINGS else "dim"
    tab = line(Piece("  Tab", "key"), Piece(" findings", findings))
    keys = line(Piece(f"1–{len(DIMENSIONS)}", "key"), Piece(" others" if shown else " groups", "dim"))
    by = line(Piece(" by ", "dim"), Piece(str(shown), "strong"), "  ") if shown else line(" ")
    return longest_that_fits(((*pieces, *tab), (*by, *keys, *tab), (*by, *keys)), width)


def heading_line(state: AuditState, width: int) -> Line:
    """Return the headings of the list."""
    return finding_heading(width) if state.place.tab is Tab.FINDINGS else group_heading(state, width)


def list_lines(state: AuditState, width: int) -> list[Line]:
    """Return the lines of the list that there is room for."""
    return finding_lines(state, width) if state.place.tab is Tab.FINDINGS else group_lines(state, width)


def bottom_lines(state: AuditState, width: int, room: int = 3) -> list[Line]:
    """Return what the list comes to, or what the finding under the cursor means: as many lines as there is room for."""
    of_findings = state.place.tab is Tab.FINDINGS
    lines = about_finding(state, width) if of_findings else _about_groups(state, width, room)
    if of_findings and len(lines) > room:
        lines = about_finding(state, width - 2)
        lines[room - 1] = (*lines[room - 1], Piece(" …", "dim"))
    return [*lines[:room], *[()] * (room - len(lines))]


def _about_groups(state: AuditState, width: int, room: int) -> list[Line]:
    grouping = state.grouping
    return [] if grouping is None else [*sum_of_groups(grouping, state, width, room), findings_in_short(state, width)]
