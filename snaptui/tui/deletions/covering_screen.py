"""A screen of text over the list: deletions are told of there too, and `u` takes the newest batch back."""

from typing import Final, Protocol, TypeVar

from textual import on
from textual.events import DescendantBlur, DescendantFocus
from textual.widgets import Input

from snaptui.tui.deletions.bar import DeletionBar
from snaptui.tui.deletions.standing import why_not_taken_back
from snaptui.tui.keys.command import Command, Group
from snaptui.tui.messages import BatchesChanged, BatchRefused, TakeBackRequested
from snaptui.tui.widgets.scrolling_screen import SCROLLING, ScrollingScreen, Scrolls

Result = TypeVar("Result")


class Covers(Scrolls, Protocol):
    """What covers the list and scrolls."""

    def take_back(self) -> None:
        """Take the newest batch back that can be."""


COVERING: Final[tuple[Command[Covers, object], ...]] = (
    *SCROLLING,
    Command("u", lambda it: it.take_back(), "take the batch back before it begins", Group.DELETE),
)


class CoveringScreen(ScrollingScreen[Result]):
    """Shows the deletion bar that the subclass composes at its bottom."""

    def take_back(self) -> None:
        """Take the newest batch back that can be, or say why none can."""
        bar = self.query_one(DeletionBar)
        if reason := why_not_taken_back(bar.standings):
            bar.refuse(reason)
        else:
            self.post_message(TakeBackRequested())

    @on(BatchesChanged)
    def _batches_changed(self, event: BatchesChanged) -> None:
        if self.query_one(DeletionBar).tell(event.standings, event.at):
            self.write(self.app.size.width)

    @on(BatchRefused)
    def _refused(self, event: BatchRefused) -> None:
        self.query_one(DeletionBar).refuse(event.reason)

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        bar = self.query_one(DeletionBar)
        bar.way_to_u = "Esc, then " if isinstance(self.focused, Input) else ""
        bar.tell(bar.standings, bar.at)
