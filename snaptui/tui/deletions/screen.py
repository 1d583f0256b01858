"""Every item of every deletion of this session, with what became of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.deletion import receipt
from snaptui.deletion.batch import Batch
from snaptui.deletion.states import Event
from snaptui.text.lines import Piece, fit
from snaptui.tui.deletions.words import job_lines, keys_line, nothing_to_retry, over
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.messages import BatchesChanged, CancelRequested, PauseRequested, RetryRequested
from snaptui.tui.saving import save_here
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen

# 74,994 bytes of base64 is what terminals take, by the experience of others.
MOST_COPIED_BYTES: Final = 56_000
_FORMS: Final[Mapping[str, Callable[[Sequence[Batch]], str]]] = {
    "csv": receipt.as_csv,
    "json": receipt.as_json,
    "sh": receipt.as_doctl,
}


class DeletionsScreen(ScrollingScreen[None]):
    """Shows the jobs as they are now; keys act on the newest one."""

    def __init__(self, jobs: Sequence[Batch]) -> None:
        super().__init__()
        self._jobs = tuple(jobs)

    def compose(self) -> ComposeResult:
        """Put a title above the items."""
        yield Lines(classes="title")
        yield ScrollLines()
        yield Lines(id="said")

    def write(self, width: int) -> None:
        """Say which keys there are, and show the jobs."""
        self.query_one(".title", Lines).show([keys_line(self._jobs[-1])])
        self.text.fill(job_lines(self._jobs, width))

    @on(BatchesChanged)
    def _batches_changed(self, event: BatchesChanged) -> None:
        self._jobs = event.batches
        self.write(self.app.size.width)

    def _say(self, *said: Piece) -> None:
        self.query_one("#said", Lines).show([fit(said, self.app.size.width)])

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self._say(Piece(f" ✗ {text}", "warn"))

    def _blocked(self, reason: str | None) -> bool:
        """Say why a key cannot work now, if it cannot."""
        self._say(Piece(f" ✗ {reason}" if reason else "", "warn"))
        return reason is not None

    def action_save(self, form: str) -> None:
        """Write what became of every item to a file in the current folder."""
        name = f"snaptui-receipt-{self._jobs[-1].id[:8]}.{form}"
        self._say(*save_here(name, _FORMS[form](self._jobs).encode(), "written to"))

    def action_copy(self) -> None:
        """Copy the receipt as CSV to the terminal's clipboard, as far as a terminal takes it."""
        text = receipt.as_csv(self._jobs)
        if len(text.encode()) > MOST_COPIED_BYTES:
            self._say(Piece(" ✗ too long for a terminal's clipboard: 1 writes it to a file", "warn"))
        else:
            self.app.copy_to_clipboard(text)
            self._say(Piece(" ✓ sent to the terminal's clipboard, if it has one", "good"))

    def action_pause(self) -> None:
        """Pause, or go on."""
        job = self._jobs[-1]
        if not self._blocked(over(job)):
            self.post_message(PauseRequested(job.id, paused=job.may(Event.PAUSE)))

    def action_cancel(self) -> None:
        """Send nothing more."""
        if not self._blocked(over(self._jobs[-1])):
            self.post_message(CancelRequested(self._jobs[-1].id))

    def action_retry(self) -> None:
        """Try again what failed."""
        job = self._jobs[-1]
        if not self._blocked(nothing_to_retry(job)):
            self.post_message(RetryRequested(job.id))

    @property
    def commands(self) -> Iterator[Declared]:
        """What the keys do."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["DeletionsScreen", None]] = Commands(
        *SCROLLING,
        Command("p", action_pause, "pause, go on", Group.DELETE),
        Command("C", action_cancel, "send nothing more", Group.DELETE),
        Command("t", action_retry, "try again what failed", Group.DELETE),
        Command("1", lambda it: it.action_save("csv"), "write the receipt as CSV", Group.DELETE),
        Command("2", lambda it: it.action_save("json"), "write the receipt as JSON", Group.DELETE),
        Command("3", lambda it: it.action_save("sh"), "write doctl commands for what is left", Group.DELETE),
        Command("y", action_copy, "copy the receipt", Group.DELETE),
        Command("escape,q,l", lambda it: it.dismiss(), "back", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
