"""A terminal's screen that can do what curses asks of an xterm, and answers questions."""

from collections.abc import Callable

import pyte


class Screen(pyte.Screen):
    """pyte's screen with three things that it lacks: repeated characters, scrolling, blanks in the pen's colours."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], object]) -> None:
        super().__init__(columns, rows)
        self._answer = answer
        self._last = " "

    def write_process_input(self, data: str) -> None:
        """Send an answer."""
        self._answer(data)

    def draw(self, data: str) -> None:
        """Draw text."""
        super().draw(data)
        self._last = data[-1:]

    def repeat(self, count: int = 1) -> None:
        """Draw the last character again."""
        self.draw(self._last * max(count, 1))

    def insert_characters(self, count: int | None = None) -> None:
        """Make room at the cursor."""
        super().insert_characters(count)
        self._colour(self.cursor.y, self.cursor.x, count or 1)

    def delete_characters(self, count: int | None = None) -> None:
        """Remove the characters at the cursor."""
        super().delete_characters(count)
        self._colour(self.cursor.y, max(self.columns - max(count or 1, 1), self.cursor.x), count or 1)

    def index(self) -> None:
        """Move down a line; at the bottom of the region scroll it up."""
        scrolls = self.cursor.y == self._region[1]
        super().index()
        if scrolls:
            self._colour(self.cursor.y, 0, self.columns)

    def reverse_index(self) -> None:
        """Move up a line; at the top of the region scroll it down."""
        scrolls = self.cursor.y == self._region[0]
        super().reverse_index()
        if scrolls:
            self._colour(self.cursor.y, 0, self.columns)

    def scroll_up(self, count: int = 1) -> None:
        """Scroll the region."""
        self._scroll(self._region[1], self.index, count)

    def scroll_down(self, count: int = 1) -> None:
        """Scroll the region the other way."""
        self._scroll(self._region[0], self.reverse_index, count)

    @property
    def _region(self) -> tuple[int, int]:
        return (self.margins.top, self.margins.bottom) if self.margins else (0, self.lines - 1)

    def _scroll(self, y: int, move: Callable[[], None], count: int) -> None:
        before, self.cursor.y = self.cursor.y, y
        for _ in range(max(count, 1)):
            move()
        self.cursor.y = before

    def _colour(self, y: int, start: int, count: int) -> None:
        for x in range(start, min(start + max(count, 1), self.columns)):
            self.buffer[y][x] = self.cursor.attrs


class Stream(pyte.ByteStream):
    """The emulator's parser, with REP, SU and SD."""

    csi = {**pyte.ByteStream.csi, "b": "repeat", "S": "scroll_up", "T": "scroll_down"}  # noqa: RUF012
    events = pyte.ByteStream.events | {"repeat", "scroll_up", "scroll_down"}
