"""Words of the audit screen: a line for each group with its share as a bar, and a line for each finding."""

from typing import Final

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Finding
from snaptui.audit.groups import Group, Grouping
from snaptui.audit.machines import Uncovered
from snaptui.model.sources import SourceState
from snaptui.text.amounts import count, dollars, short_age, total_gigabytes
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import Line, Piece, Role, fit, joined, line, longest_that_fits, spread, width_of, wrapped
from snaptui.text.safe import visible
from snaptui.tui.audit.state import AuditState, Tab
from snaptui.tui.browse.words import account_line, list_line

BAR: Final = "▇"
CURSOR: Final = Piece("▸", "accent")
MARKED: Final = Piece("●", "accent")
DIMENSIONS: Final = tuple(Dimension)
_COST: Final = 10
_SIZE: Final = 10
_COUNT: Final = 7
_AGES: Final = 14
_WITH_SIZE: Final = 56
_WITH_AGES: Final = 72
"""From these widths on there is room for the size, and for the oldest and newest."""

_FINDING: Final = 80
"""Cells of a finding with its numbers, which stay near its words however wide the terminal is."""

_WITH_WHY: Final = 140
"""From this width on there is room for what each finding means."""

_BAR_LEAST: Final = 10
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
_SHARE: Final = 5

OVERLAP: Final = (
    line(Piece(" the lines overlap: a snapshot is under each of its words, the total is not their sum", "warn")),
    line(Piece(" the lines overlap: the total is not their sum", "warn")),
    line(Piece(" lines overlap: the sum is no total", "warn")),
)


def top_lines(state: AuditState, width: int) -> list[Line]:
    """Return whose account it is, how much of it is looked at, and what can be grouped by."""
    subject = state.subject
    return [account_line(subject.connection, width), list_line(subject, width), by_line(state, width)]


def by_line(state: AuditState, width: int) -> Line:
    """Return the dimensions with their keys, and the tab of findings."""
    pieces = [Piece(" by", "dim")]
    for number, dimension in enumerate(DIMENSIONS, 1):
        chosen = state.place.tab is Tab.GROUPS and dimension is state.place.dimension
        pieces += [Piece(f" {number}", "key"), Piece(f" {dimension}", "strong" if chosen else "dim")]
    findings: Role = "strong" if state.place.tab is Tab.FINDINGS else "dim"
    pieces += [Piece("  Tab", "key"), Piece(" findings", findings)]
    return fit(pieces, width)


def heading_line(state: AuditState, width: int) -> Line:
    """Return the headings of the list."""
    if state.place.tab is Tab.FINDINGS:
        left = line(Piece("   FINDING", "head"))
        return spread(left, line(Piece(f"{'$/MO':>10}{'N':>9} ", "head")), min(width, _FINDING))
    name, bar = _widths(width)
    heading = f"   {pad(state.place.dimension.upper(), name)} {pad('SHARE', bar + _SHARE)}{'$/MO':>{_COST}}"
    size = f"{'SIZE':>{_SIZE}}" if width >= _WITH_SIZE else ""
    ages = f" {'OLDEST':<6} {'NEWEST':<6}" if width >= _WITH_AGES else ""
    return fit(line(Piece(f"{heading}{size}{'N':>{_COUNT}}{ages}", "head")), width)


def _widths(width: int) -> tuple[int, int]:
    """Return how many cells names and bars have."""
    numbers = _COST + _COUNT + (_SIZE if width >= _WITH_SIZE else 0) + (_AGES if width >= _WITH_AGES else 0)
    left = width - 4 - _SHARE - numbers
    bar = max(_BAR_LEAST, left // 3) if left >= 34 else max(0, left - 20)
    return max(8, left - bar), bar


def list_lines(state: AuditState, width: int) -> list[Line]:
    """Return the lines of the list that there is room for."""
    if state.place.tab is Tab.FINDINGS:
        return _finding_lines(state, width)
    if state.grouping is None:
        return [line(Piece("   adding up …", "dim"))]
    if not len(state.grouping):
        return [line(Piece("   there are no snapshots to group", "dim"))]
    groups = state.groups_in_sight
    dearest = state.grouping.at(0).cents
    return [
        _group_line(group, state, width, dearest, cursor=place == state.cursor)
        for place, group in enumerate(groups, state.top)
    ]


def _group_line(group: Group, state: AuditState, width: int, dearest: int, *, cursor: bool) -> Line:
    name_width, bar_width = _widths(width)
    gone = group.naming.state is SourceState.GONE and state.place.dimension is Dimension.SOURCE
    mark = " gone" if gone else ""
    name = shorten_middle(visible(group.label), name_width - len(mark))
    whole = state.grouping.cents if state.grouping is not None else 0
    bar = BAR * _bar_cells(group.cents, dearest, bar_width)
    share = f"{100 * group.cents / whole:.0f} %" if whole else ""
    role: Role = "strong" if cursor else "plain"
    size = f"{total_gigabytes(group.gigabytes):>{_SIZE}}" if width >= _WITH_SIZE else ""
    numbers = f"{dollars(group.cents):>{_COST}}{size}{group.count:>{_COUNT},}"
    now = state.subject.now
    ages = f" {since(group.oldest, now):<6} {since(group.newest, now):<6}" if width >= _WITH_AGES else ""
    pieces = line(
        CURSOR if cursor else " ",
        MARKED if group.query in state.marked else " ",
        " ",
        Piece(pad(name, name_width - len(mark)), role),
        Piece(mark, "warn"),
        " ",
        Piece(pad(bar, bar_width), "accent"),
        Piece(f"{share:>{_SHARE}}", "dim"),
        Piece(numbers, role),
        Piece(ages, "dim"),
    )
    return fit(pieces, width)


def _bar_cells(cents: int, dearest: int, cells: int) -> int:
    return max(1, round(cells * cents / dearest)) if cents and dearest and cells else 0


def since(moment: float | None, now: float) -> str:
    """Return an age in at most six cells, `46 d`; `?` where it is unknown."""
    return "?" if moment is None else short_age(now - moment)


def _finding_lines(state: AuditState, width: int) -> list[Line]:
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


def bottom_lines(state: AuditState, width: int) -> list[Line]:
    """Return what the list comes to, or what the finding under the cursor means: always three lines."""
    lines = _about_finding(state, width) if state.place.tab is Tab.FINDINGS else _about_groups(state, width)
    return [*lines[:3], *[()] * (3 - len(lines))]


def _about_groups(state: AuditState, width: int) -> list[Line]:
    grouping = state.grouping
    if grouping is None:
        return []
    overlap = [longest_that_fits(OVERLAP, width)] if grouping.overlaps else []
    return [longest_that_fits(_sums(grouping, state), width), *overlap, _findings_line(state, width)]


def _sums(grouping: Grouping, state: AuditState) -> list[Line]:
    """Return what the groups come to, the longest wording first: a sum that is cut reads as another sum."""
    groups = f" {count(len(grouping), 'group')} · ${dollars(grouping.cents)}/mo"
    counted = f"{groups} = {count(grouping.count, 'snapshot')}"
    filtered = " of the filter" if state.subject.filtered else ""
    unsized = Piece(f" · {grouping.unsized:,} of unknown size not in it", "warn") if grouping.unsized else None
    whole = state.subject.coverage.complete
    loading = Piece(" · so far: the list is not complete", "warn") if not whole else None
    doubt = Piece(f"{' +' if grouping.unsized else ''}{'' if whole else ' so far'}", "warn")
    return [
        line(f"{counted}, each counted once{filtered}", unsized, loading),
        line(counted, unsized, loading),
        *(line(said, doubt) for said in (counted, groups)),
    ]


def _findings_line(state: AuditState, width: int) -> Line:
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


def _about_finding(state: AuditState, width: int) -> list[Line]:
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
    """Return of how many machines it cannot be told whether they have a new snapshot, and why."""
    undated = count(uncovered.undated, uncovered.kind)
    return f"of {undated} it cannot be told: the dates of their snapshots are not known"
