"""Spelling of output for terminals that know only ASCII, or shall show no colours. Cells keep their width."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from snaptui.terminal.widths import clusters

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_PEN: Final = re.compile(r"\x1b\[([0-9;:]*)m")
_COLOUR: Final = re.compile(
    r"(?:^|(?<=;))(?:[345]8[;:](?:5[;:][0-9]*|2(?:;[0-9]*){3}|2(?::[0-9]*){3,4})|[34][0-79]|59|9[0-7]|10[0-7])(?:;|$)"
)
_SIGNS: Final = {
    "…": "~", "·": "-", "•": "*", "●": "*", "○": "o", "✓": "+", "✗": "x", "×": "x", "≠": "!", "–": "-", "—": "-",
    "↑": "^", "↓": "v", "←": "<", "→": ">", "▸": ">", "⏎": "_", "▇": "#", "▓": "#", "█": "#", "░": ".", "│": "|",
    "─": "-", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "’": "'", "‘": "'", "“": '"', "”": '"',
    "\N{NO-BREAK SPACE}": " ", "≤": "<", "≥": ">", "−": "-", "⚠": "!", "†": "+",
    "▲": "^", "■": "#", "↔": "-", "◆": "*", "★": "*", "�": "?",
}  # fmt: skip


def speller(*, ascii_only: bool, no_colour: bool) -> Callable[[str], str]:
    """Return the function that output goes through before it reaches the screen model."""

    def spelt(data: str) -> str:
        if ascii_only and not data.isascii():
            data = _NOT_ASCII.sub(lambda match: _in_ascii(match.group()), data)
        return _PEN.sub(lambda match: _without_colours(match.group(1)), data) if no_colour else data

    return spelt


@lru_cache(maxsize=4096)
def _in_ascii(text: str) -> str:
    return "".join(_SIGNS.get(cluster, "?" * width).ljust(width) for cluster, width, _ in clusters(text))


@lru_cache(maxsize=4096)
def _without_colours(parameters: str) -> str:
    """Return the sequence without its colours; nothing if it says nothing else."""
    left = _COLOUR.sub("", parameters).rstrip(";")
    return f"\x1b[{left}m" if left or not parameters else ""
