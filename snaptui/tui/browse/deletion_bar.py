"""Deletion bar under the list: one line with countdown and progress, worded in `tui/deletions/words`."""

from collections.abc import Sequence

from snaptui.text.lines import Line
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.words import bar_line


class ListDeletionBar(StateLines):
    """Widget with one line about the batches of this session; hidden before the first."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line for a state."""
        way_to_u = "Enter, then " if state.typing else ""
        return (bar_line(state.standings.each, state.standings.at, width, way_to_u),)

    def watch_state(self) -> None:
        """Appear with the first batch."""
        self.set_class(bool(self.state.standings.each), "-busy")
        super().watch_state()
