import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from snaptui.text.amounts import (
    age,
    age_in_words,
    gigabytes,
    gigabytes_in,
    short_age,
    time_ago,
    total_gigabytes,
    usd_in,
)
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
    assert cell_width(visible(text)) == cell_len(visible(text))


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
        (119, "just now"),
        (120, "2 minutes"),
        (7200, "2 hours"),
        (86_400 * 46, "46 days"),
        (86_400 * 61, "2 months"),
        (86_400 * 365, "12 months"),
        (86_400 * 365 * 1.4, "17 months"),
        (86_400 * 365 * 2, "2.0 years"),
        (86_400 * 365 * 3.19, "3.1 years"),
        (86_400 * 365 * 12, "12 years"),
        (86_400 * 365 * 12_000, "ages"),
    ],
)
def test_an_age_tells_one_year_from_two(seconds: float, words: str) -> None:
    assert age(seconds) == words


@given(st.floats(allow_nan=False))
def test_an_age_fits_its_column(seconds: float) -> None:
    assert cell_width(age(seconds)) <= 9


@given(st.floats(0, 1e308), st.integers(4, 14))
def test_an_amount_of_any_size_fits_its_column(amount: float, width: int) -> None:
    assert cell_width(usd_in(amount, width)) <= width
    assert cell_width(gigabytes_in(amount, width)) <= width


def test_amounts_beyond_a_thousand_keep_their_digits() -> None:
    assert [usd_in(amount, 6) for amount in (999.99, 1_000.5, 12_345.0)] == ["999.99", "1,000", "12,345"]
    assert [usd_in(amount, 8) for amount in (999.99, 1_000.5)] == ["999.99", "1,000.50"]
    assert [gigabytes_in(size, 9) for size in (999.99, 1_000.0, 16_000.0)] == ["999.99 GB", "1,000 GB", "16,000 GB"]
    assert gigabytes_in(1_234.5, 12) == "1,234.50 GB"


def test_sentences_say_times_in_words() -> None:
    assert age_in_words(86_400 * 480) == "16 months"
    assert time_ago(86_400 * 3) == "3 days ago"
    assert time_ago(-7_200) == "2 hours from now"


@pytest.mark.parametrize(
    ("days", "sentence", "short"),
    [
        (0.9, "22 hours", "today"),
        (2.9, "2 days", "2 d"),
        (44, "44 days", "44 d"),
        (144, "4 months", "4 mo"),
        (360, "12 months", "12 mo"),
        (729, "24 months", "24 mo"),
        (2_012, "5.5 years", "5.5 y"),
    ],
)
def test_no_wording_of_an_age_rounds_it_up(days: float, sentence: str, short: str) -> None:
    assert age_in_words(86_400 * days) == sentence
    assert time_ago(86_400 * days) == f"{sentence} ago"
    assert short_age(86_400 * days) == short


@given(st.floats(2 * 86_400, 86_400 * 365 * 9.9))
def test_an_age_is_the_same_in_every_column(seconds: float) -> None:
    number, unit = age(seconds).split(" ")
    short, letters = short_age(seconds).split(" ")
    assert short == number
    assert unit.startswith(letters[0])
    assert cell_width(short_age(seconds)) <= 6


def test_a_moment_to_come_has_no_age() -> None:
    assert age(-3600) == "future"


def test_sizes_align_and_totals_read_well() -> None:
    assert gigabytes(2.34) == "2.34 GB"
    assert total_gigabytes(0.0) == "0 GB"
    assert total_gigabytes(212.4) == "212.4 GB"
    assert total_gigabytes(3_123.0) == "3.1 TB"
