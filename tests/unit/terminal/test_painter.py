"""Shortest bytes for a change of the screen."""

import pytest

from snaptui.terminal.screen_model import CellScreen

WIDTH, HEIGHT = 40, 10


@pytest.fixture
def screen() -> CellScreen:
    """A screen that shows ten lines of text in colour, with the cursor at the top."""
    screen = CellScreen(WIDTH, HEIGHT)
    lines = (f"\x1b[{row};1H\x1b[31;44m{f'line {row} of some text':40}\x1b[0m" for row in range(1, HEIGHT + 1))
    screen.receive("".join(lines) + "\x1b[H")
    screen.frame()
    return screen


def _sent(screen: CellScreen, written: str) -> str:
    passed = screen.receive(written)
    assert passed == ""
    return screen.frame()


def test_what_is_already_there_is_not_sent(screen: CellScreen) -> None:
    assert _sent(screen, "\x1b[4;1H\x1b[31;44mline 4 of some text\x1b[0m\x1b[H") == ""


def test_only_the_changed_cell_is_sent(screen: CellScreen) -> None:
    assert _sent(screen, "\x1b[4;1H\x1b[31;44mline X of some text\x1b[0m\x1b[H") == "\x1b[4;6HX\x1b[H"


def test_a_short_gap_is_printed_again(screen: CellScreen) -> None:
    assert _sent(screen, "\x1b[4;1H\x1b[31;44mlXne X of some text\x1b[0m\x1b[H") == "\x1b[4;2HXne X\x1b[H"


def test_a_long_gap_is_stepped_over(screen: CellScreen) -> None:
    assert _sent(screen, "\x1b[4;1H\x1b[31;44mXine 4 of some texX\x1b[0m\x1b[H") == "\x1b[4HX\x1b[17CX\x1b[H"


def test_the_next_line_is_two_characters_away(screen: CellScreen) -> None:
    written = "\x1b[4;1H\x1b[31;44mX\x1b[0m\x1b[5;1H\x1b[31;44mX\x1b[0m\x1b[H"
    assert _sent(screen, written) == "\x1b[4HX\r\nX\x1b[H"


def test_the_same_column_of_a_line_below_is_reached_downwards(screen: CellScreen) -> None:
    written = "\x1b[4;9H\x1b[31;44mX\x1b[0m\x1b[5;10H\x1b[31;44mX\x1b[0m\x1b[H"
    assert _sent(screen, written) == "\x1b[4;9HX\x1b[BX\x1b[H"


def test_the_end_of_a_line_is_erased(screen: CellScreen) -> None:
    assert _sent(screen, f"\x1b[4;1H\x1b[31;44m{'line':40}\x1b[0m\x1b[H") == "\x1b[4;6H\x1b[K\x1b[H"


def test_blanks_in_the_middle_are_erased(screen: CellScreen) -> None:
    _sent(screen, f"\x1b[4;1H\x1b[31;44m{'x' * 40}\x1b[0m\x1b[H")
    assert _sent(screen, f"\x1b[4;4H\x1b[31;44m{'':15}\x1b[0m\x1b[H") == "\x1b[4;4H\x1b[15X\x1b[H"


def test_a_terminal_that_erases_without_colour_gets_blanks() -> None:
    screen = CellScreen(20, 1, erases_in_colour=False)
    screen.receive(f"\x1b[44m{'':20}\x1b[0m\x1b[H")
    assert " " * 20 in screen.frame()


def test_without_a_background_it_erases_all_the_same() -> None:
    screen = CellScreen(20, 1, erases_in_colour=False)
    screen.receive(f"{'x' * 20}\x1b[H")
    screen.frame()
    assert _sent(screen, f"text{'':16}\x1b[H") == "text\x1b[K\r"


def test_underlined_blanks_are_printed() -> None:
    screen = CellScreen(20, 1)
    screen.receive(f"\x1b[4m{'':20}\x1b[0m\x1b[H")
    assert " " * 20 in screen.frame()


def test_nothing_relative_follows_the_last_column(screen: CellScreen) -> None:
    written = "\x1b[4;40H\x1b[31;44mX\x1b[0m\x1b[5;40H\x1b[31;44mX\x1b[0m\x1b[H"
    assert _sent(screen, written) == "\x1b[4;40HX\x1b[5;40HX\x1b[H"


def test_what_follows_a_doubtful_character_is_placed_anew(screen: CellScreen) -> None:
    sent = _sent(screen, "\x1b[4;1H\x1b[31;44mline 👍 of some text\x1b[0m\x1b[H")
    assert sent == "\x1b[4;5H   \b\b👍\x1b[8G of some text\x1b[K\x1b[H"


def test_a_wide_character_takes_the_place_of_another_whole(screen: CellScreen) -> None:
    screen.receive("\x1b[4;1H漢")
    screen.frame()
    assert _sent(screen, "\x1b[4;1H字\x1b[H") == "\r字\x1b[H"
