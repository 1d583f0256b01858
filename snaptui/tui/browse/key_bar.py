"""The key bar: the commands that have a hint, along the bottom; a dash stands for a key that cannot work now."""

from collections.abc import Mapping, Sequence
from typing import Final

from snaptui.text.lines import Line, Piece, fit, width_of
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.keys.command import Command

# Short for a bar, and lower case, as nobody presses Shift for it.
_SHORT: Final[Mapping[str, str]] = {"Space": "space", "Enter": "⏎"}


class KeyBar(StateLines):
    """One line of keys and what they do."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line of keys for a state."""
        *hints, last = [_hint(command, state) for command in COMMANDS if command.hint]
        shown: list[Piece] = [Piece(" ")]
        for hint in hints:
            if width_of((*shown, *hint, *last)) > width:
                break
            shown += hint
        return (fit((*shown, *last), width),)


def _hint(command: Command[BrowseActions, BrowseState], state: BrowseState) -> Line:
    key = _SHORT.get(command.printed, command.printed)
    if command.obstacle(state) is not None:
        return (Piece("–".rjust(len(key)), "off"), Piece(f" {command.hint}  ", "off"))
    return (Piece(key, "key"), Piece(f" {command.hint}  "))
