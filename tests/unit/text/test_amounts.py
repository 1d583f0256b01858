import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from snaptui.text.amounts import age, gigabytes, total_gigabytes
from snaptui.text.cells import cell_width, pad, shorten_middle
from snaptui.text.safe import visible

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text())
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    assert not [c for c in visible(text) if unicodedata.category(c) in UNSAFE]


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]52;c;cm0=\x07", "␛]52;c;cm0=␇"),
        ("two\nlines\tand", "two␊lines␉and"),
        ("\u202egnp.exe", "\N{REPLACEMENT CHARACTER}gnp.exe"),
        ("\x9b31m", "\N{REPLACEMENT CHARACTER}31m"),
        ("\x7f", "␡"),
        ("[/] [bold]x", "[/] [bold]x"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 3),
    ],
)
def test_hostile_names_are_shown_as_what_they_are(hostile: str, shown: str) -> None:
    assert visible(hostile) == shown


@given(st.text())
def test_a_visible_text_has_the_width_that_it_is_drawn_with(text: str) -> None:
    # Rich measures what Textual draws. It may join emoji into one cluster; we never count less than it.
    assert cell_width(visible(text)) >= cell_len(visible(text))


@given(st.text(), st.integers(1, 40))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert cell_width(shorten_middle(visible(text), width)) <= width


def test_a_shortened_name_keeps_its_distinguishing_end() -> None:
    assert shorten_middle("web-01-1595954862243", 12) == "web-01…62243"


def test_padding_counts_cells() -> None:
    assert pad("日本", 6) == "日本  "
    assert pad("9.00", 6, right=True) == "  9.00"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (61, "1 minute"),
        (7200, "2 hours"),
        (86_400 * 45, "1 month"),
        (86_400 * 800, "2 years"),
    ],
)
def test_an_age_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    assert age(seconds) == words


def test_a_moment_to_come_has_no_age() -> None:
    assert age(-3600) == "future"


def test_sizes_align_and_totals_read_well() -> None:
    assert gigabytes(2.34) == "2.34 GB"
    assert total_gigabytes(212.4) == "212 GB"
    assert total_gigabytes(3_123.0) == "3.1 TB"
