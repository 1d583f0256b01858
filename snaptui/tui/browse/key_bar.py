"""Key bar: the commands with a hint, in one line; a dash stands for a key that cannot work now."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual.events import Click

from snaptui.text.lines import Line, Piece, fit, width_of
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.keys.command import Command
from snaptui.tui.messages import CommandRequested

# Short for a bar, and lower case, as nobody presses Shift for it.
_SHORT: Final[Mapping[str, str]] = {"Space": "space", "Enter": "⏎"}


class KeyBar(StateLines):
    """Widget with one line of keys and their hints."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line of keys for a state."""
        shown = [Piece(" "), *(piece for _, hint in _hints(state, width) for piece in hint)]
        return (fit(shown, width),)

    def on_click(self, event: Click) -> None:
        """Do what the key stands for that was clicked."""
        start = 1
        for key, hint in _hints(self.state, self.size.width):
            if start <= event.x < start + width_of(hint):
                self.post_message(CommandRequested(key))
            start += width_of(hint)


def _hints(state: BrowseState, width: int) -> list[tuple[str, Line]]:
    """Return the keys that fit, with their words; the last of all is always among them."""
    *hints, last = [(command.key, _hint(command, state)) for command in COMMANDS if command.hint]
    shown: list[tuple[str, Line]] = []
    room = width - 1 - width_of(last[1])
    for key, hint in hints:
        room -= width_of(hint)
        if room < 0:
            break
        shown.append((key, hint))
    return [*shown, last]


def _hint(command: Command[BrowseActions, BrowseState], state: BrowseState) -> Line:
    key = _SHORT.get(command.printed, command.printed)
    if command.obstacle(state) is not None:
        return (Piece("–".rjust(len(key)), "off"), Piece(f" {command.hint}  ", "off"))
    return (Piece(key, "key"), Piece(f" {command.hint}  "))
