"""Sanitiser: nothing that acts on a terminal is left of a text, and no token can be read in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.text.safe import MOST_COMBINING, masked, visible


@given(st.text())
def test_nothing_invisible_or_acting_is_left(text: str) -> None:
    for character in visible(text):
        assert unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        assert not character.isspace() or character == " "


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-1", "web-1"),
        ("\x1b[31m", "␛[31m"),
        ("a\x7fb", "a␡b"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\N{NO-BREAK SPACE}b", "a b"),
        ("日本", "日本"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_each_kind_is_shown_as_its_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_marks_that_pile_up_are_cut_and_those_of_the_next_letter_are_kept() -> None:
    mark = "\N{COMBINING ACUTE ACCENT}"
    assert visible("a" + mark * 50 + "b" + mark) == "a" + mark * MOST_COMBINING + "b" + mark
    assert visible(mark + "a") == "a"  # there is no letter before it


@pytest.mark.parametrize("prefix", ["dop_v1_", "doo_v1_", "dor_v1_"])
def test_a_token_is_starred_to_its_end_and_the_length_stays(prefix: str) -> None:
    token = prefix + "0123456789abcdef" * 4
    said = masked(f"Bearer {token}, and dop_v2_x")
    assert said == f"Bearer {prefix}{'*' * 64}, and dop_v2_x"


def test_64_hexadecimal_digits_are_a_token_and_63_or_65_are_none() -> None:
    digits = "0123456789abcdef" * 4
    assert masked(digits) == "0123" + "*" * 60
    assert masked(digits[:-1]) == digits[:-1]
    assert masked(digits + "0") == digits + "0"
