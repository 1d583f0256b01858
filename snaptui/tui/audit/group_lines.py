"""Lines of the audit's groups: each with its share as a bar, their headings, and what they come to."""

from typing import Final

from snaptui.audit.dimensions import Dimension
from snaptui.audit.groups import Group, Grouping
from snaptui.model.sources import SourceState
from snaptui.text.amounts import count, dollars, since, total_gigabytes
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import Line, Piece, Role, fit, line, longest_that_fits
from snaptui.text.safe import visible
from snaptui.tui.audit.state import AuditState

BAR: Final = "▇"
CURSOR: Final = Piece("▸", "accent")
MARKED: Final = Piece("●", "accent")
_COST: Final = 10
_SIZE: Final = 10
_COUNT: Final = 7
_AGES: Final = 14
_WITH_SIZE: Final = 56
_WITH_AGES: Final = 72
"""From these widths on there is room for the size, and for the oldest and newest."""

_BAR_LEAST: Final = 10
_SHARE: Final = 5
OVERLAP: Final = (
    line(Piece(" the lines overlap: a snapshot is under each of its words, the total is not their sum", "warn")),
    line(Piece(" the lines overlap: the total is not their sum", "warn")),
    line(Piece(" lines overlap: the sum is no total", "warn")),
)


def group_heading(state: AuditState, width: int) -> Line:
    """Return the headings of the groups' columns."""
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


def group_lines(state: AuditState, width: int) -> list[Line]:
    """Return a line for each group in sight."""
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


def sum_of_groups(grouping: Grouping, state: AuditState, width: int, room: int) -> list[Line]:
    """Return what the groups come to, and that they overlap where they do: in the same line if there is but one."""
    sums = _sums(grouping, state)
    if not grouping.overlaps:
        return [longest_that_fits(sums, width)]
    if room > 1:
        return [longest_that_fits(sums, width), longest_that_fits(OVERLAP, width)]
    return [longest_that_fits([(*one, Piece(", overlapping", "warn")) for one in sums], width)]


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
