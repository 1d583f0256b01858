"""Output for terminals without UTF-8, or without colours: as wide as before, and nothing else lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from snaptui.terminal.spelling import speller

NO_COLOUR = speller(ascii_only=False, no_colour=True)
ASCII = speller(ascii_only=True, no_colour=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\x1b[1;38;5;12ma\x1b[mb", "\x1b[1ma\x1b[mb"),
        ("\x1b[38;2;38;38;38;48;2;48;48;48ma", "a"),
        ("\x1b[0;31;44ma", "\x1b[0ma"),
        ("\x1b[7;97;107;4ma", "\x1b[7;4ma"),
        ("\x1b[48:2::1:2:3;9ma", "\x1b[9ma"),
        ("\x1b[58;5;3;4ma", "\x1b[4ma"),
        ("\x1b[39;49ma", "a"),
        ("\x1b[2;22;27;29ma", "\x1b[2;22;27;29ma"),
        ("\x1b[31;44H", "\x1b[31;44H"),
    ],
)
def test_colours_are_left_out_and_attributes_are_not(before: str, after: str) -> None:
    assert NO_COLOUR(before) == after


def test_signs_have_ascii_ones() -> None:
    assert ASCII("\x1b[1m● a · b… ▲") == "\x1b[1m* a - b~ ^"


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Mn", "Me", "Mc", "Cf", "Cn"]), max_size=20))
def test_everything_is_ascii_and_as_wide_as_it_was(text: str) -> None:
    spelt = ASCII(text)
    assert spelt.isascii()
    assert len(spelt) == cell_len(text)
