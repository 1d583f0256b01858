"""Offers what is left of a deletion that was interrupted."""

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from snaptui.deletion.recovery import Interrupted
from snaptui.text.amounts import count, moment
from snaptui.text.lines import BLANK, Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.widgets.lines import Lines


class Choice(StrEnum):
    """What to do with the rest."""

    RESUME = "resume"
    FORGET = "forget"
    LATER = "later"


class InterruptedScreen(ModalScreen[Choice]):
    """Says how a batch stands and asks what to do with the rest."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "choose('resume')", "review the rest again", show=False),
        Binding("f", "choose('forget')", "forget the rest", show=False),
        Binding("escape,q", "choose('later')", "decide later", show=False),
    ]

    def __init__(self, interrupted: Interrupted) -> None:
        super().__init__()
        self._interrupted = interrupted

    def compose(self) -> ComposeResult:
        """Show the words."""
        yield Lines(id="interrupted")

    def action_choose(self, choice: str) -> None:
        """Leave with a choice."""
        self.dismiss(Choice(choice))

    def on_mount(self) -> None:
        """Say how things stand."""
        self.query_one("#interrupted", Lines).show(_words(self._interrupted))


def _words(interrupted: Interrupted) -> list[Line]:
    plan, rest = interrupted.plan, interrupted.rest
    account = f" from {visible(plan.account.label)}" if plan.account else ""
    left = len(rest.items) if rest else 0
    lines = [
        line(Piece(f" A deletion of {count(len(plan.items), 'snapshot')}{account} was interrupted", "warn")),
        line(Piece(f" It was planned {moment(plan.created)}.", "dim")),
        BLANK,
        line(f"   {interrupted.deleted:,} deleted before"),
        line(f"   {interrupted.settled:,} of unknown outcome, looked at just now"),
    ]
    if interrupted.unsettled:
        lines.append(line(Piece(f"   {interrupted.unsettled:,} still unknown: it will be asked again", "warn")))
    lines += [line(f"   {left:,} not deleted"), BLANK]
    lines += [line(Piece(f" {visible(problem)}", "warn")) for problem in interrupted.problems]
    keys = line(Piece(" f", "key"), " forgets the rest   ", Piece("Esc", "key"), " decides later")
    if left:
        keys = line(Piece(" r", "key"), f" reviews the {left:,} again   ", Piece("f", "key"), *keys[1:])
    return [*lines, keys]
