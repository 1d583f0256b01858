"""Widths in terminal cells, as Rich counts them, by which Textual draws: measuring, padding, shortening."""

from collections.abc import Sequence
from typing import Final

ELLIPSIS: Final = "…"


def cell_width(text: str) -> int:
    """Return the width of a visible text in cells of a terminal."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # plain names do without

    return cell_len(text)


def characters(text: str) -> Sequence[tuple[int, int, int]]:
    """Return the characters that a reader sees, marks on them included: where each starts and ends, and its cells."""
    from rich.cells import split_graphemes

    return split_graphemes(text)[0]


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
    head_width = width - 1 - tail_width
    if text.isascii():
        return f"{text[:head_width]}{ELLIPSIS}{text[len(text) - tail_width :]}"
    spans = characters(text)
    head = tail = 0
    stop, start = 0, len(text)
    for _, end, cells in spans:
        if head + cells > head_width:
            break
        head, stop = head + cells, end
    for begin, _, cells in reversed(spans):
        if tail + cells > tail_width:
            break
        tail, start = tail + cells, begin
    return f"{text[:stop]}{ELLIPSIS}{text[start:]}"
