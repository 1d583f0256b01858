"""The last look before anything is deleted."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Key, Resize
from textual.widgets import Button, Input

from snaptui.model.plan import Plan
from snaptui.tui.columns import Terms
from snaptui.tui.formatting import count
from snaptui.tui.review import heading_lines, victim_lines
from snaptui.tui.screens.scrolling import ScrollingScreen
from snaptui.tui.state import Connection
from snaptui.tui.styled import Line, Piece, line
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines

ARMING_SECONDS: Final = 0.4


class ReviewDeletionScreen(ScrollingScreen[bool]):
    """Lists every victim of a frozen plan; `True` only after the number of snapshots was typed and Enter pressed."""

    AUTO_FOCUS: ClassVar[str] = "#cancel"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(False)", "cancel", show=False)]

    def __init__(self, plan: Plan, connection: Connection, warnings: Mapping[str, Sequence[str]], terms: Terms) -> None:
        super().__init__()
        self._plan = plan
        self._connection = connection
        self._warnings = warnings
        self._terms = terms
        self._dropped = 0
        self.armed = False

    def compose(self) -> ComposeResult:
        """Put the victims between the totals and the confirmation."""
        yield Lines(id="heading")
        yield ScrollLines()
        yield Lines(id="said")
        with Horizontal(id="confirmation"):
            yield Button("Cancel", id="cancel", compact=True)
            yield Lines(id="ask")
            typed = Input(id="count", compact=True, restrict=r"[0-9]*", max_length=9, select_on_focus=False)
            typed.cursor_blink = False
            yield typed

    def on_mount(self) -> None:
        """Ask for the number."""
        ask = f"  No undo. To delete, type {len(self._plan.items)} and press Enter: "
        self.query_one("#ask", Lines).show([line(ask)])
        self.query_one("#ask", Lines).styles.width = len(ask)
        self.call_after_refresh(self.set_timer, ARMING_SECONDS, self._arm)

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

    def on_resize(self, event: Resize) -> None:
        """Write everything for the new width."""
        width = event.size.width
        heading = heading_lines(self._plan, self._connection, self._terms, width)
        self.query_one("#heading", Lines).styles.height = len(heading)
        self.query_one("#heading", Lines).show(heading)
        self.text.fill(victim_lines(self._plan, self._warnings, self._terms, width))

    def on_key(self, event: Key) -> None:
        """A digit goes to the number, wherever the focus is."""
        typed = self.query_one("#count", Input)
        if event.character and event.character.isdecimal() and not typed.has_focus:
            self.set_focus(typed)
            typed.insert_text_at_cursor(event.character)
            event.stop()

    def _say(self, said: Line) -> None:
        self.query_one("#said", Lines).show([said])

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(False)

    @on(Input.Submitted, "#count")
    def _submitted(self, event: Input.Submitted) -> None:
        wanted = len(self._plan.items)
        if event.value == str(wanted):
            self.dismiss(True)
        else:
            typed = f"{event.value} is not {wanted}" if event.value else f"type {wanted}"
            self._say(line(Piece(" ✗ ", "warn"), f"{typed}: nothing was deleted; Esc cancels"))
