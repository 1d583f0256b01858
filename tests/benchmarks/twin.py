"""The same pictures drawn by curses: each key that is typed draws the next recorded frame.

Run as `python twin.py FRAMES.json`. The file holds a list of frames. A frame's `rows` are lists of runs
`[text, foreground, background, attributes]` whose colours are numbers of the terminal's palette, -1 being its default;
its `cursor` is `[row, column]`, or null while the cursor is hidden.
"""

import curses
import json
import sys
from pathlib import Path
from typing import Final, TypedDict

Run = tuple[str, int, int, list[str]]

ATTRIBUTES: Final = {
    "bold": curses.A_BOLD,
    "italics": curses.A_ITALIC,
    "underscore": curses.A_UNDERLINE,
    "reverse": curses.A_REVERSE,
}


class Frame(TypedDict):
    """One picture of the screen."""

    rows: list[list[Run]]
    cursor: tuple[int, int] | None


class Pairs:
    """Numbers the pairs of colours in the order in which they are first used."""

    def __init__(self) -> None:
        self._numbers = {(-1, -1): 0}

    def attribute(self, foreground: int, background: int) -> int:
        """Return the curses attribute that shows these colours."""
        colours = (foreground, background)
        if colours not in self._numbers:
            self._numbers[colours] = len(self._numbers)
            curses.init_pair(self._numbers[colours], *colours)
        return curses.color_pair(self._numbers[colours])


def draw(window: curses.window, frame: Frame, pairs: Pairs) -> None:
    """Show a frame; curses finds out what differs from the one before."""
    for y, runs in enumerate(frame["rows"]):
        x = 0
        for text, foreground, background, names in runs:
            style = pairs.attribute(foreground, background)
            for name in names:
                style |= ATTRIBUTES[name]
            write(window, y, x, text, style)
            x = window.getyx()[1]
    window.leaveok(frame["cursor"] is None)
    curses.curs_set(frame["cursor"] is not None)
    if frame["cursor"] is not None:
        window.move(*frame["cursor"])
    window.refresh()


def write(window: curses.window, y: int, x: int, text: str, style: int) -> None:
    """Write text; in the lower right corner curses writes it and then complains that the cursor cannot move on."""
    try:
        window.addstr(y, x, text, style)
    except curses.error:
        if y != window.getmaxyx()[0] - 1:
            raise


def play(window: curses.window, frames: list[Frame]) -> None:
    """Draw the first frame, the next one after each key, and end at the key after the last."""
    curses.use_default_colors()
    pairs = Pairs()
    for frame in frames:
        draw(window, frame, pairs)
        window.getch()


if __name__ == "__main__":
    curses.wrapper(play, json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
