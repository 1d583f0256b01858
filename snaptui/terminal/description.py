"""Terminal description: capabilities of the terminal from terminfo and the environment."""

import curses
import sys
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from snaptui.terminal.environment import terminal_encoding

GNU_SCREEN: Final = 83
"""GNU screen's number in answer to DA2, whatever it was told to call itself in TERM."""
_MANY_COLOURS: Final = 256
_TRUE_COLOUR: Final = frozenset({"truecolor", "24bit"})


class Description(Struct, frozen=True):
    """Capabilities of a terminal: `colours` is 0 if that is not known; `encoding` is a codec's name."""

    erases_in_colour: bool = False
    erases_characters: bool = False
    """The terminal can erase in the middle of a row (ECH); Emacs' own cannot."""
    colours: int = 0
    encoding: str = "utf-8"
    no_colour: bool = False
    few_colours: bool = False
    """The terminal has 16 colours or fewer: those of a theme could not be told apart."""

    @property
    def color_system(self) -> str | None:
        """Rich's name of the colour system; `None` if terminfo does not say more than TERM."""
        return "256" if self.colours >= _MANY_COLOURS else None


def describe(environment: Mapping[str, str]) -> Description:
    """Return the description of the terminal that this process has."""
    # Terminals in GNU screen do not erase in colour, and its users often say TERM=xterm-256color.
    in_screen = "STY" in environment or environment.get("TERM", "").startswith("screen")
    encoding, no_colour = terminal_encoding(environment), bool(environment.get("NO_COLOR"))
    # stderr, as Textual draws there: stdout, which curses would take, may be a pipe (`ids=$(snaptui)`).
    try:
        curses.setupterm(fd=sys.__stderr__.fileno() if sys.__stderr__ else -1)
    except curses.error:
        return Description(encoding=encoding, no_colour=no_colour)
    erases = curses.tigetflag("bce") == 1 and not in_screen
    colours = max(0, curses.tigetnum("colors"))
    few = colours < _MANY_COLOURS and environment.get("COLORTERM", "") not in _TRUE_COLOUR
    characters = bool(curses.tigetstr("ech"))
    return Description(erases, characters, colours, encoding, no_colour, few)
