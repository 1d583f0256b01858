"""Leave dialog: asks before deletions that are under way are given up, by quitting or for another token."""

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button

from snaptui.text.amounts import count
from snaptui.text.lines import Piece, line
from snaptui.tui.dialogs.dialog import CANCEL, Dialog
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.wrapped_lines import WrappedLines


class LeaveScreen(Dialog[bool]):
    """Dialog whose answer is true to leave although so many deletions are unfinished; `what` ends them."""

    AUTO_FOCUS: ClassVar[str] = "#stay"

    def __init__(self, unfinished: int, what: str) -> None:
        super().__init__()
        self._unfinished = unfinished
        self._what = what

    def compose(self) -> ComposeResult:
        """Put the question above the two answers."""
        with Vertical(classes="dialog"):
            yield WrappedLines(id="question")
            with Horizontal(id="answers"):
                yield Button("Stay", id="stay", compact=True)
                yield Button("Leave", id="leave", compact=True)

    def on_mount(self) -> None:
        """Say what would be given up."""
        self.query_one("#question", WrappedLines).tell(
            [
                line(Piece(f"{count(self._unfinished, 'deletion')} not finished", "warn")),
                line(f"{self._what} cancels what has not been sent; what is under way may still happen."),
            ]
        )

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "leave")

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this dialog."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Run the command of a key."""
        self.DECLARED.run(key, self, None)

    def cancel(self) -> None:
        """Stay."""
        self.dismiss(False)

    def choose_other(self) -> None:
        """Go to the other answer."""
        self.focus_next()

    DECLARED: ClassVar[Commands["LeaveScreen", None]] = Commands(
        CANCEL, Command("left,right", choose_other, "the other answer", Group.MOVE)
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
