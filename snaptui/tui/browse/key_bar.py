"""Key bar: the commands with a hint, in one line; a dash stands for a key that cannot work now."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual.events import Click

from snaptui.text.lines import Line, Piece, fit, line, width_of
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.filter import FilterInput
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.keys.command import Command
from snaptui.tui.messages import CommandRequested, FilterLeft

# Short for a bar, and lower case, as nobody presses Shift for it.
_SHORT: Final[Mapping[str, str]] = {"Space": "space", "Enter": "⏎"}
_KEEP: Final = ("enter", "⏎", "keep")
"""Enter in the filter, which the text field takes itself."""


class KeyBar(StateLines):
    """Widget with one line of keys and their hints."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line of keys for a state: those of the filter while keys are its text."""
        shown = [Piece(" "), *(piece for _, hint in _hints(state, width) for piece in hint)]
        return (fit(shown, width),)

    def on_click(self, event: Click) -> None:
        """Do what the key stands for that was clicked."""
        start = 1
        for key, hint in _hints(self.state, self.size.width):
            if start <= event.x < start + width_of(hint):
                self.post_message(FilterLeft(clear=key == "escape") if self.state.typing else CommandRequested(key))
            start += width_of(hint)


def _filter_hints() -> list[tuple[str, Line]]:
    hints = [(each.key, each.printed, each.hint) for each in FilterInput.DECLARED]
    return [(key, line(Piece(printed, "key"), f" {said}  ")) for key, printed, said in (_KEEP, *hints)]


def _hints(state: BrowseState, width: int) -> list[tuple[str, Line]]:
    """Return the keys that fit, with their words; the last of all is always among them."""
    if state.typing:
        return _filter_hints()
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
