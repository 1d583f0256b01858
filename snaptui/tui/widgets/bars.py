"""The bars: one or two lines each, written anew from the state and repainted only where they differ."""

from collections.abc import Sequence

from textual.events import Resize
from textual.reactive import reactive

from snaptui.tui import bars
from snaptui.tui.details import Details, detail_lines
from snaptui.tui.state import BrowseState
from snaptui.tui.styled import Line
from snaptui.tui.widgets.lines import Lines


class StateLines(Lines):
    """Lines that follow from the state of the browse screen; subclasses say which."""

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return what is drawn for a state."""
        raise NotImplementedError

    def watch_state(self) -> None:
        """Write the lines anew."""
        if self.size.width:
            self.show(self.lines_for(self.state, self.size.width))

    def on_resize(self, _event: Resize) -> None:
        """Write the lines for the new width."""
        self.watch_state()


class TopBar(StateLines):
    """Whose account, and how much of it."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the account line and the list line."""
        return (bars.account_line(state.connection, width), bars.list_line(state, width))


class BottomBar(StateLines):
    """Which page, and what an action would mean; or the answer to the last key."""

    page_size: reactive[int] = reactive(1, repaint=False, init=False)

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the page line and the target line."""
        page = state.browsing.page(self.page_size)
        return (bars.page_line(state.browsing, page, width), state.message or bars.target_line(state, width))

    def watch_page_size(self) -> None:
        """Count the pages anew."""
        self.watch_state()


class SnapshotDetails(StateLines):
    """Everything known of the snapshot under the cursor."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the details, or nothing when there is no snapshot."""
        details = Details.of_current(state.browsing, state.sources)
        return () if details is None else detail_lines(details, state.terms, width)
