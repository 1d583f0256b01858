import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.text.csv import cell, table

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "－1"]


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\t \r\n"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe_whatever_blank_stands_before_it(
    before: str, formula: str
) -> None:
    assert cell(before + formula).startswith("'")


def test_ordinary_texts_numbers_and_nothing_are_left_as_they_are() -> None:
    assert [cell(value) for value in ("web-1", -2.5, 7, None, "a=b", "")] == ["web-1", "-2.5", "7", "", "a=b", ""]


def test_a_list_is_one_cell_of_words() -> None:
    assert cell(["env:prod", "keep"]) == "env:prod keep"
    assert cell(("=evil", "keep")) == "'=evil keep"


@given(st.text())
def test_nothing_in_a_cell_acts_on_a_terminal(text: str) -> None:
    assert all(character.isprintable() or character == "\N{REPLACEMENT CHARACTER}" for character in cell(text))


def test_escapes_are_shown_as_signs() -> None:
    assert cell("\x1b]52;c;aGk=\x07\u202egnp") == "␛]52;c;aGk=␇�gnp"


def test_a_table_is_read_back_by_the_names_above_it() -> None:
    rows = list(csv.DictReader(StringIO(table(("a", "b"), [{"a": "x,y", "b": 'say "hi"'}, {"a": None, "b": 1}]))))
    assert rows == [{"a": "x,y", "b": 'say "hi"'}, {"a": "", "b": "1"}]


def test_each_row_is_a_line_of_its_own() -> None:
    assert table(("a", "b"), [{"a": "x", "b": 1}]) == "a,b\nx,1\n"
