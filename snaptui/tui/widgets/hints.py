"""Hints line: the title of a screen and the keys that work there, as many as fit whole."""

from collections.abc import Sequence
from typing import Final

from snaptui.text.lines import Line, Piece, joined, line, spread, whole_parts, width_of

GAP: Final = 2


def hints_line(title: Line, hints: Sequence[str], last: Sequence[str], width: int, position: str = "") -> Line:
    """Return the title, the hints that fit, and the last of all, which says how to get away.

    `last` has its wordings, the longest first. `position` says at the right edge what part is in sight: rather than
    that, a longer wording and hints are left out.
    """
    first = (*title, Piece("   " if title else " "))
    room = width - width_of(first)
    with_position = room - len(position) - GAP - 1 if position else room
    if len(last[-1]) > with_position:
        position, with_position = "", room
    told = line(Piece(next((way for way in last if len(way) <= with_position), last[-1]), "dim"))
    left = with_position - width_of(told) - len(" · ")
    kept = [part for part in (line(Piece(hint, "dim")) for hint in hints) if width_of(part) <= left]
    others = whole_parts(kept, left) if kept else ()
    said = (*first, *joined([others, told]))
    return spread(said, line(Piece(f"{position} ", "dim")), width) if position else said
