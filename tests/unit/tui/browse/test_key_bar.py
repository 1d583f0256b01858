"""Key bar: the keys that work now, never cut."""

import pytest
from msgspec.structs import replace

from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import cell_width
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.key_bar import KeyBar
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with


def bar(state: BrowseState, width: int) -> str:
    (line,) = KeyBar().lines_for(state, width)
    return "".join(piece.text for piece in line)


def one_row() -> BrowseState:
    row = Snapshot("1", "web", None, 0.0, ("nyc1",), 1, 2.0, "7", "volume", ())
    state = BrowseState()
    return showing(state, view_with(state, (row,)))


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_help_is_never_cut(width: int) -> None:
    assert bar(one_row(), width).rstrip().endswith("? help")
    assert cell_width(bar(one_row(), width)) <= width


def test_a_wide_bar_has_every_command_with_a_hint() -> None:
    assert all(f" {command.hint} " in bar(one_row(), 200) for command in COMMANDS if command.hint)


def test_a_key_that_cannot_work_now_is_a_dash() -> None:
    assert "– delete" in bar(BrowseState(), 80)
    assert "d delete" in bar(one_row(), 80)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_in_the_filter_no_key_of_the_table_is_offered(width: int) -> None:
    assert " ".join(bar(replace(one_row(), typing=True), width).split()) == "⏎ keep Esc clear ↓ to the table"
