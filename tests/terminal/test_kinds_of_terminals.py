"""Terminals that know less than they say, or more; without colours, without UTF-8, and for fingertips."""

import re
from collections.abc import Callable

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.server import ScriptedServer

from ..unit.terminal.conftest import TerminalErasingInDefaultColour
from .conftest import Open, Screen, Terminal, picture

Serve = Callable[..., ScriptedServer]
COLOUR = re.compile(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
COLOUR_OF_256 = re.compile(rb"\x1b\[[0-9;]*[34]8;5;[0-9]+")
MODES = (b"\x1b[?1049h", b"\x1b[?25l", b"\x1b[?7l", b"\x1b[?2004h", b"\x1b[?1000h", b"\x1b[?1006h")
KEYS = ("j", "j", " ", "]", "d", "\x1b", "?", "\x1b", "\r", "\x1b", "/")


def _opened(terminal: Open, server: ScriptedServer, *options: str, **environment: str) -> Terminal:
    kind = environment.pop("kind", "")
    screen = terminal(
        "--api-url", server.url, *options, kind=KINDS.get(kind, Terminal), DIGITALOCEAN_TOKEN=DEMO_TOKEN, **environment
    )
    screen.until(lambda: "complete" in screen.text and "team Acme" in screen.text)
    screen.until_quiet()
    return screen


class _GnuScreen(Screen, TerminalErasingInDefaultColour):
    """GNU screen's: what it erases has no colour, and it says what it is."""

    def report_device_attributes(self, mode: int = 0, **_: bool) -> None:
        """Say that it is GNU screen."""
        self._answer("\x1b[>83;40900;0c")


class GnuScreen(Terminal):
    """GNU screen, in which TERM says something else; with the mouse on, it holds Esc back until the next key."""

    screen_type = _GnuScreen
    _held = ""

    def send(self, keys: str) -> None:
        """Type keys; Esc is held back where the mouse is on."""
        has_mouse = self.written.rfind(b"\x1b[?1000h") > self.written.rfind(b"\x1b[?1000l")
        keys = self._held + keys
        self._held = keys if keys == "\x1b" and has_mouse else ""
        if not self._held:
            super().send(keys)


class _Emacs(Screen):
    def erase_characters(self, count: int | None = None) -> None:
        """Do nothing, as Emacs' terminal does not know this sequence."""

    def report_device_attributes(self, mode: int = 0, **_: bool) -> None:
        """Say nothing."""


class Emacs(Terminal):
    """The terminal of Emacs, which cannot erase in the middle of a row, and has no other screen."""

    screen_type = _Emacs


class _Silent(Screen, TerminalErasingInDefaultColour):
    def report_device_attributes(self, mode: int = 0, **_: bool) -> None:
        """Say nothing."""


class Silent(Terminal):
    """A terminal that does not say what it is, and erases without colour."""

    screen_type = _Silent


KINDS: dict[str, type[Terminal]] = {"GNU screen": GnuScreen, "one that does not say what it is": Silent, "Emacs": Emacs}


@pytest.mark.parametrize("kind", ["GNU screen", "one that does not say what it is"])
def test_no_holes_in_rows_where_erasing_has_no_colour(terminal: Open, serve: Serve, kind: str) -> None:
    witness = _opened(terminal, serve(), "--theme", "dark")
    screen = _opened(terminal, serve(), "--theme", "dark", kind=kind)
    for key in KEYS:
        for each in (witness, screen):
            each.press(key)
            each.until_quiet()
        screen.until(lambda: picture(screen) == picture(witness))


@pytest.mark.parametrize("driver", ["cells", "plain"])
def test_esc_leaves_at_once_in_gnu_screen_also_after_drawing_anew(terminal: Open, serve: Serve, driver: str) -> None:
    screen = _opened(terminal, serve(), "--mouse", "--driver", driver, kind="GNU screen")
    for before in ("", "\x0c"):
        screen.press(*before, "?")
        screen.until_text("snaptui help")
        screen.until_quiet()
        screen.press("\x1b")
        screen.until(lambda: "snaptui help" not in screen.text)


def test_nothing_is_left_of_what_was_erased_in_emacs_nor_of_the_picture_at_the_end(
    terminal: Open, serve: Serve
) -> None:
    witness = _opened(terminal, serve(), "--theme", "terminal", TERM="linux", COLORTERM="")
    screen = _opened(terminal, serve(), "--theme", "terminal", kind="Emacs", TERM="eterm-color", COLORTERM="")
    for key in KEYS:
        for each in (witness, screen):
            each.press(key)
            each.until_quiet()
        screen.until(lambda: picture(screen) == picture(witness))
    screen.send("\x03")
    screen.until(lambda: not screen.text.strip())
    assert screen.screen.place == (0, 0)


@pytest.mark.parametrize(("term", "has_many"), [("xterm-256color", True), ("tmux-direct", True), ("linux", False)])
def test_a_theme_has_the_colours_that_terminfo_knows_of(
    terminal: Open, serve: Serve, term: str, has_many: bool
) -> None:
    screen = _opened(terminal, serve(), "--theme", "dark", TERM=term, COLORTERM="")
    assert bool(COLOUR_OF_256.search(bytes(screen.written))) is has_many


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast", "auto"])
@pytest.mark.parametrize("term", ["linux", "vt220"])
def test_a_terminal_of_few_colours_keeps_its_own_palette_and_shows_the_selected_row_reversed(
    terminal: Open, serve: Serve, term: str, theme: str
) -> None:
    screen = _opened(terminal, serve(), "--theme", theme, TERM=term, COLORTERM="")
    witness = _opened(terminal, serve(), "--theme", "terminal", TERM=term, COLORTERM="")
    assert ("themes need 256 colours" in screen.text) == (theme != "auto")
    for each in (screen, witness):
        each.press("j")
        each.until_quiet()
    screen.until(lambda: picture(screen) == picture(witness))
    y = next(number for number, text in enumerate(screen.text.splitlines()) if "▸" in text)
    assert all(cell.reverse and cell.bold for cell in screen.cells[y])
    screen.send("\x10")
    screen.until_text("Search for commands")
    screen.send("theme high")
    screen.until_text("No matches found")


QUESTION = b"\x1b]11;?\x1b\\"


@pytest.mark.parametrize(("answer", "theme"), [("ffff/ffff/dddd", "light"), ("0000/1111/2222", "dark")])
def test_a_terminal_that_names_its_background_gets_the_theme_for_it(
    terminal: Open, serve: Serve, answer: str, theme: str
) -> None:
    witness = _opened(terminal, serve(), "--theme", theme)
    assert QUESTION not in witness.written
    screen = _opened(terminal, serve(), "--theme", "auto")
    assert bytes(screen.written).count(QUESTION) == 1
    assert picture(screen) != picture(witness)
    screen.press(f"\x1b]11;rgb:{answer}\x1b\\")
    screen.until(lambda: picture(screen) == picture(witness))


@pytest.mark.parametrize("options", [(), ("--mouse", "--theme", "dark")], ids=str)
def test_no_string_is_sent_unasked_as_some_terminals_would_print_it(
    terminal: Open, serve: Serve, options: tuple[str, ...]
) -> None:
    screen = _opened(terminal, serve(), *options, TERM="eterm-color")
    for key in KEYS:
        screen.press(key)
        screen.until_quiet()
    assert not re.findall(rb"\x1b[]PX^_]", screen.written)


def test_an_empty_no_color_asks_for_nothing(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve(), "--theme", "dark", NO_COLOR="")
    assert COLOUR.search(bytes(screen.written))


@pytest.mark.parametrize("theme", ["terminal", "dark", "light"])
def test_no_color_means_no_colour_at_all(terminal: Open, serve: Serve, theme: str) -> None:
    screen = _opened(terminal, serve(), "--theme", theme, NO_COLOR="1")
    for key in KEYS:
        screen.press(key)
        screen.until_quiet()
    assert COLOUR.search(bytes(screen.written)) is None


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C"}, {"LC_ALL": "de_DE.ISO-8859-1"}], ids=str)
def test_without_utf_8_every_byte_is_ascii(terminal: Open, serve: Serve, locale: dict[str, str]) -> None:
    screen = _opened(terminal, serve(), **locale)
    screen.press(" ")
    for key in KEYS:
        screen.press(key)
        screen.until_quiet()
    assert not [byte for byte in screen.written if byte >= 0x80]
    screen.send("\x1b")
    screen.until_quiet()
    screen.send("/clipboard\r")
    screen.until_text("clipboard")
    assert b"\x1b]52" not in screen.written


def test_ctrl_l_sets_all_modes_of_a_terminal_that_was_reset(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve(), "--mouse")
    before, witness = len(screen.written), picture(screen)
    screen.screen.reset()
    screen.screen.set_mode(20)
    screen.send("\x0c")
    screen.until(lambda: all(mode in screen.written[before:] for mode in MODES))
    screen.until(lambda: picture(screen) == witness)


def test_the_cursor_of_the_terminal_is_on_the_selected_row_or_in_the_field(terminal: Open, serve: Serve) -> None:
    screen = _opened(terminal, serve())
    lines = screen.text.splitlines()
    heading = next(y for y, line in enumerate(lines) if "NAME" in line)
    assert screen.screen.place == (0, heading + 1)
    for key, place in (("j", (0, heading + 2)), ("j", (0, heading + 3)), ("k", (0, heading + 2))):
        screen.press(key)
        screen.until_quiet()
        assert screen.screen.place == place
    screen.press("/")
    screen.press("w")
    screen.until_text("/ w")
    screen.until_quiet()
    field = next(y for y, line in enumerate(screen.text.splitlines()) if "/ w" in line)
    x, y = screen.screen.place
    assert y == field
    # Textual counts one on behind the last letter.
    assert x - screen.text.splitlines()[field].index("/ w") in (3, 4)
    screen.press("\x1b")
    screen.until(lambda: screen.screen.place[0] == 0)
    selected = screen.screen.place
    screen.press("?")
    screen.until_quiet()
    screen.press("\x1b")
    screen.until(lambda: screen.screen.place == selected)
