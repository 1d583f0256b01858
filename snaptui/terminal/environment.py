"""Terminal facts from the environment, TERM and locale: known before anything else is imported."""

import codecs
import locale
from collections.abc import Mapping
from typing import Final

_DUMB: Final = ("", "dumb", "emacs", "unknown")


def is_dumb(environment: Mapping[str, str]) -> bool:
    """Return whether the terminal understands no escape sequence at all: Emacs' shell, or no terminal."""
    return environment.get("TERM", "") in _DUMB


def terminal_encoding(environment: Mapping[str, str]) -> str:
    """Return the codec of the locale; Python itself takes UTF-8 where the locale is C."""
    name = environment.get("LC_ALL") or environment.get("LC_CTYPE") or environment.get("LANG") or "C"
    # PEP 538: where the locale is C, Python itself puts LC_CTYPE=C.UTF-8 into the environment, whatever the terminal.
    coerced = name == "C.UTF-8" and not environment.get("LC_ALL") and environment.get("LANG", "") in ("", "C", "POSIX")
    if name in ("C", "POSIX") or coerced:
        return "ascii"
    _, _, said = name.partition(".")
    try:
        return codecs.lookup(said.partition("@")[0] or locale.getpreferredencoding(False)).name
    except LookupError:
        return "ascii"
