"""Screen model without I/O: takes Textual's output, returns the output that makes the terminal show it."""

from math import inf
from typing import Final, Protocol

from snaptui.terminal.cells import Palette
from snaptui.terminal.grid import Grid, Row
from snaptui.terminal.painter import RESET, Painter
from snaptui.terminal.stream import Kind, Passed, interpret

SYNCHRONISED_FROM: Final = 1_000  # characters: a shorter frame travels in one packet and is shown at once anyway
_SYNC_START: Final = "\x1b[?2026h"
_SYNC_END: Final = "\x1b[?2026l"


class TerminalScreen(Protocol):
    """Interface between Textual's output and the terminal: `CellScreen` sends changes, `PlainScreen` everything."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells."""
        ...

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's place when a frame has been drawn: x and y, from 0."""
        ...

    def resize(self, width: int, height: int) -> None:
        """Take over the terminal's new size."""
        ...

    def forget(self) -> None:
        """Treat all that the terminal shows as unknown."""
        ...

    def point(self, x: int, y: int) -> str:
        """Return the sequence that moves the terminal's cursor for now, until the next frame."""
        ...

    def receive(self, data: str) -> str:
        """Take output; return the part that has to reach the terminal at once."""
        ...

    def frame(self, most: float = inf) -> str:
        """Return the output still missing on the terminal, or its upper part: little more than `most` characters."""
        ...

    @property
    def is_drawn(self) -> bool:
        """True when nothing was left out of the last frame."""
        ...

    def trust_erasing(self, erases_in_colour: bool) -> None:
        """Set whether erased cells get the pen's background on this terminal."""
        ...


class PlainScreen:
    """Screen that keeps nothing: all output reaches the terminal at once, as it is."""

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._reset = ""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells."""
        return self._size

    @property
    def cursor(self) -> tuple[int, int]:
        """Always unknown: no frame is asked about."""
        return 0, 0

    def resize(self, width: int, height: int) -> None:
        """Take over the terminal's new size."""
        self._size = width, height
        self.forget()

    def forget(self) -> None:
        """Treat the terminal's modes and pen as unknown."""
        self._reset = f"\x1b[m{RESET}"

    def point(self, x: int, y: int) -> str:
        """Return the sequence that moves the cursor; Textual places it anew before it draws."""
        return f"\x1b[{y + 1};{x + 1}H"

    def receive(self, data: str) -> str:
        """Return all output, to be sent at once."""
        reset, self._reset = self._reset, ""
        return reset + data

    def frame(self, most: float = inf) -> str:
        """Nothing is ever missing."""
        return ""

    @property
    def is_drawn(self) -> bool:
        """Nothing is ever left out."""
        return True

    def trust_erasing(self, erases_in_colour: bool) -> None:
        """Nothing is erased here."""


class CellScreen:
    """Screen that keeps the wanted cells and those the terminal shows, and sends the difference."""

    def __init__(
        self, width: int, height: int, *, erases_in_colour: bool = True, erases_characters: bool = True
    ) -> None:
        self._palette = Palette()
        self._painter = Painter(self._palette, erases_in_colour, erases_characters)
        self._wanted = Grid(self._palette, width, height)
        self._shown: list[Row | None] = []
        self._partial = ""
        self._synchronises = False
        self._is_drawn = True
        self.forget()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in cells."""
        return self._wanted.width, self._wanted.height

    @property
    def cursor(self) -> tuple[int, int]:
        """The cursor's place when a frame has been drawn: x and y, from 0."""
        return min(self._wanted.x, self._wanted.width - 1), self._wanted.y

    def resize(self, width: int, height: int) -> None:
        """Take over the terminal's new size; its contents are unknown from then on."""
        self._wanted.resize(width, height)
        self.forget()

    def forget(self) -> None:
        """Treat all that the terminal shows as unknown: the next frame draws everything."""
        self._shown = [None] * self._wanted.height
        self._painter.forget(self._wanted.width)

    def point(self, x: int, y: int) -> str:
        """Return the sequence that moves the terminal's cursor for now, until the next frame."""
        self._painter.move(x, y)
        return self._painter.take()

    def receive(self, data: str) -> str:
        """Take output; return the part that has to reach the terminal at once, such as a bell or a mode."""
        data, self._partial = self._partial + data, ""
        return "".join([self._pass_on(passed) for passed in interpret(data, self._wanted, self._palette)])

    def _pass_on(self, passed: Passed) -> str:
        if passed.kind is Kind.HARMLESS:
            return passed.text
        if passed.kind is Kind.SWITCH:
            # 1049 saves the pen with the cursor (DECSC) and clears in its background where the terminal knows bce.
            self._painter.use(self._palette.plain)
            return self._followed_by(passed.text)
        if passed.kind is Kind.UNKNOWN:
            self._paint()
            self._painter.use(self._wanted.brush)
            return self._followed_by(passed.text)
        if passed.kind is Kind.PARTIAL:
            self._partial = passed.text
        else:
            self._synchronises = True
        return ""

    def _followed_by(self, sequence: str) -> str:
        drawn = self._painter.take()
        self.forget()
        return drawn + sequence

    @property
    def is_drawn(self) -> bool:
        """True when nothing was left out of the last frame."""
        return self._is_drawn

    def trust_erasing(self, erases_in_colour: bool) -> None:
        """Set whether erased cells get the pen's background on this terminal; what is shown stays right."""
        self._painter.erases_in_colour = erases_in_colour

    def frame(self, most: float = inf) -> str:
        """Return the output that makes the terminal show the wanted cells, from the top: rows for `most` characters."""
        started, self._partial = self._partial, ""
        before = self._followed_by(started) if started else ""
        self._is_drawn = self._paint(most)
        drawn = self._painter.take()
        if self._synchronises and len(drawn) >= SYNCHRONISED_FROM:
            drawn = f"{_SYNC_START}{drawn}{_SYNC_END}"
        return before + drawn

    def _paint(self, most: float = inf) -> bool:
        """Draw rows; false if there are more."""
        if not any(self._shown):
            self._shown = self._painter.clear(self._wanted.height)
        for y, (wanted, shown) in enumerate(zip(self._wanted.rows, self._shown, strict=True)):
            if wanted != shown:
                if self._painter.length >= most:
                    return False
                self._painter.row(y, wanted, shown)
                self._shown[y] = wanted.copy()
        self._painter.move(*self.cursor)
        return True
