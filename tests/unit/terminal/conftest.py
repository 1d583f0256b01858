"""Terminals to draw on: pyte, taught what real terminals do with wide characters and marks."""

from collections.abc import Callable
from typing import Final

import pyte
from pyte import modes
from pyte.screens import Char
from rich.cells import cell_len

ZERO_WIDTH_JOINER: Final = "\N{ZERO WIDTH JOINER}"
EMOJI_STYLE: Final = "\N{VARIATION SELECTOR-16}"
Widths = Callable[[str], int]


class Terminal(pyte.Screen):
    """A terminal on which half of a wide character cannot be left over; `widths` is its opinion of characters.

    One that `joins` makes one character of what zero width joiners join, as Textual does.
    """

    def __init__(self, columns: int, lines: int, widths: Widths = cell_len, joins: bool = True) -> None:
        super().__init__(columns, lines)
        self._widths = widths
        self._joins = joins
        self._stream = pyte.Stream(self)
        self.set_mode(modes.LNM)  # a terminal line turns a line feed into carriage return and line feed
        self.reset_mode(7, private=True)  # Textual turns line wrapping off

    def show(self, output: str) -> "Terminal":
        """Take output as a terminal does."""
        self._stream.feed(output)
        return self

    @property
    def cells(self) -> list[list[Char]]:
        """Every cell with its attributes."""
        return [[self.buffer[y][x] for x in range(self.columns)] for y in range(self.lines)]

    @property
    def place(self) -> tuple[int, int]:
        """The cursor's place."""
        return min(self.cursor.x, self.columns - 1), self.cursor.y

    def draw(self, data: str) -> None:
        """Print text."""
        for character in data:
            self._draw(character)

    def _draw(self, character: str) -> None:
        row, x = self.buffer[self.cursor.y], self.cursor.x - 1
        if x > 0 and row[x].data == "":
            x -= 1
        width = self._widths(character)
        if width and not (self._joins and x >= 0 and row[x].data.endswith(ZERO_WIDTH_JOINER)):
            self._place(character, width)
        elif x >= 0:
            joined = row[x].data.endswith(ZERO_WIDTH_JOINER)
            row[x] = row[x]._replace(data=row[x].data + character)
            if self._joins and not joined and character == EMOJI_STYLE and x == self.cursor.x - 1:
                self._widen(x)

    def _widen(self, x: int) -> None:
        row = self.buffer[self.cursor.y]
        if cell_len(row[x].data[0] + EMOJI_STYLE) == 2 and x + 1 < self.columns:
            self._part(x + 2)
            row[x + 1] = row[x]._replace(data="")
            self.cursor.x = x + 2

    def _place(self, character: str, width: int) -> None:
        x = min(self.cursor.x, self.columns - width)
        self._part(x)
        self._part(x + width)
        row = self.buffer[self.cursor.y]
        row[x] = self.cursor.attrs._replace(data=character)
        if width == 2:
            row[x + 1] = self.cursor.attrs._replace(data="")
        self.cursor.x = x + width

    def _part(self, x: int) -> None:
        """Blank a wide character that lies on both sides of `x`."""
        row = self.buffer[self.cursor.y]
        if 0 < x < self.columns and row[x].data == "":
            row[x - 1] = row[x] = row[x]._replace(data=" ")

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase, and both halves of what is wide; without wrapping the cursor is never beyond the last column."""
        self.ensure_hbounds()
        self._part(self.cursor.x if how == 0 else self.cursor.x + 1)
        super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *args: int, **kwargs: bool) -> None:
        """Erase cells that have never been written, too."""
        self.ensure_hbounds()
        for y in range(self.lines):
            self.buffer[y].update(enumerate(self.cells[y]))
        super().erase_in_display(how)

    def erase_characters(self, count: int | None = None) -> None:
        """Erase, and both halves of what is wide; without wrapping the cursor is never beyond the last column."""
        self.ensure_hbounds()
        self._part(self.cursor.x)
        self._part(self.cursor.x + (count or 1))
        super().erase_characters(count)


class TerminalErasingInDefaultColour(Terminal):
    """A terminal on which erased cells have the default background whatever the pen."""

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """Erase without colour."""
        self._without_colour(lambda: super(TerminalErasingInDefaultColour, self).erase_in_line(how, private))

    def erase_characters(self, count: int | None = None) -> None:
        """Erase without colour."""
        self._without_colour(lambda: super(TerminalErasingInDefaultColour, self).erase_characters(count))

    def _without_colour(self, erase: Callable[[], None]) -> None:
        pen = self.cursor.attrs
        self.cursor.attrs = pen._replace(bg="default")
        erase()
        self.cursor.attrs = pen
