"""Widths in terminal cells: measuring, padding and shortening text that is already safe to draw."""

from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "…"


@lru_cache(maxsize=8192)
def cell_width(text: str) -> int:
    """Return how many cells a visible text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    # Rich's table, by which Textual measures: Python's own is of another version of Unicode.
    from rich.cells import cell_len

    return cell_len(character)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text with spaces up to `width` cells; `right` puts them in front."""
    spaces = " " * (width - cell_width(text))
    return spaces + text if right else text + spaces


def shorten_middle(text: str, width: int) -> str:
    """Return at most `width` cells of a text, with `…` in place of its middle: ends tell names apart."""
    if cell_width(text) <= width:
        return text
    if width <= 1:
        return ELLIPSIS[:width]
    tail_width = (width - 1) // 2
    head = _cut(text, width - 1 - tail_width)
    tail = _cut(text[::-1], tail_width)[::-1]
    return f"{head}{ELLIPSIS}{tail}"


def _cut(text: str, width: int) -> str:
    cells = 0
    for position, character in enumerate(text):
        cells += _character_width(character)
        if cells > width:
            return text[:position]
    return text
