"""The last look before anything is deleted."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar, Final, Protocol, runtime_checkable

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.events import Key
from textual.widgets import Button, Input

from snaptui.files.private import write_private
from snaptui.text.amounts import count
from snaptui.text.lines import Line, Piece, line
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.review.words import Review, heading_lines, victim_lines
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen

ARMING_SECONDS: Final = 0.4
LARGE_PHRASE: Final = "delete them all"


@runtime_checkable
class TellsWhenDrawn(Protocol):
    """An application that knows when the terminal has drawn what it was sent."""

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` then."""
        ...


class ReviewDeletionScreen(ScrollingScreen[bool]):
    """Lists every victim of a frozen plan; `True` only after the number of snapshots was typed and Enter pressed."""

    AUTO_FOCUS: ClassVar[str] = "#cancel"

    def __init__(self, review: Review) -> None:
        super().__init__()
        self.review = review
        self._dropped = 0
        self._counted = False
        self.armed = False

    def compose(self) -> ComposeResult:
        """Put the victims between the totals and the confirmation."""
        yield Lines(id="heading")
        yield ScrollLines()
        yield Lines(id="said")
        with Horizontal(id="confirmation"):
            yield Button("Cancel", id="cancel", compact=True)
            yield Lines(id="ask")
            typed = Input(id="count", compact=True, restrict=r"[0-9]*", max_length=20, select_on_focus=False)
            typed.cursor_blink = False
            yield typed

    def on_mount(self) -> None:
        """Ask for the number, and take it only once the dialog has been seen."""
        self._ask(f"  No undo. To delete, type {self.review.phrase} and press Enter: ")
        self._say(line(Piece(" j k [ ] scroll · w writes the plan to a file · Esc cancels", "dim")))
        self.call_after_refresh(self._drawn)

    def _drawn(self) -> None:
        app = self.app
        if isinstance(app, TellsWhenDrawn):
            app.when_drawn(lambda: self.set_timer(ARMING_SECONDS, self._arm))

    def _ask(self, text: str) -> None:
        ask = self.query_one("#ask", Lines)
        ask.styles.width = len(text)
        ask.show([line(text)])

    def _arm(self) -> None:
        """Take keys from now on; say that earlier ones were dropped."""
        self.armed = True
        if self._dropped:
            text = f"{count(self._dropped, 'key')} came before this was drawn and did nothing"
            self._say(line(Piece(" ✗ ", "warn"), text))

    def drops(self, key: Key) -> bool:
        """Return whether a key comes too early to be meant; leaving the dialog is always possible."""
        early = not self.armed and key.key != "escape"
        self._dropped += early
        return early

    def write(self, width: int) -> None:
        """Show the totals and every victim."""
        heading = heading_lines(self.review, width)
        self.query_one("#heading", Lines).styles.height = len(heading)
        self.query_one("#heading", Lines).show(heading)
        self.text.fill(victim_lines(self.review, width))

    def on_key(self, event: Key) -> None:
        """A digit goes to the number, wherever the focus is."""
        typed = self.query_one("#count", Input)
        if event.character and event.character.isdecimal() and not typed.has_focus:
            self.set_focus(typed)
            typed.insert_text_at_cursor(event.character)
            event.stop()

    def action_save(self) -> None:
        """Write the plan to a file in the current folder, for somebody else to review or for `snaptui delete`."""
        path = Path(f"snaptui-plan-{self.review.plan.id[:8]}.json").absolute()
        try:
            write_private(path, self.review.plan.to_json())
        except OSError as error:
            self._say(line(Piece(" ✗ ", "warn"), f"{path} cannot be written: {error.strerror}"))
        else:
            self._say(line(Piece(" ✓ ", "good"), f"the plan was written to {path}"))

    def _say(self, said: Line) -> None:
        self.query_one("#said", Lines).show([said])

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(False)

    @on(Input.Submitted, "#count")
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value != self._wanted:
            typed = f"{event.value} is not {self._wanted}" if event.value else f"type {self._wanted}"
            self._say(line(Piece(" ✗ ", "warn"), f"{typed}: nothing was deleted; Esc cancels"))
        elif self.review.large and not self._counted:
            self._ask_again(event.input)
        else:
            self.dismiss(True)

    @property
    def _wanted(self) -> str:
        return LARGE_PHRASE if self._counted else self.review.phrase

    def _ask_again(self, typed: Input) -> None:
        """Ask in other words, because so many are rarely meant."""
        self._counted = True
        typed.restrict, typed.value = None, ""
        self._say(line(Piece(f" ! more than max_batch ({self.review.max_batch:,}) at once", "warn")))
        self._ask(f"  All {self.review.phrase}? Then type {LARGE_PHRASE}: ")

    @property
    def commands(self) -> Iterator[Declared]:
        """What the keys do."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["ReviewDeletionScreen", None]] = Commands(
        *SCROLLING,
        Command("w", action_save, "write the plan to a file", Group.DELETE),
        Command("escape", lambda it: it.dismiss(False), "cancel", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings
