"""The question before deletions that are under way are given up: by quitting, or for another token."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button

from snaptui.text.amounts import count
from snaptui.text.lines import Piece, line
from snaptui.tui.widgets.wrapped_lines import WrappedLines


class LeaveScreen(ModalScreen[bool]):
    """Returns whether to leave although so many deletions are unfinished; `what` ends them."""

    AUTO_FOCUS: ClassVar[str] = "#stay"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)", "stay", show=False),
        Binding("left,right", "app.focus_next", "choose", show=False),
    ]

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
