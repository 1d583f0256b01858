"""Terminal description: what terminfo and the environment say that a terminal can."""

import codecs
import curses
import locale
import sys
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

GNU_SCREEN: Final = 83
"""How GNU screen names itself when asked, whatever it was told to call itself in TERM."""
_MANY_COLOURS: Final = 256
_DUMB: Final = ("", "dumb", "emacs", "unknown")


class Description(Struct, frozen=True):
    """What a terminal can do: `colours` is 0 if that is not known; `encoding` is a codec's name."""

    erases_in_colour: bool = False
    colours: int = 0
    encoding: str = "utf-8"
    no_colour: bool = False

    @property
    def color_system(self) -> str | None:
        """Rich's name of the colours, or nothing if terminfo does not say more than TERM."""
        return "256" if self.colours >= _MANY_COLOURS else None


def describe(environment: Mapping[str, str]) -> Description:
    """Return what is known of the terminal that this process has."""
    # Terminals in GNU screen do not erase in colour, and its users often say TERM=xterm-256color.
    in_screen = "STY" in environment or environment.get("TERM", "").startswith("screen")
    encoding, no_colour = terminal_encoding(environment), bool(environment.get("NO_COLOR"))
    try:
        curses.setupterm(fd=sys.__stderr__.fileno() if sys.__stderr__ else -1)
    except curses.error:
        return Description(encoding=encoding, no_colour=no_colour)
    erases = curses.tigetflag("bce") == 1 and not in_screen
    return Description(erases, max(0, curses.tigetnum("colors")), encoding, no_colour)


def is_dumb(environment: Mapping[str, str]) -> bool:
    """Whether the terminal understands no escape sequence at all, as Emacs' shell or none."""
    return environment.get("TERM", "") in _DUMB


def terminal_encoding(environment: Mapping[str, str]) -> str:
    """Return the codec of the locale; Python itself takes UTF-8 where the locale is C."""
    name = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or "C"
    coerced = name == "C.UTF-8" and not environment.get("LC_ALL") and environment.get("LANG", "") in ("", "C", "POSIX")
    if name in ("C", "POSIX") or coerced:
        return "ascii"
    _, _, said = name.partition(".")
    try:
        codec = codecs.lookup(said.partition("@")[0] or locale.getpreferredencoding(False)).name
    except LookupError:
        return "ascii"
    return codec
