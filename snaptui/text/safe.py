"""Sanitiser: every string from outside is made inert here before it is drawn, printed or copied."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
MOST_COMBINING: Final = 3
_CONTROL_PICTURES: Final = 0x2400
_DELETE_PICTURE: Final = "\N{SYMBOL FOR DELETE}"
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


_TOKEN: Final = re.compile(r"\b(do[opr]_v1_)\w*|\b([0-9a-f]{4})[0-9a-f]{60}\b")


def masked(text: str) -> str:
    """Return a text of the same length in which no API token can be read."""

    def stars(token: re.Match[str]) -> str:
        beginning: str = token[1] or token[2]
        return beginning + "*" * (len(token[0]) - len(beginning))

    return _TOKEN.sub(stars, text)


@lru_cache(maxsize=8192)
def visible(text: str) -> str:
    """Return the text with every character that could act on a terminal shown as a sign instead.

    Control characters become their pictures (`␛`), invisible and bidirectional ones `�`, and of the marks
    that pile up on one letter three are kept.
    """
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    combining = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me"):
            combining += 1
            if combining <= MOST_COMBINING and shown:
                shown.append(character)
            continue
        combining = 0
        shown.append(_visible_character(character))
    return "".join(shown)


def _visible_character(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return _DELETE_PICTURE
    if unicodedata.category(character) in _UNSAFE:
        return REPLACEMENT
    return " " if character.isspace() else character
