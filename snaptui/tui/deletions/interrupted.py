"""Offer of an interrupted batch: its outcomes so far, and the choice to resume, forget or wait."""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.widgets import Input

from snaptui.deletion.recovery import Interrupted
from snaptui.text.amounts import count, moment
from snaptui.text.lines import BLANK, Line, Piece, line, longest_that_fits, problem_line, wrapped
from snaptui.text.safe import visible
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.widgets.armed_screen import ArmedScreen
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines

FORGET: Final = "forget"
ASK: Final = f" To forget the rest, type {FORGET}: "
ROWS_NEEDED: Final = 6


class Choice(StrEnum):
    """Answers to the offer of an interrupted batch."""

    RESUME = "resume"
    FORGET = "forget"
    LATER = "later"


def _no_rest(interrupted: Interrupted) -> str | None:
    return None if interrupted.rest else "nothing is left that could be deleted"


class InterruptedScreen(ArmedScreen[Choice]):
    """Screen that shows an interrupted batch and asks what to do with the rest; to forget takes a typed word."""

    AUTO_FOCUS: ClassVar[str] = ""
    framed = True

    def __init__(self, interrupted: Interrupted) -> None:
        super().__init__()
        self._interrupted = interrupted

    def compose(self) -> ComposeResult:
        """Put how it stands above the answers."""
        with Vertical(classes="frame"):
            yield Lines(id="heading")
            yield ScrollLines(classes="seen")
            yield Lines(id="said", classes="seen")
            with Horizontal(id="confirmation", classes="seen"):
                yield Lines(id="ask")
                typed = Field(id="forget", compact=True, disabled=True)
                typed.cursor_blink = False
                yield typed
            yield DeletionBar(classes="seen")

    def rows_needed(self, width: int) -> int:
        """Return how many lines the beginning of the story and the answers take."""
        return ROWS_NEEDED

    def show(self, size: Size) -> None:
        """Say how things stand, and which answers there are."""
        heading = self.query_one("#heading", Lines)
        heading.styles.height = 1
        heading.show([_title(self._interrupted)])
        self.fill([part for one in _story(self._interrupted) for part in wrapped(one, size.width)])
        if self.query_one("#forget", Input).disabled:
            self._show_keys()

    def _show_keys(self) -> None:
        self._put_below(longest_that_fits(_keys(self._interrupted), self.room.width))

    def _put_below(self, text: Line) -> None:
        ask, typed = self.query_one("#ask", Lines), self.query_one("#forget", Input)
        typed.display = not typed.disabled
        ask.styles.width = len(ASK) if typed.display else "1fr"
        ask.show([text])

    def say(self, said: Line) -> None:
        """Say something about the last key."""
        self.query_one("#said", Lines).show([said])

    def ask_to_forget(self) -> None:
        """Ask for the word that forgets the rest."""
        typed = self.query_one("#forget", Input)
        typed.disabled = False
        self._put_below(line(ASK))
        self.set_focus(typed)

    @on(Input.Submitted, "#forget")
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value == FORGET:
            self.dismiss(Choice.FORGET)
        else:
            self.say(problem_line(f"type {FORGET}: nothing was forgotten; Esc decides later"))

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for, or say why that cannot be done."""
        if reason := self.DECLARED.run(key, self, self._interrupted):
            self.say(problem_line(reason))

    DECLARED: ClassVar[Commands["InterruptedScreen", Interrupted]] = Commands(
        *COVERING,
        Command("r", lambda it: it.dismiss(Choice.RESUME), "review the rest again", Group.DELETE, obstacle=_no_rest),
        Command("f", ask_to_forget, "forget the rest", Group.DELETE),
        Command("escape,q", lambda it: it.dismiss(Choice.LATER), "decide later", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def _title(interrupted: Interrupted) -> Line:
    plan = interrupted.plan
    account = f" from {visible(plan.account.label)}" if plan.account else ""
    return line(Piece(f" A deletion of {count(len(plan.items), 'snapshot')}{account} was interrupted", "warn"))


def _story(interrupted: Interrupted) -> list[Line]:
    plan, rest = interrupted.plan, interrupted.rest
    lines = [
        line(Piece(f" It was planned {moment(plan.created)}.", "dim")),
        BLANK,
        line(f"   {interrupted.deleted:,} deleted before"),
        line(f"   {interrupted.settled:,} of unknown outcome, looked at just now"),
    ]
    if interrupted.unsettled:
        lines.append(line(Piece(f"   {interrupted.unsettled:,} still unknown: it will be asked again", "warn")))
    lines += [line(f"   {len(rest.items) if rest else 0:,} not deleted"), BLANK]
    return lines + [line(Piece(f" {visible(problem)}", "warn")) for problem in interrupted.problems]


def _keys(interrupted: Interrupted) -> list[Line]:
    """Return the answers there are, the longest wording first."""
    rest = interrupted.rest
    review = f" reviews the {len(rest.items):,} again  " if rest else ""
    ways = ((review, " forgets the rest   ", " decides later"), (" review ", " forget  ", " later"))
    return [
        line(
            *((Piece(" r", "key"), reviews) if rest else ()),
            Piece(" f", "key"),
            forgets,
            Piece("Esc", "key"),
            later,
        )
        for reviews, forgets, later in ways
    ]
