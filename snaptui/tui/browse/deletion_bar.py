"""How far deleting has come; there only while there is something to say."""

from collections.abc import Sequence

from snaptui.text.lines import Line
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.words import job_line


class DeletionBar(StateLines):
    """One line about the newest job."""

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the line for a state."""
        return (job_line(state.jobs, state.waiting, state.jobs_at, width),)

    def watch_state(self) -> None:
        """Appear with the first job."""
        self.set_class(bool(self.state.jobs), "-busy")
        super().watch_state()
