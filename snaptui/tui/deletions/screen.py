"""Deletions screen: a line for each batch of this session, and the items of the chosen one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from snaptui.deletion import receipt
from snaptui.deletion.batch import Batch
from snaptui.deletion.states import Event
from snaptui.text.lines import Piece, fit, line
from snaptui.tui.deletions.covering_screen import HELP
from snaptui.tui.deletions.item_lines import ItemLines
from snaptui.tui.deletions.messages import BatchesChanged, BatchEventRequested, BatchRefused
from snaptui.tui.deletions.standing import Standing, in_order
from snaptui.tui.deletions.words import batch_line
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.saving import save_here
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen
from snaptui.tui.widgets.title_line import TitleLine

# 74,994 bytes of base64 is what terminals take, by the experience of others.
MOST_COPIED_BYTES: Final = 56_000
MOST_BATCH_LINES: Final = 6
_FORMS: Final[Mapping[str, Callable[[Sequence[Batch], float], str]]] = {
    "csv": receipt.as_csv,
    "json": receipt.as_json,
    "sh": lambda batches, _: receipt.as_doctl(batches),
}
_CHOOSING: Final = frozenset({"j,down", "k,up"})
_HINTS: Final = (
    ("u", "take back", Event.TAKE_BACK),
    ("p", "pause", Event.PAUSE),
    ("p", "go on", Event.RESUME),
    ("C", "cancel", Event.CANCEL),
    ("t", "retry", Event.RETRY),
)


class DeletionsScreen(ScrollingScreen[None]):
    """Screen of batches as they are now; keys act on the chosen one, which is remembered by its id."""

    def __init__(self, standings: Sequence[Standing], at: float, usd_per_gb_month: float) -> None:
        super().__init__()
        self._usd_per_gb_month = usd_per_gb_month
        self._standings = in_order(standings)
        self._at = at
        self._chosen_id = self._standings[0].batch.id
        self._follows_newest = False
        self._item_lines = ItemLines()

    def compose(self) -> ComposeResult:
        """Put the batches above the items of the chosen one."""
        yield TitleLine(classes="title")
        yield Lines(id="batches")
        yield ScrollLines()
        yield Lines(id="said")

    @property
    def chosen(self) -> Batch:
        """The batch that keys act on."""
        return self._standings[self._position].batch

    @property
    def _position(self) -> int:
        ids = [each.batch.id for each in self._standings]
        return ids.index(self._chosen_id) if self._chosen_id in ids else 0

    def write(self, width: int) -> None:
        """Say which keys there are, and show the batches."""
        self.query_one(TitleLine).tell(line(Piece(" Deletions", "strong")), hints(self.chosen), ("? help · Esc", "Esc"))
        batches = self.query_one("#batches", Lines)
        most = min(MOST_BATCH_LINES, max(1, self.app.size.height // 3))
        first = max(0, min(self._position - most // 2, len(self._standings) - most))
        shown = self._standings[first : first + most]
        lines = [batch_line(each, self._at, width, chosen=each.batch.id == self.chosen.id) for each in shown]
        batches.styles.height = len(lines) + 1
        batches.show([*lines, line(Piece("─" * width, "dim"))])
        self.text.fill(self._item_lines.of(self.chosen, width))

    @on(BatchesChanged)
    def _batches_changed(self, event: BatchesChanged) -> None:
        if not event.standings:
            return
        if self._follows_newest and len(event.standings) > len(self._standings):
            self._follows_newest = False
            self._choose(event.standings[-1].batch.id)
        self._standings, self._at = in_order(event.standings), event.at
        self.write(self.app.size.width)

    @on(BatchRefused)
    def _refused(self, event: BatchRefused) -> None:
        self._say(Piece(f" ✗ {event.reason}", "warn"))

    def _say(self, *said: Piece) -> None:
        self.query_one("#said", Lines).show([fit(said, self.app.size.width)])

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self._say(Piece(f" ✗ {text}", "warn"))

    def _choose(self, batch_id: str) -> None:
        self._chosen_id = batch_id
        self.text.top = 0

    def choose(self, step: int) -> None:
        """Choose the next batch, or the one before."""
        position = min(max(0, self._position + step), len(self._standings) - 1)
        self._choose(self._standings[position].batch.id)
        self._say()
        self.write(self.app.size.width)

    def ask(self, event: Event) -> None:
        """Ask for something of the chosen batch, or say why it cannot be done."""
        reason = self.chosen.why_not(event)
        self._say(Piece(f" ✗ {reason}" if reason else "", "warn"))
        if reason is None:
            self._follows_newest = event is Event.RETRY
            self.post_message(BatchEventRequested(self.chosen.id, event))

    def pause(self) -> None:
        """Pause the chosen batch, or go on with it."""
        self.ask(Event.RESUME if self.chosen.may(Event.RESUME) else Event.PAUSE)

    def save(self, form: str) -> None:
        """Write what became of every item of the chosen batch to a file in the current folder."""
        name = f"snaptui-receipt-{self.chosen.id[:8]}.{form}"
        self._say(*save_here(name, _FORMS[form]((self.chosen,), self._usd_per_gb_month).encode(), "written to"))

    def copy(self) -> None:
        """Copy the chosen batch's receipt as CSV to the terminal's clipboard, as far as a terminal takes it."""
        text = receipt.as_csv((self.chosen,), self._usd_per_gb_month)
        if len(text.encode()) > MOST_COPIED_BYTES:
            self._say(Piece(" ✗ too long for a terminal's clipboard: 1 writes it to a file", "warn"))
        else:
            self.app.copy_to_clipboard(text)
            self._say(Piece(" ✓ sent to the terminal's clipboard, if it has one", "good"))

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["DeletionsScreen", None]] = Commands(
        Command("j,down", lambda it: it.choose(1), "the next deletion", Group.MOVE),
        Command("k,up", lambda it: it.choose(-1), "the deletion before", Group.MOVE),
        *(command for command in SCROLLING if command.keys not in _CHOOSING),
        Command("u", lambda it: it.ask(Event.TAKE_BACK), "take it back before it begins", Group.DELETE),
        Command("p", pause, "pause, go on", Group.DELETE),
        Command("C", lambda it: it.ask(Event.CANCEL), "send nothing more", Group.DELETE),
        Command("t", lambda it: it.ask(Event.RETRY), "try again what failed", Group.DELETE),
        Command("1", lambda it: it.save("csv"), "write the receipt as CSV", Group.DELETE),
        Command("2", lambda it: it.save("json"), "write the receipt as JSON", Group.DELETE),
        Command("3", lambda it: it.save("sh"), "write doctl commands for what is left", Group.DELETE),
        Command("y", copy, "copy the receipt", Group.DELETE),
        HELP,
        Command("escape,q,l", lambda it: it.dismiss(), "back", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def hints(batch: Batch) -> list[str]:
    """Return the keys that work now."""
    return [*(f"{key} {label}" for key, label, event in _HINTS if batch.may(event)), "1 2 3 y receipt"]
