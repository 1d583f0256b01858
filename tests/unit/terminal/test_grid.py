"""Grid of wanted cells: text, wide characters and scrolling as on a terminal that does not wrap lines."""

import pytest

from snaptui.terminal.cells import Palette
from snaptui.terminal.grid import Grid

WIDTH = 6


@pytest.fixture
def grid() -> Grid:
    return Grid(Palette(), WIDTH, 2)


def shown(grid: Grid) -> list[str]:
    return ["".join(cell.text for cell in row) for row in grid.rows]


def test_a_text_stands_where_the_cursor_is_and_moves_it(grid: Grid) -> None:
    grid.move(1, 1)
    grid.put("abc")
    assert shown(grid) == ["      ", " abc  "]
    assert (grid.x, grid.y) == (4, 1)


def test_letters_too_many_are_printed_over_the_last_column(grid: Grid) -> None:
    grid.move(4, 0)
    grid.put("abcd")
    assert shown(grid)[0] == "    ad"


@pytest.mark.parametrize(("place", "left"), [(1, " x  "), (2, "  x ")])
def test_half_of_a_wide_character_that_is_written_over_takes_the_other_half_with_it(
    grid: Grid, place: int, left: str
) -> None:
    grid.move(1, 0)
    grid.put("日")
    assert [cell.width for cell in grid.rows[0][:4]] == [1, 2, 0, 1]
    grid.move(place, 0)
    grid.put("x")
    assert shown(grid)[0][:4] == left
    assert all(cell.width == 1 for cell in grid.rows[0])


def test_a_mark_joins_the_character_before_it(grid: Grid) -> None:
    grid.put("日")
    grid.put("\N{COMBINING ACUTE ACCENT}")
    assert grid.rows[0][0].text == "日\N{COMBINING ACUTE ACCENT}"
    assert grid.rows[0][1].width == 0
    assert grid.x == 2


def test_the_last_line_scrolls_and_no_other(grid: Grid) -> None:
    grid.put("one")
    grid.line_feed()
    grid.put("two")
    assert shown(grid) == ["one   ", "two   "]
    grid.line_feed()
    assert shown(grid) == ["two   ", "      "]
    assert (grid.x, grid.y) == (0, 1)


def test_a_smaller_grid_cuts_and_a_larger_one_has_blanks(grid: Grid) -> None:
    grid.move(4, 0)
    grid.put("日")
    grid.move(5, 1)
    grid.resize(5, 1)
    assert shown(grid) == ["     "]  # half of a wide character is none
    assert (grid.x, grid.y) == (4, 0)
    grid.resize(8, 3)
    assert shown(grid) == [" " * 8] * 3


def test_erased_cells_are_blank_from_up_to(grid: Grid) -> None:
    grid.put("abcdef")
    grid.erase(0, 2, 4)
    assert shown(grid)[0] == "ab  ef"
    grid.erase(0, 3, 99)
    assert shown(grid)[0] == "ab    "
