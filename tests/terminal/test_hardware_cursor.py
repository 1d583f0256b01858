"""The terminal's own cursor, which braille displays and speech follow, stands where keys act."""

from collections.abc import Callable

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.tui.widgets.lines import CURSOR_SIGN
from tests.support.server import ScriptedServer

from .conftest import Open, Terminal

Serve = Callable[..., ScriptedServer]


def _opened(terminal: Open, serve: Serve) -> Terminal:
    screen = terminal("--api-url", serve().url, DIGITALOCEAN_TOKEN=DEMO_TOKEN)
    screen.until_text("✓ complete")
    screen.until_text("team Acme")
    screen.until_quiet()
    return screen


def _is_on_the_drawn_cursor(screen: Terminal) -> bool:
    """Return whether it is on the cell that a field draws reversed, behind everything that was typed."""
    x, y = screen.screen.place
    return bool(screen.cells[y][x].reverse) and not any(cell.reverse for cell in screen.cells[y][:x])


def _is_on_the_chosen_row(screen: Terminal) -> bool:
    return CURSOR_SIGN in screen.text.splitlines()[screen.screen.place[1]]


@pytest.mark.parametrize("typed", ["", "web", "web你", "x" * 100])
def test_in_the_filter_it_is_where_the_next_letter_goes(terminal: Open, serve: Serve, typed: str) -> None:
    screen = _opened(terminal, serve)
    screen.press("/")
    screen.until_quiet()
    if typed:
        screen.send(typed)
        screen.until(lambda: typed[-20:] in screen.text)
    screen.until(lambda: _is_on_the_drawn_cursor(screen))
    for key in ("\x1b[D", "\x1b[H", "\x1b[F", "\x7f"):
        screen.press(key)
        screen.until_quiet()
        assert _is_on_the_drawn_cursor(screen), key


def test_in_a_dialog_it_is_in_the_field_and_stays_there_when_the_window_changes(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    screen.press("T")
    screen.until_text("Paste or type it")
    screen.until(lambda: _is_on_the_drawn_cursor(screen))
    screen.press("a")
    screen.until(lambda: _is_on_the_drawn_cursor(screen) and screen.cells[screen.screen.place[1]][1].data == "•")
    screen.resize(100, 30)
    screen.until_quiet()
    screen.until(lambda: _is_on_the_drawn_cursor(screen))


def test_in_the_review_it_is_on_cancel_and_then_behind_the_number(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    screen.press("d")
    screen.until_text("type 1 and press Enter")
    screen.until_quiet(0.6)
    x, y = screen.screen.place
    assert "".join(cell.data for cell in screen.cells[y][x:]).lstrip().startswith("Cancel")
    screen.press("1")
    screen.until_text("Enter: 1")
    screen.until(lambda: _is_on_the_drawn_cursor(screen))


def test_in_every_list_it_is_on_the_chosen_row(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve)
    for opening, shown in (("", "NAME"), ("a", "SHARE"), ("K", "keeps")):
        screen.press(*opening)
        screen.until_text(shown)
        screen.until_quiet()
        for key in "jjk":
            screen.press(key)
            screen.until_quiet()
            assert _is_on_the_chosen_row(screen), (opening, key)
