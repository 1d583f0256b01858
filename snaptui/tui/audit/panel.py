"""The money beside a wide table: the dearest families of what the filter shows, and what is left of each month."""

from typing import Final

from snaptui.audit.dimensions import Dimension
from snaptui.audit.groups import Group, Grouping
from snaptui.text.amounts import dollars
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import BLANK, Line, Piece, fit, line
from snaptui.text.safe import visible
from snaptui.tui.audit.group_lines import BAR
from snaptui.tui.browse.state import BrowseState

MOST_FAMILIES: Final = 12
LEAST_WIDTH: Final = 32
"""Cells; a terminal made narrow while sums are counted leaves the pane fewer, down to none."""
_STEPS: Final = "▁▂▃▄▅▆▇█"
_BAR: Final = 10
_NUMBERS: Final = 14
"""Cells of the share and the cost."""


def panel_lines(state: BrowseState, width: int) -> tuple[Line, ...]:
    """Return the lines for a pane of so many cells; nothing when nothing is shown or there is no room."""
    if width < LEAST_WIDTH:
        return ()
    view, context = state.browsing.view, state.context
    families = Grouping(view.snapshots, view.selected, Dimension.FAMILY, context)
    if not len(families) or not families.cents:
        return ()
    months = Grouping(view.snapshots, view.selected, Dimension.MONTH, context)
    what = ", of the filter" if state.filtered else ""
    dearest = families.at(0).cents
    shown = families.slice(0, MOST_FAMILIES)
    return (
        BLANK,
        fit(line(Piece(" Where the money goes", "accent"), Piece(f"{what} · a", "dim")), width),
        *(_family_line(group, dearest, families.cents, width) for group in shown),
        BLANK,
        *_month_lines(sorted(months, key=lambda group: group.label), width),
    )


def _family_line(group: Group, dearest: int, whole: int, width: int) -> Line:
    name_width = max(4, width - _BAR - _NUMBERS - 3)
    name = pad(shorten_middle(visible(group.label), name_width), name_width)
    bar = pad(BAR * max(1, round(_BAR * group.cents / dearest)), _BAR)
    share = f"{100 * group.cents / whole:.0f} %"
    return fit(
        line(f" {name} ", Piece(bar, "accent"), Piece(f"{share:>5}", "dim"), f"{dollars(group.cents):>9}"), width
    )


def _month_lines(months: list[Group], width: int) -> list[Line]:
    """Return what is left of each of the last months as a row of bars, the newest at the right."""
    costs = {_number(group.label): group.cents for group in months if group.label[:1].isdecimal()}
    if not costs:
        return []
    last = max(costs)
    first = max(min(costs), last - width + 3)
    most = max(costs.get(month, 0) for month in range(first, last + 1)) or 1
    heights = (costs.get(month, 0) for month in range(first, last + 1))
    bars = "".join(_STEPS[min(7, 8 * cents // (most + 1))] if cents else " " for cents in heights)
    newest = f"{last // 12:04d}-{last % 12 + 1:02d}: ${dollars(costs[last])}"
    return [
        fit(line(Piece(" Each month's survivors", "accent"), Piece(f"  {newest}", "dim")), width),
        fit(line(" ", Piece(bars, "accent")), width),
    ]


def _number(label: str) -> int:
    return int(label[:4]) * 12 + int(label[5:7]) - 1
