"""Base of screens over the list: the deletion bar is there too, and `u` takes the newest batch back."""

from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from textual import on
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused, TakeBackRequested
from snaptui.tui.deletions.standing import next_to_take_back, why_not_taken_back
from snaptui.tui.keys.command import Command, Declared, Group
from snaptui.tui.messages import HelpRequested
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen, Scrolls

Result = TypeVar("Result")


class TakesBack(Protocol):
    """Interface of a screen that can take a batch back."""

    def take_back(self) -> None:
        """Take the newest batch back that can be."""


class Covers(Scrolls, TakesBack, Protocol):
    """Interface of a screen over the list that scrolls."""


class AsksForHelp(Protocol):
    """Interface of a screen that can ask for a list of its keys."""

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of the screen."""

    def post_message(self, message: Message) -> bool:
        """Send a message up."""


HELP: Final[Command[AsksForHelp, object]] = Command(
    "?", lambda it: it.post_message(HelpRequested(it.commands)), "every key of this screen", Group.PROGRAM, "help"
)
TAKE_BACK: Final[Command[TakesBack, object]] = Command(
    "u", lambda it: it.take_back(), "take the batch back before it begins", Group.DELETE
)
COVERING: Final[tuple[Command[Covers, object], ...]] = (*SCROLLING, TAKE_BACK)


class Covering(ModalScreen[Result], Generic[Result]):
    """Base screen that keeps the deletion bar that a subclass composes, and takes batches back."""

    def bar_moved(self) -> None:
        """Write everything for one line more or less: the bar has come or gone."""
        raise NotImplementedError

    def take_back(self) -> None:
        """Take the newest batch back that can be, or say why none can."""
        standings = self.query_one(DeletionBar).standings
        if (batch := next_to_take_back(standings)) is not None:
            self.post_message(TakeBackRequested(batch.id))
        elif reason := why_not_taken_back(standings):
            self._say_why_not(reason)

    @on(BatchesChanged)
    def _batches_changed(self, event: BatchesChanged) -> None:
        if self.query_one(DeletionBar).tell(event.standings, event.at):
            self.bar_moved()

    @on(BatchRefused)
    def _refused(self, event: BatchRefused) -> None:
        self._say_why_not(event.reason)

    def _say_why_not(self, reason: str) -> None:
        if self.query_one(DeletionBar).refuse(reason):
            self.bar_moved()

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        bar = self.query_one(DeletionBar)
        bar.way_to_u = "Esc, then " if isinstance(self.focused, Input) else ""
        if bar.tell(bar.standings, bar.at):
            self.bar_moved()


class CoveringScreen(Covering[Result], ScrollingScreen[Result]):
    """A screen of text that scrolls, with the deletion bar at its bottom."""

    def bar_moved(self) -> None:
        """Write everything anew."""
        self.write(self.room.width)
