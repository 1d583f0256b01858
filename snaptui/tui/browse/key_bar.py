"""The keys that matter now, along the bottom; greyed where they cannot work."""

from collections.abc import Sequence
from typing import Final

from snaptui.text.lines import Line, Piece, fit
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.obstacles import obstacle
from snaptui.tui.browse.state import BrowseState

HINTS: Final = (
    ("space", "mark", "mark"),
    ("d", "delete", "delete"),
    ("/", "filter", "filter"),
    ("o", "order", "move"),
    ("t", "type", "type"),
    ("⏎", "details", "details"),
    ("?", "help", "help"),
    ("q", "quit", "quit"),
)


class KeyBar(StateLines):
    """One line of keys and what they do."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line of keys for a state."""
        pieces: list[Piece] = [Piece(" ")]
        for key, label, action in HINTS:
            blocked = obstacle(action, state) is not None
            pieces += [
                Piece(key, "off" if blocked else "key"),
                Piece(f" {label}  ", "off" if blocked else "plain"),
            ]
        return (fit(pieces, width),)
