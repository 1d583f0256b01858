"""Review screen: every victim of a plan, and the questions before they are deleted."""

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Button, Input

from snaptui.deletion.plan import Plan
from snaptui.text.lines import Line, Piece, line, problem_line
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import COVERING
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.review.questions import Question, questions
from snaptui.tui.review.victims import VictimLines
from snaptui.tui.review.words import Review, heading_lines, rows_needed
from snaptui.tui.saving import save_here
from snaptui.tui.sums_thread import summed
from snaptui.tui.widgets.armed_screen import ArmedScreen
from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.hints import hints_line
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines

CANCEL_WIDTH = 12
ROWS_BELOW = 2
"""The line about the last key, and the confirmation."""


class Prepared(Message):
    """A review has been made, with its victims in lines for the terminal's width."""

    def __init__(self, review: Review, victims: VictimLines) -> None:
        super().__init__()
        self.review = review
        self.victims = victims


class ReviewDeletionScreen(ArmedScreen[Plan]):
    """Screen that lists every victim of a frozen plan, and returns it only after each question got its own words.

    `prepare` makes the review on another thread: the list that it is about may be long. Meanwhile the screen is
    there, so that no key means anything else.
    """

    AUTO_FOCUS: ClassVar[str] = "#cancel"
    framed = True
    ready = False
    review: Review
    _victims: VictimLines
    _left: list[Question]

    def __init__(self, prepare: Callable[[], Review]) -> None:
        super().__init__()
        self._prepare = prepare

    def compose(self) -> ComposeResult:
        """Put the victims between the totals and the confirmation."""
        with Vertical(classes="frame"):
            yield Lines(id="heading")
            yield ScrollLines(classes="seen")
            yield Lines(id="said", classes="seen")
            with Horizontal(id="confirmation", classes="seen"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Lines(id="ask")
                typed = Field(id="count", compact=True, select_on_focus=False)
                typed.cursor_blink = False
                yield typed
            yield DeletionBar(classes="seen")

    def on_mount(self) -> None:
        """Begin to make the review."""
        self._make()

    @work(exclusive=True, group="review")
    async def _make(self) -> None:
        self.post_message(await summed(prepared, self._prepare, self.room.width))

    @on(Prepared)
    def _made(self, event: Prepared) -> None:
        self.review, self._victims = event.review, event.victims
        self._left = list(questions(event.review))
        self.tell_keys()
        self.become_ready()

    def tell_keys(self) -> None:
        """Say which keys there are."""
        hints = ("w writes the plan to a file", "j k [ ] scroll")
        self.say(hints_line((), hints, ("Esc cancels",), self.room.width))

    def rows_needed(self, width: int) -> int:
        """Return how many lines the cautions, some names and the confirmation take."""
        return (rows_needed(self.review, width) if self.ready else 1) + ROWS_BELOW

    def show(self, size: Size) -> None:
        """Show the totals, every victim, and the question."""
        if not self.ready:
            self.query_one("#heading", Lines).styles.height = 1
            self.query_one("#heading", Lines).show([line(" counting what would be deleted …")])
            self.fill(())
            return
        heading = heading_lines(self.review, size.width, size.height - ROWS_BELOW)
        self.query_one("#heading", Lines).styles.height = len(heading)
        self.query_one("#heading", Lines).show(heading)
        if self._victims.width != size.width:
            self._victims = VictimLines(self.review, size.width)
        self.fill(self._victims)
        self._ask(size.width)

    def _ask(self, width: int) -> None:
        """Ask the next question, in as many words as leave room for the whole answer."""
        question = self._left[0]
        answer = len(question.answer) + 1
        choices = ((question.long, True), (question.short, True), (question.short, False))
        fitting = ((text, button) for text, button in choices if len(text) + answer + button * CANCEL_WIDTH <= width)
        text, button = next(fitting, choices[-1])
        self.query_one("#cancel").display = button
        ask = self.query_one("#ask", Lines)
        ask.styles.width = len(text)
        ask.show([line(text)])
        self.query_one("#count", Input).restrict = question.letters

    def takes_burst(self, text: str) -> bool:
        """Take digits that came at once, as from a slow link: they go to the number."""
        if not text.isdecimal():
            return False
        typed = self.query_one("#count", Input)
        self.set_focus(typed)
        typed.insert_text_at_cursor(text)
        return True

    def on_key(self, event: Key) -> None:
        """A digit goes to the number, wherever the focus is."""
        typed = self.query_one("#count", Input)
        if event.character and event.character.isdecimal() and not typed.has_focus:
            self.set_focus(typed)
            typed.insert_text_at_cursor(event.character)
            event.stop()

    @work(exclusive=True, group="writing")
    async def action_save(self) -> None:
        """Write the plan to a file in the current folder, for somebody else to review or for `snaptui delete`."""
        name = f"snaptui-plan-{self.review.plan.id[:8]}.json"
        self.say(await summed(lambda: save_here(name, self.review.file, "the plan was written to")))

    def say(self, said: Line) -> None:
        """Say something about the last key."""
        self.query_one("#said", Lines).show([said])

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.dismiss(None)

    @on(Input.Submitted, "#count")
    def _submitted(self, event: Input.Submitted) -> None:
        question = self._left[0]
        if event.value != question.answer:
            typed = f"{event.value} is not {question.answer}" if event.value else f"type {question.answer}"
            self.say(problem_line(f"{typed}: nothing was deleted; Esc cancels"))
        elif len(self._left) > 1:
            self._left.pop(0)
            self._ask_again(event.input)
        else:
            self.dismiss(self.review.plan)

    def _ask_again(self, typed: Input) -> None:
        """Go on to the next question."""
        typed.value = ""
        self.say(line(Piece(f" ! {self._left[0].why}", "warn")))
        self._ask(self.room.width)

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["ReviewDeletionScreen", None]] = Commands(
        *COVERING,
        Command("w", action_save, "write the plan to a file", Group.DELETE),
        Command("?", tell_keys, "say which keys there are", Group.PROGRAM),
        Command("escape", lambda it: it.dismiss(None), "cancel", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def prepared(prepare: Callable[[], Review], width: int) -> Prepared:
    """Make a review and all that its heading counts."""
    review = prepare()
    _ = review.totals, review.types, review.regions, review.ages
    return Prepared(review, VictimLines(review, width))
