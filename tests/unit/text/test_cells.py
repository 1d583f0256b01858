"""Widths in cells: padding and shortening never make a line wider, and never cut a character in two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.text.cells import cell_width, pad, shorten_middle
from snaptui.text.safe import visible

TEXTS = st.text(alphabet=st.sampled_from("ab日本é\N{COMBINING ACUTE ACCENT}👩‍💻 "), max_size=30).map(visible)


@given(TEXTS, st.integers(0, 40))
def test_a_shortened_text_fits_and_keeps_both_ends(text: str, width: int) -> None:
    short = shorten_middle(text, width)
    assert cell_width(short) <= width
    if cell_width(text) <= width:
        assert short == text
    elif width:
        head, tail = short.split("…")
        assert text.startswith(head)
        assert text.endswith(tail)


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [("abcdefgh", 5, "ab…gh"), ("abcdefgh", 4, "ab…h"), ("abc", 1, "…"), ("abc", 0, ""), ("日本日本日", 6, "日…日")],
)
def test_the_middle_goes(text: str, width: int, short: str) -> None:
    assert shorten_middle(text, width) == short


def test_padding_counts_cells_and_not_letters() -> None:
    assert pad("日本", 6) == "日本  "
    assert pad("日本", 6, right=True) == "  日本"
    assert pad("toolong", 3) == "toolong"
