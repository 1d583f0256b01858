"""Hints line: the title of a screen and the keys that work there, as many as fit whole."""

from collections.abc import Sequence

from snaptui.text.lines import Line, Piece, joined, line, whole_parts, width_of


def hints_line(title: Line, hints: Sequence[str], last: str, width: int) -> Line:
    """Return the title, the hints that fit, and the last of all, which says how to get away."""
    first = (*title, Piece("   " if title else " "))
    told = line(Piece(last, "dim"))
    room = width - width_of(first) - width_of(told) - len(" · ")
    kept = [part for part in (line(Piece(hint, "dim")) for hint in hints) if width_of(part) <= room]
    others = whole_parts(kept, room) if kept else ()
    return (*first, *joined([others, told]))
