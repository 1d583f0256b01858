"""Interpreter of Textual's output: text, colours and moves are applied to the grid, all else is handed on."""

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from snaptui.terminal.cells import Palette
from snaptui.terminal.grid import Grid

_TOKENS: Final = re.compile(
    r"""
      \x1b\[(?P<pen>[0-9;:]*)m(?P<drawn>[^\x00-\x1f\x7f-\x9f]*)
    | (?P<text>[^\x00-\x1f\x7f-\x9f]+)
    | \x1b\[(?P<place>[0-9]{0,5}(?:;[0-9]{0,5})?)[Hf]
    | (?P<control>[\r\n\b])
    | \x1b\[(?P<known>[0-9]{0,5}[ABCDGKJXd])
    | \x1b\[\?2026(?P<synchronise>[hl])
    | \x1b\]8;(?P<link>[^\x00-\x1f]*;[^\x00-\x1f]*)(?:\x07|\x1b\\)
    | (?P<harmless>
          \x07
        | \x1b\[\?(?:7|12|25|100[0-6]|1015|1016|2004|2031|2048)[hl]  # wrapping, cursor, mouse, pastes, reports
        | \x1b\[\?[0-9]+\$p     # is a mode known?
        | \x1b\[[<>=?][0-9;]*u  # the kitty protocol's flags
        | \x1b\[[0-9]*[ ]q      # the cursor's shape
        | \x1b\[\??[0-9]*n      # where is the cursor?
        | \x1b\[[>=]?[0-9]*c    # what terminal is it?
        # titles, colours of the palette, the clipboard
        | \x1b\](?:[0-279]|1[0-2]|52|104|11[0-2])(?:;[^\x00-\x1f]*)?(?:\x07|\x1b\\)
      )
    | (?P<switch>\x1b\[\?(?:47|1047|1049)[hl])
    | (?P<partial>\x1b(?:\[[0-?]*[\ -/]*|[\]PX^_][^\x07\x1b]*\x1b?)?\Z)
    # The pointer's shape (22) would be sent with each screen; Emacs' terminal, which knows no strings, prints it.
    | (?P<nothing>[\x00\x7f]|\x1b\]22;[^\x00-\x1f]*(?:\x07|\x1b\\))
    | (?P<unknown>
          \x1b\[[0-?]*[\ -/]*[@-~]?
        | \x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?
        | \x1b[\ -/]*[0-~]
        | [\x00-\x1f\x7f-\x9f]
      )
    """,
    re.VERBOSE,
)


class Kind(Enum):
    """Kinds of output that is not applied to the grid, by its effect on the terminal."""

    HARMLESS = auto()
    """It leaves cells, cursor and pen alone: a bell, a mode, a question, the clipboard."""
    SYNCHRONISE = auto()
    """It begins or ends a frame."""
    SWITCH = auto()
    """It goes to the other screen."""
    PARTIAL = auto()
    """It is the beginning of a sequence."""
    UNKNOWN = auto()
    """It may do anything."""


_KINDS: Final = {kind.name.lower(): kind for kind in Kind}


class Passed(Struct, frozen=True):
    """A piece of output that is not applied to the grid, and its kind."""

    kind: Kind
    text: str


def interpret(data: str, grid: Grid, palette: Palette) -> Iterator[Passed]:
    """Apply output to the grid, yielding each piece that is handed on, in order."""
    for token in _TOKENS.finditer(data):
        kind = token.lastgroup
        if kind == "drawn":
            pen, text = token.group("pen", "drawn")
            grid.brush = grid.brush.after.get(pen) or palette.applying(grid.brush, pen)
            if text:
                grid.put(text)
        elif kind == "text":
            grid.put(token.group())
        elif kind == "place":
            grid.move(*_place(token["place"]))
        elif kind == "control":
            _CONTROLS[token["control"]](grid)
        elif kind == "known":
            known = token["known"]
            _KNOWN[known[-1]](grid, int(known[:-1] or 0))
        elif kind == "link":
            link = "" if token["link"].endswith(";") else token["link"]
            grid.brush = palette.brush(replace(grid.brush.style, link=link))
        elif kind is not None and kind != "nothing":
            yield Passed(_KINDS[kind], token.group())


@lru_cache(maxsize=4096)
def _place(parameters: str) -> tuple[int, int]:
    row, _, column = parameters.partition(";")
    return int(column or 1) - 1, int(row or 1) - 1


def _step(across: int, down: int) -> Callable[[Grid, int], None]:
    def go(grid: Grid, times: int) -> None:
        x = min(grid.x, grid.width - 1)
        grid.move(x + across * (times or 1), grid.y + down * (times or 1))

    return go


def _erase_line(grid: Grid, how: int) -> None:
    start, end = {0: (grid.x, grid.width), 1: (0, grid.x + 1)}.get(how, (0, grid.width))
    grid.erase(grid.y, start, end)


def _erase_display(grid: Grid, how: int) -> None:
    rows = {0: range(grid.y + 1, grid.height), 1: range(grid.y)}.get(how, range(grid.height))
    for y in rows:
        grid.erase(y, 0, grid.width)
    if how in (0, 1):
        _erase_line(grid, how)


_CONTROLS: Final[dict[str, Callable[[Grid], None]]] = {
    "\r": lambda grid: grid.move(0, grid.y),
    "\n": lambda grid: grid.line_feed(),
    "\b": lambda grid: _step(-1, 0)(grid, 1),
}
_KNOWN: Final[dict[str, Callable[[Grid, int], None]]] = {
    "A": _step(0, -1),
    "B": _step(0, 1),
    "C": _step(1, 0),
    "D": _step(-1, 0),
    "G": lambda grid, column: grid.move(column - 1, grid.y),
    "d": lambda grid, row: grid.move(grid.x, row - 1),
    "K": _erase_line,
    "J": _erase_display,
    "X": lambda grid, times: grid.erase(grid.y, grid.x, grid.x + (times or 1)),
}
