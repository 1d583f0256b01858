"""Painter: the shortest output that turns the cells on the terminal into the wanted ones."""

import re
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter, is_not
from typing import Final

from snaptui.terminal.cells import Brush, Cell, Palette
from snaptui.terminal.grid import Row
from snaptui.terminal.styles import Style

_LONGEST_GAP: Final = 4  # reprinting so many cells is not longer than stepping over them
_SHORTEST_TAIL: Final = 4  # erasing the rest of a line takes three bytes
_MANY_BLANKS: Final = " " * 12  # erasing so many and stepping over them is shorter than printing them
_BLANKS: Final = re.compile(f"({_MANY_BLANKS}+)")
_UNKNOWN: Final = Style(other="?")
RESET: Final = "\x1b[?6l\x1b[4l\x1b[r\x1b(B\x0f"
"""Places count from the corner, letters take the place of others, all lines scroll, and letters are letters."""
_brush: Final = attrgetter("brush")
_text: Final = attrgetter("text")
_sure: Final = attrgetter("sure")
Span = tuple[int, int]


class Painter:
    """Draws rows, tracking the terminal's pen and cursor as far as they can be known."""

    def __init__(self, palette: Palette, erases_in_colour: bool, erases_characters: bool) -> None:
        self._width = 0
        self._palette = palette
        self.erases_in_colour = erases_in_colour
        self._erases_characters = erases_characters
        self._out: list[str] = []
        self._pen = palette.brush(_UNKNOWN)
        self._x: int | None = None
        self._y: int | None = None

    def forget(self, width: int) -> None:
        """Treat pen and cursor as unknown (hyperlinks are nobody else's), and set the width of lines."""
        self._width = width
        self._pen = self._palette.brush(Style(other=_UNKNOWN.other, link=self._pen.style.link))
        self._x = self._y = None

    @property
    def length(self) -> int:
        """The number of characters drawn since `take` was called last."""
        return sum(map(len, self._out))

    def take(self) -> str:
        """Return the output drawn since the last call."""
        drawn = "".join(self._out)
        self._out.clear()
        return drawn

    def use(self, brush: Brush) -> None:
        """Make a brush the terminal's pen."""
        if brush is not self._pen:
            self._out.append(self._pen.leading_to(brush))
            self._pen = brush

    def move(self, x: int, y: int) -> None:
        """Move the terminal's cursor the shortest way."""
        if x != self._x or y != self._y:
            self._out.append(_way(self._x, self._y, x, y))
            self._x, self._y = x, y

    def clear(self, height: int) -> list[Row | None]:
        """Erase the whole screen, in whatever mode something else has left it; return its rows."""
        plain = self._palette.plain
        self.use(plain)
        self._out.append(f"{RESET}\x1b[2J")
        return [[plain.cells[" "]] * self._width for _ in range(height)]

    def row(self, y: int, new: Row, old: Row | None) -> None:
        """Draw the cells that differ from the row that the terminal shows (`None`: not known)."""
        spans = [(0, len(new))] if old is None else _differences(new, old)
        tail = self._blank_tail(new)
        while spans:
            spans = self._spans(y, new, spans, tail)

    def _blank_tail(self, row: Row) -> int:
        """Return the column from which a row holds only blanks that can be erased."""
        last, tail = row[-1], len(row)
        if last.text == " " and self._erases(last.brush):
            while tail and row[tail - 1] is last:
                tail -= 1
        return tail

    def _erases(self, brush: Brush) -> bool:
        """Return whether an erased cell looks like a blank of this brush; not every terminal erases in colour."""
        return brush.erasable and (self.erases_in_colour or not brush.style.background)

    def _spans(self, y: int, row: Row, spans: list[Span], tail: int) -> list[Span]:
        """Draw spans of a row; return the spans that have to be drawn again because of it."""
        if sum(stop - max(start, tail) for start, stop in spans if stop > tail) < _SHORTEST_TAIL:
            tail = len(row)
        for start, stop in spans:
            if start < tail:
                rest = self._span(y, row, start, min(stop, tail))
                if rest is not None:
                    return [(rest, len(row))] if rest < len(row) else []
        if tail < len(row):
            self.use(row[-1].brush)
            self.move(max(tail, next(start for start, stop in spans if stop > tail)), y)
            self._out.append("\x1b[K")
        return []

    def _span(self, y: int, row: Row, start: int, stop: int) -> int | None:
        """Draw cells; return the column from which the row is no longer known, if it is not."""
        if self._x is not None and self._y == y and self._reprints(row[self._x : start], row[start].brush):
            start = self._x
        cells = row[start:stop]
        if all(map(_sure, cells)):
            self._print(start, y, cells)
            return None
        place = next(x for x in range(start, stop) if not row[x].sure)
        self._print(start, y, row[start:place])
        self._print_unsure(place, y, row[place])
        return place + row[place].width

    def _reprints(self, gap: Row, following: Brush) -> bool:
        """Return whether to print the unchanged cells up to the next changed ones instead of stepping over them."""
        if not 0 < len(gap) <= _LONGEST_GAP or not all(map(_sure, gap)):
            return False
        brushes = [brush for brush, _ in groupby(map(_brush, gap))]
        short = len("".join(map(_text, gap)).encode()) <= _LONGEST_GAP
        return short and brushes in ([self._pen], [following], [self._pen, following])

    def _print(self, x: int, y: int, cells: Sequence[Cell]) -> None:
        for brush, group in groupby(cells, _brush):
            texts = list(map(_text, group))
            text = "".join(texts)
            if _MANY_BLANKS in text and self._erases_characters and self._erases(brush) and len(text) == len(texts):
                self._print_or_erase(x, y, brush, text)
            else:
                self._print_text(x, y, brush, text, len(texts))
            x += len(texts)

    def _print_text(self, x: int, y: int, brush: Brush, text: str, width: int) -> None:
        if brush is not self._pen:
            self.use(brush)
        if x != self._x or y != self._y:
            self.move(x, y)
        self._out.append(text)
        # In the last column terminals differ about where the cursor is.
        self._x = x + width if x + width < self._width else None

    def _print_or_erase(self, x: int, y: int, brush: Brush, text: str) -> None:
        for part in _BLANKS.split(text):
            if part.startswith(_MANY_BLANKS):
                self.use(brush)
                self.move(x, y)
                self._out.append(f"\x1b[{len(part)}X")
            elif part:
                self._print_text(x, y, brush, part, len(part))
            x += len(part)

    def _print_unsure(self, x: int, y: int, cell: Cell) -> None:
        """Print a cell that may move this terminal's cursor anywhere: over blanks, and place what follows anew."""
        # The blanks go first, for a terminal that takes the text as narrower leaves what was there before.
        self._print_text(x, y, cell.brush, " " * cell.width, cell.width)
        self.move(x, y)
        self._out.append(cell.text)
        self._x = None


def _differences(new: Row, old: Row) -> list[Span]:
    """Return the spans of cells to draw: whole characters."""
    mask = bytearray(map(is_not, new, old))
    if not (all(map(_sure, new)) and all(map(_sure, old))):
        _add_what_marks_may_cling_to(mask, new, old)
    spans: list[Span] = []
    start = mask.find(1)
    while start >= 0:
        stop = mask.find(0, start)
        stop = len(new) if stop < 0 else stop
        while stop < len(new) and new[stop].width == 0:
            stop += 1
        spans.append((start - 1 if new[start].width == 0 else start, stop))
        start = mask.find(1, stop)
    return spans


def _add_what_marks_may_cling_to(mask: bytearray, new: Row, old: Row) -> None:
    """Mark unsure cells with their left neighbours when either changes: a terminal may take one for a mark on these."""
    for x in range(1, len(new)):
        if not new[x].sure and (mask[x - 1] or (new[x - 1].width == 0 and mask[x - 2])):
            mask[x] = 1
    for x in range(len(new) - 1, 0, -1):
        if mask[x] and not (new[x].sure and old[x].sure):
            mask[x - 1] = 1
            if new[x - 1].width == 0:
                mask[x - 2] = 1


def _way(from_x: int | None, from_y: int | None, x: int, y: int) -> str:
    """Return the shortest sequence that moves the cursor to a cell; from `None` its place is not known."""
    ways = ["\x1b[H" if x == y == 0 else f"\x1b[{y + 1}H" if x == 0 else f"\x1b[{y + 1};{x + 1}H"]
    if from_y is None:
        return ways[0]
    if y == from_y:
        if from_x is not None:
            ways.append(_sideways(x - from_x))
        ways.append("\r" if x == 0 else f"\x1b[{x + 1}G")
    elif y == from_y + 1:
        ways.append(f"\r\n{_sideways(x)}")
    if x == from_x:
        ways.append(_sequence(y - from_y, "B") if y > from_y else _sequence(from_y - y, "A"))
    return min(ways, key=len)


def _sideways(columns: int) -> str:
    if columns >= 0:
        return _sequence(columns, "C")
    return "\b" * -columns if columns >= -3 else _sequence(-columns, "D")


def _sequence(times: int, final: str) -> str:
    return "" if times == 0 else f"\x1b[{final}" if times == 1 else f"\x1b[{times}{final}"
