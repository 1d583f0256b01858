"""Bars above and below the table: written anew from the state, repainted only where they differ."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.reactive import reactive

from snaptui.text.lines import Line, fit
from snaptui.tui.browse import words
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.widgets.lines import Lines


class StateLines(Lines):
    """Base widget of lines that follow from the state of the browse screen."""

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return what is drawn for a state."""
        raise NotImplementedError

    def watch_state(self) -> None:
        """Write the lines anew."""
        if self.size.width:
            self.show(self.lines_for(self.state, self.size.width))

    def lay_out(self, size: Size) -> None:
        """Write the lines for the new width."""
        self._lines = tuple(self.lines_for(self.state, size.width))


class TopBar(StateLines):
    """Account line and list line, above the table."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the account line and the list line."""
        return (words.account_line(state.connection, width), words.list_line(state, width))


class BottomBar(StateLines):
    """Page line, and the line of the target or of the answer to the last key, below the table."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the page line and the target line."""
        target = fit(state.message, width) if state.message else words.target_line(state, width)
        return (words.page_line(state, width), target)
