"""Lines of victims: any part of them is what the whole has there, whoever is warned of and however wide it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.text.lines import Line, Piece, line, wrapped
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.review.victims import WARNING_INDENT, VictimLines
from snaptui.tui.review.words import Review
from tests.support.deleting import plan_of, snapshot

ITEMS = tuple(snapshot(str(number)) for number in range(9))
PLAIN = replace(Review.of(plan_of(list(ITEMS)), BrowseState(now=9.0)), warnings={})
TEXTS = st.text("ab é漢", max_size=90)
WARNINGS = st.dictionaries(st.sampled_from([row.id for row in ITEMS]), st.lists(TEXTS, max_size=3))


def told(review: Review, width: int) -> list[Line]:
    """The warnings, one victim after the other."""
    ids = [row.id for row in ITEMS if row.id in review.warnings]
    room = width - WARNING_INDENT
    texts = [text for one in ids for text in review.warnings[one]]
    return [(Piece(" " * WARNING_INDENT), *part) for text in texts for part in wrapped(line(Piece(text, "warn")), room)]


@given(WARNINGS, st.integers(20, 120), st.integers(-3, 40), st.integers(-3, 40))
def test_a_part_is_what_the_whole_has_there(warnings: dict[str, list[str]], width: int, start: int, stop: int) -> None:
    review = replace(PLAIN, warnings=warnings)
    lines = VictimLines(review, width)
    whole = list(lines)
    assert len(lines) == len(whole) == len(ITEMS) + len(told(review, width))
    assert lines[start:stop] == whole[start:stop]
    assert [each for each in whole if each[0].text == " " * WARNING_INDENT] == told(review, width)
    assert [lines[place] for place in range(-len(whole), len(whole))] == whole + whole


def test_there_is_no_line_beyond_the_last() -> None:
    with pytest.raises(IndexError):
        _ = VictimLines(PLAIN, 80)[len(ITEMS)]
