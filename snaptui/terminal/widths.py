"""Character widths in cells, as Textual lays them out, and whether every terminal agrees.

The width is always that of `text.cells`. Unicode's own table, which terminals go by, never gives one: where it says
something else, terminals may differ, and the painter does not rely on where the cursor is behind such a character.
"""

import unicodedata
from functools import lru_cache
from typing import Final

from snaptui.text.cells import cell_width, characters

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_UNSURE: Final = frozenset({"Mn", "Me", "Mc", "Cc", "Cf", "Cs", "Co", "Cn"})
_JAMO: Final = range(0x1160, 0x1200)  # conjoining: width 1 to some, 0 to others
_FLAGS: Final = range(0x1F1E6, 0x1F200)  # two make one flag, or not
_narrow: set[str] = set()


def is_narrow(text: str) -> bool:
    """Return whether every character surely takes one cell; the text holds no control characters."""
    if text.isascii() or _narrow.issuperset(text):
        return True
    _narrow.update(character for character in set(text) if _sure_width(character) == 1)
    return _narrow.issuperset(text)


@lru_cache(maxsize=4096)
def _sure_width(character: str) -> int | None:
    """Return the width in cells if terminals and Textual agree on it, else `None`."""
    number, category = ord(character), unicodedata.category(character)
    if category in _UNSURE or number in _FLAGS or number in _JAMO:
        return None
    wide = unicodedata.east_asian_width(character) in "WF"
    if wide and category in ("So", "Sk"):  # emoji: newer ones are narrow to older terminals, skin tones join
        return None
    width = 2 if wide else 1
    return width if cell_width(character) == width else None


@lru_cache(maxsize=1024)
def clusters(text: str) -> tuple[tuple[str, int, bool], ...]:
    """Split a text as Textual does: (text, cells, whether terminals agree); marks on what precedes take 0 cells."""
    found: list[tuple[str, int, bool]] = []
    for start, end, width in characters(text):
        cluster = "".join(REPLACEMENT if unicodedata.category(c) == "Cs" else c for c in text[start:end])
        found.append((cluster, width, len(cluster) == 1 and _sure_width(cluster) == width))
    return tuple(found)
