"""Every item of every deletion of this session, with what became of it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from snaptui.deletion.job import Job, Phase
from snaptui.tui.deletions import job_lines
from snaptui.tui.messages import CancelRequested, PauseRequested, RetryRequested
from snaptui.tui.screens.scrolling import READ, ScrollingScreen
from snaptui.tui.styled import Piece, line
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines


class DeletionsScreen(ScrollingScreen[None]):
    """Shows the jobs as they are now; keys act on the newest one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,l", "dismiss", "back", show=False),
        Binding("p", "pause", "pause, go on", group=READ),
        Binding("C", "cancel", "send nothing more", group=READ),
        Binding("t", "retry", "try again what failed", group=READ),
    ]

    def __init__(self, jobs: Sequence[Job]) -> None:
        super().__init__()
        self._jobs = tuple(jobs)

    def compose(self) -> ComposeResult:
        """Put a title above the items."""
        yield Lines(classes="title")
        yield ScrollLines()

    def on_mount(self) -> None:
        """Say which keys there are."""
        keys = "   p pause or go on · C cancel the rest · t retry failed · Esc back"
        self.query_one(".title", Lines).show([line(Piece(" Deletions", "strong"), Piece(keys, "dim"))])

    def on_resize(self) -> None:
        """Write everything for the new width."""
        self.show_jobs(self._jobs)

    def show_jobs(self, jobs: Sequence[Job]) -> None:
        """Show the jobs as they are now."""
        self._jobs = tuple(jobs)
        self.text.fill(job_lines(self._jobs, self.size.width))

    def action_pause(self) -> None:
        """Pause, or go on."""
        job = self._jobs[-1]
        if not job.finished:
            self.post_message(PauseRequested(job.id, paused=job.phase is not Phase.PAUSED))

    def action_cancel(self) -> None:
        """Send nothing more."""
        self.post_message(CancelRequested(self._jobs[-1].id))

    def action_retry(self) -> None:
        """Try again what failed."""
        job = self._jobs[-1]
        if job.finished and job.failed:
            self.post_message(RetryRequested(job.id))
