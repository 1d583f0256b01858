"""Rooms: the screens that open over the list, and what their answers lead to.

A screen is put on top in the action itself, so that the next key finds it there; its module is imported only then,
after the first frame.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from snaptui.deletion.plan import Plan
from snaptui.inventory.chosen import Chosen
from snaptui.query import parse
from snaptui.query.vocabulary import Vocabulary
from snaptui.text.lines import Line, success_line
from snaptui.text.safe import visible
from snaptui.tui.browse.auditing import WayBack
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.messages import DeletionRequested
from snaptui.tui.messages import ListChanged

if TYPE_CHECKING:
    from snaptui.tui.audit.state import Place


class Stage(Protocol):
    """Interface of the browse screen for actions and rooms."""

    @property
    def state(self) -> BrowseState:
        """The state as it is now."""

    @property
    def app(self) -> App[object]:
        """The application, which opens screens."""

    def become(self, state: BrowseState, message: Line = ()) -> None:
        """Replace the state; `message` answers the key."""

    def post_message(self, message: Message) -> bool:
        """Send a message up."""

    def toggle_class(self, *class_names: str) -> object:
        """Add or remove a class of the style sheet."""


class Rooms:
    """Opens screens from the list. `clock` is in Unix seconds.

    `filter_by` replaces the filter, with a way back to a room; `mark` marks what was chosen.
    """

    def __init__(
        self,
        stage: Stage,
        clock: Callable[[], float],
        filter_by: Callable[[str, WayBack], None],
        mark: Callable[[Chosen], None],
    ) -> None:
        self._stage = stage
        self._clock = clock
        self._filter_by = filter_by
        self._mark = mark
        self._follower: MessagePump | None = None

    @property
    def _state(self) -> BrowseState:
        return self._stage.state

    def follow(self, before: BrowseState, state: BrowseState) -> None:
        """Tell the room that shows what the list is about when that has changed."""
        if self._follower is not None and not _about_the_same(before, state):
            self._follower.post_message(ListChanged(state))

    def details(self) -> None:
        """Show everything about the snapshot under the cursor."""
        from snaptui.tui.details.screen import DetailsScreen
        from snaptui.tui.details.words import Details

        details = Details.of_current(self._state.browsing, self._state.sources)
        if details is not None:
            self._stage.app.push_screen(DetailsScreen(details, self._state.terms))

    def audit(self, place: "Place | None" = None) -> None:
        """Show groups and findings, from `place` on when the user comes back to it."""
        from snaptui.tui.audit.screen import AuditScreen, OpenPlanner, ShowRows
        from snaptui.tui.audit.state import Place

        def closed(answer: ShowRows | OpenPlanner | None) -> None:
            self._follower = None
            if isinstance(answer, OpenPlanner):
                self.planner()
            elif answer is not None:
                before, there = self._state.text, answer.place
                way = WayBack(before, lambda: self.audit(there))
                self._filter_by(_narrowed(self._state, answer.query), way)

        self._follower = screen = AuditScreen(self._state, place or Place(), self._stage.post_message)
        self._stage.app.push_screen(screen, closed)

    def planner(self) -> None:
        """Plan what a keep policy removes, and review the plan."""
        from snaptui.tui.planner.screen import Applied, PlannerScreen

        def closed(answer: Applied | None) -> None:
            self._follower = None
            if answer is not None:
                self._mark(answer.removed)
                self._review(answer.plan)

        self._follower = screen = PlannerScreen(self._state)
        self._stage.app.push_screen(screen, closed)

    def export(self) -> None:
        """Write what is shown, or what is marked, to a file."""
        from snaptui.tui.dialogs.export import ExportScreen

        def closed(written: str | None) -> None:
            if written:
                self._stage.become(self._state, success_line(written))

        self._stage.app.push_screen(ExportScreen(self._state), closed)

    def deletions(self) -> None:
        """Show what was deleted and what failed."""
        from snaptui.tui.deletions.screen import DeletionsScreen

        standings, price = self._state.standings, self._state.usd_per_gb_month
        self._stage.app.push_screen(DeletionsScreen(standings.each, standings.at, price))

    def review(self) -> None:
        """Review the deletion of what is marked, or of the row under the cursor."""
        self._review(partial(deletion_plan, self._state, uuid4().hex, self._clock()))

    def _review(self, plan: Callable[[], Plan]) -> None:
        from snaptui.tui.review.screen import ReviewDeletionScreen
        from snaptui.tui.review.words import Review

        state = self._state

        def reviewed(confirmed: Plan | None) -> None:
            if confirmed is not None:
                self._stage.post_message(DeletionRequested(confirmed))

        self._stage.app.push_screen(ReviewDeletionScreen(lambda: Review.of(plan(), state)), reviewed)


def deletion_plan(state: BrowseState, plan_id: str, now: float) -> Plan:
    """Return the plan to delete the marked snapshots, or the one under the cursor; `now` is in Unix seconds."""
    connection, browsing = state.connection, state.browsing
    query = visible(state.text)  # a terminal can type what no file can hold
    items = tuple(browsing.targets())
    return Plan(plan_id, now, connection.api_url, connection.account, query, items, browsing.hidden)


def _about_the_same(before: BrowseState, state: BrowseState) -> bool:
    """Return whether two states show the same rows, as whole and with the same sources."""
    same_rows = before.browsing.view is state.browsing.view and before.sources is state.sources
    return same_rows and before.coverage is state.coverage


def _narrowed(state: BrowseState, text: str) -> str:
    """Return the query for those of the rows shown that another query selects, too."""
    narrower = parse(text, Vocabulary(state.snapshots.indexes.types))
    return str(narrower if state.typed.is_empty else state.typed.and_(narrower))
