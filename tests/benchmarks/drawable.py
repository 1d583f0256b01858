"""Frames as curses can draw them.

What curses cannot draw is left out: struck-out text, and colours outside the palette, which become the nearest of it.
"""

import itertools
from typing import Final

import pyte
from terminal import Frame

NAMES: Final = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
NUMBERS: Final = {"default": -1} | {name: n for n, name in enumerate(NAMES + tuple(f"bright{name}" for name in NAMES))}
DRAWABLE: Final = ("bold", "italics", "underscore", "reverse")
COLOURS: Final[list[str]] = list(pyte.graphics.FG_BG_256)
# The first sixteen are left out: every terminal has other colours there.
XTERM: Final = {COLOURS[number]: number for number in range(16, 256)}
PALETTE: Final = dict(XTERM)

Style = tuple[int, int, tuple[str, ...]]
Run = tuple[str, int, int, tuple[str, ...]]


def to_palette(colour: str) -> int:
    """Return the number of a colour of the emulator, or of the one nearest to it, in the terminal's palette."""
    if colour in NUMBERS:
        return NUMBERS[colour]
    if colour not in PALETTE:
        PALETTE[colour] = min(XTERM.values(), key=lambda number: distance(colour, COLOURS[number]))
    return PALETTE[colour]


def distance(one: str, other: str) -> int:
    """Return how far apart two colours are."""
    return sum((a - b) ** 2 for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))


def style(cell: pyte.screens.Char) -> Style:
    """Return a cell's colours and those attributes that curses can draw."""
    return to_palette(cell.fg), to_palette(cell.bg), tuple(name for name in DRAWABLE if getattr(cell, name))


def runs(row: tuple[pyte.screens.Char, ...]) -> list[Run]:
    """Return the pieces of a row that look alike."""
    return [("".join(cell.data for cell in cells), *look) for look, cells in itertools.groupby(row, style)]


def for_twin(frame: Frame) -> dict[str, object]:
    """Return a frame as `twin.py` reads it."""
    return {"rows": [runs(row) for row in frame.cells], "cursor": frame.cursor}


def look(frame: Frame) -> object:
    """Return what two frames must have in common to look alike as far as curses can draw them."""
    return [[(cell.data, style(cell)) for cell in row] for row in frame.cells], frame.cursor


def differences(one: Frame, other: Frame) -> str:
    """Say where frames differ."""
    places = (
        f"row {y} column {x}: {a.data!r} {style(a)} instead of {b.data!r} {style(b)}"
        for y, (row, wanted) in enumerate(zip(one.cells, other.cells, strict=True))
        for x, (a, b) in enumerate(zip(row, wanted, strict=True))
        if (a.data, style(a)) != (b.data, style(b))
    )
    return "\n".join([*itertools.islice(places, 10), f"cursor {one.cursor} instead of {other.cursor}"])
