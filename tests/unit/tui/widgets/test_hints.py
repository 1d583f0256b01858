"""The hints of a title: each is there whole or not at all, and the way out always."""

import pytest

from snaptui.text.lines import Piece, line
from snaptui.tui.widgets.hints import hints_line


@pytest.mark.parametrize("width", range(24, 80))
def test_hints_are_whole_and_the_way_out_is_always_there(width: int) -> None:
    title = line(Piece(" Snapshot", "strong"))
    said = "".join(
        piece.text for piece in hints_line(title, ("R reads it again", "j k scroll"), "Esc goes back", width)
    )
    assert len(said) <= max(width, len(" Snapshot   Esc goes back"))
    assert said.endswith("Esc goes back")
    assert ("R " in said) == ("R reads it again" in said)
    assert ("j " in said) == ("j k scroll" in said)
