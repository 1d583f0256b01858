"""The hints of a title: each is there whole or not at all, and the way out always."""

import pytest

from snaptui.text.lines import Piece, line
from snaptui.tui.widgets.hints import hints_line

TITLE = line(Piece(" Snapshot", "strong"))
HINTS = ("R reads it again", "j k scroll")
LAST = ("? help · Esc goes back", "? help · Esc", "Esc")


def _said(width: int, position: str = "") -> str:
    return "".join(piece.text for piece in hints_line(TITLE, HINTS, LAST, width, position))


@pytest.mark.parametrize("position", ["", "1–9 of 30", "1,000–1,020 of 99,999"])
@pytest.mark.parametrize("width", range(15, 100))
def test_hints_are_whole_and_the_way_out_is_always_there(width: int, position: str) -> None:
    said = _said(width, position)
    assert len(said) <= width
    assert any(said.removesuffix(f"{position} ").rstrip().endswith(f" {way}") for way in LAST)
    assert said.count("·") == said.count(" · ")
    assert ("R " in said) == ("R reads it again" in said)
    assert ("j " in said) == ("j k scroll" in said)


def test_the_way_out_is_told_in_as_many_words_as_there_is_room_for() -> None:
    assert [_said(width).strip() for width in (20, 24, 34)] == [f"Snapshot   {way}" for way in reversed(LAST)]


def test_what_part_is_in_sight_comes_before_hints_and_many_words() -> None:
    assert _said(40) == " Snapshot   ? help · Esc goes back"
    assert _said(40, "1–9 of 30") == " Snapshot   ? help · Esc      1–9 of 30 "
    assert _said(24, "1–9 of 30") == " Snapshot   ? help · Esc"
