"""Lines of text with roles instead of markup, so that the content of a string can never become style."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final, Literal, NamedTuple

from snaptui.text.cells import ELLIPSIS, cell_width, shorten_middle
from snaptui.text.safe import visible

# The last six are of signs in front of a row.
Role = Literal[
    "plain",
    "dim",
    "strong",
    "accent",
    "good",
    "warn",
    "bad",
    "key",
    "off",
    "head",
    "sorted",
    "mark",
    "protected",
    "orphan",
    "newest",
    "old",
    "damaged",
]


class Piece(NamedTuple):
    """Some text, already made visible, and the role that says how it is drawn."""

    text: str
    role: Role = "plain"


Line = tuple[Piece, ...]
BLANK: Line = ()
COLUMN_GAP: Final = 3


def line(*pieces: Piece | str | None) -> Line:
    """Put a line together; `None` and empty texts leave no trace."""
    made = (Piece(p) if isinstance(p, str) else p for p in pieces if p)
    return tuple(p for p in made if p.text)


def problem_line(text: str) -> Line:
    """Return a line that says why something was not done; the text may come from outside."""
    return line(Piece(" ✗ ", "warn"), visible(text))


def success_line(text: str) -> Line:
    """Return a line that says that something was done; the text may come from outside."""
    return line(Piece(" ✓ ", "good"), visible(text))


def width_of(pieces: Iterable[Piece]) -> int:
    """Return the width of the pieces in cells."""
    return sum(cell_width(piece.text) for piece in pieces)


def fit(pieces: Sequence[Piece], width: int) -> Line:
    """Cut a line to `width` cells: its blanks at the end, then the piece that crosses the edge, in its middle."""
    if width_of(pieces) <= width:
        return tuple(pieces)
    pieces = _without_blanks_at_the_end(pieces)
    fitted: list[Piece] = []
    left = width
    for piece in pieces:
        cells = cell_width(piece.text)
        if cells > left:
            if left == 0 and fitted:
                last = fitted.pop()
                fitted.append(Piece(last.text[:-1] + ELLIPSIS, last.role))
            elif left > 0:
                fitted.append(Piece(shorten_middle(piece.text, left), piece.role))
            break
        fitted.append(piece)
        left -= cells
    return tuple(fitted)


def _without_blanks_at_the_end(pieces: Sequence[Piece]) -> Sequence[Piece]:
    kept = list(pieces)
    while kept:
        last = kept.pop()
        if text := last.text.rstrip(" "):
            return (*kept, Piece(text, last.role))
    return ()


def spread(left: Sequence[Piece], right: Sequence[Piece], width: int) -> Line:
    """Put `left` and `right` at the two ends of a line; where both do not fit, the left end is shortened."""
    room = width - width_of(right)
    if room < 8:
        return fit((*left, Piece("  "), *right), width)
    left = fit(left, room - 2)
    return (*left, Piece(" " * (room - width_of(left))), *right)


def joined(parts: Iterable[Line], separator: str = " · ") -> Line:
    """Join lines with a dim separator, leaving out the empty ones."""
    result: list[Piece] = []
    for part in parts:
        if not part:
            continue
        if result:
            result.append(Piece(separator, "dim"))
        result.extend(part)
    return tuple(result)


def whole_parts(parts: Iterable[Line], width: int, separator: str = " · ") -> Line:
    """Join the parts that fit whole, the first ones first: a number that is cut reads as another number.

    The first is always there, shortened where even it does not fit.
    """
    kept: list[Line] = []
    for part in parts:
        if width_of(joined([*kept, part], separator)) <= width or not kept:
            kept.append(part)
    return fit(joined(kept, separator), width)


def longest_that_fits(ways: Sequence[Line], width: int) -> Line:
    """Return the first of several wordings that fits; the last, shortened, where none does."""
    return next((way for way in ways if width_of(way) <= width), fit(ways[-1], width))


def wrapped(pieces: Iterable[Piece], width: int) -> list[Line]:
    """Break a line between words so that each part fits `width`; a longer word is shortened in its middle."""
    rows: list[list[Piece]] = [[]]
    left = width
    for piece in pieces:
        for number, word in enumerate(piece.text.split(" ")):
            text = word if number == 0 else f" {word}"
            if cell_width(text) > left and rows[-1]:
                rows.append([])
                left, text = width, text.lstrip()
            text = shorten_middle(text, left)
            left -= cell_width(text)
            if rows[-1] and rows[-1][-1].role == piece.role:
                text = rows[-1].pop().text + text
            rows[-1].append(Piece(text, piece.role))
    return [tuple(row) for row in rows]


def in_columns(blocks: Sequence[Sequence[Line]], width: int) -> list[Line]:
    """Put blocks of lines side by side in as many columns as their widest line allows; a block stays in one piece."""
    widest = max((width_of(each) for block in blocks for each in block), default=0) + COLUMN_GAP
    number = max(1, min(len(blocks), (width + COLUMN_GAP) // widest))
    least = max(-(-sum(map(len, blocks)) // number), *map(len, blocks))
    columns = next(columns for height in count(least) if len(columns := _stacked(blocks, height)) <= number)
    rows: list[Line] = []
    for y in range(max(map(len, columns))):
        cells = [column[y] if y < len(column) else BLANK for column in columns]
        padded = [(*cell, Piece(" " * (widest - width_of(cell)))) for cell in cells[:-1]]
        rows.append(tuple(piece for cell in (*padded, cells[-1]) for piece in cell))
    return rows


def _stacked(blocks: Sequence[Sequence[Line]], height: int) -> list[list[Line]]:
    """Return columns of blocks, none higher than `height`."""
    columns: list[list[Line]] = [[]]
    for block in blocks:
        if columns[-1] and len(columns[-1]) + len(block) > height:
            columns.append([])
        columns[-1] += block
    return columns
