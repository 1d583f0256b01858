"""Actions of the browse screen: what each command does, by the state it makes of the one before."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol, TypeVar
from uuid import uuid4

from msgspec.structs import replace
from textual.message import Message
from textual.screen import Screen

from snaptui.inventory.cursor import Browsing, Marking, Refusal
from snaptui.inventory.orders import SortKey
from snaptui.text.columns import COLUMNS
from snaptui.text.lines import Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui import messages
from snaptui.tui.browse.auditing import WayBack
from snaptui.tui.browse.state import TYPES, BrowseState
from snaptui.tui.browse.words import marking_line
from snaptui.tui.deletions.messages import DeletionRequested, TakeBackRequested
from snaptui.tui.messages import Marks

if TYPE_CHECKING:
    from snaptui.deletion.plan import Plan
    from snaptui.tui.audit.state import Place

Result = TypeVar("Result")
FARTHEST: Final = 1_000_000_000
_MARKINGS: Final[Mapping[Marks, Callable[[Browsing, Refusal], Marking]]] = {
    Marks.TOGGLE: Browsing.toggled,
    Marks.RANGE: Browsing.range_marked,
    Marks.ALL: Browsing.all_marked,
    Marks.INVERT: Browsing.inverted,
}


class Stage(Protocol):
    """The screen, as far as actions need it."""

    @property
    def state(self) -> BrowseState:
        """The state as it is now."""

    def become(self, state: BrowseState, message: Line = ()) -> None:
        """Replace the state; `message` answers the key."""

    def post_message(self, message: Message) -> bool:
        """Send a message up."""

    def open(self, screen: Screen[Result], closed: Callable[[Result | None], None] | None = None) -> None:
        """Put a screen on top."""

    def open_following(self, screen: Screen[Result], closed: Callable[[Result | None], None]) -> None:
        """Put a screen on top that is told when the list changes."""

    def now(self) -> float:
        """Return the time of day in Unix seconds."""

    def enter_filter(self) -> None:
        """Give the keys to the filter."""

    def leave_filter(self, *, clear: bool) -> None:
        """Give the keys to the table."""

    def filter_by(self, text: str, way_back: WayBack | None = None) -> None:
        """Filter by a text, with the keys on the table; Esc leads back."""

    def toggle_pane(self) -> None:
        """Show or hide the detail pane."""


class BrowseActions:
    """Methods that the commands call. Screens they open are imported here, after the first frame."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @property
    def _state(self) -> BrowseState:
        return self._stage.state

    # The table

    def move(self, rows: int) -> None:
        """Move the cursor by some rows, as far as there are any."""
        browsing = self._state.browsing
        self._stage.become(replace(self._state, browsing=browsing.moved_to(browsing.position + rows)))

    def move_pages(self, pages: int) -> None:
        """Show another page, with the cursor on the same line of it."""
        self.move(pages * self._state.page_rows)

    def sort(self, key: SortKey) -> None:
        """Sort by a column, or the other way round when it is sorted by it."""
        self._stage.become(self._state.sorted_by(self._state.browsing.view.sort.chosen(key)))

    def sort_by_next(self) -> None:
        """Sort by the column to the right of the one sorted by."""
        keys = [column.key for column in COLUMNS]
        key = self._state.browsing.view.sort.key
        self.sort(keys[(keys.index(key) + 1) % len(keys)] if key in keys else keys[0])

    def reverse(self) -> None:
        """Turn the order round."""
        self._stage.become(self._state.sorted_by(self._state.browsing.view.sort.reversed()))

    def mark(self, marks: Marks) -> None:
        """Change the marks."""
        browsing = self._state.browsing
        if marks is Marks.CLEAR:
            self._stage.become(self._state.with_marks(browsing.unmarked()))
        elif marks is Marks.RANGE and browsing.anchor_id is None:
            self._stage.become(replace(self._state, browsing=browsing.range_started()))
        else:
            self._marked(marks, _MARKINGS[marks](browsing, self._state.marking_judge()))

    def _marked(self, marks: Marks, marking: Marking) -> None:
        state = self._state.with_marks(marking.browsing)
        if marks is Marks.TOGGLE and not marking.refused:
            state = replace(state, browsing=state.browsing.moved_to(state.browsing.position + 1))
        self._stage.become(state, marking_line(marks, marking, state.page.total))

    # The filter

    def filter(self) -> None:
        """Give the keys to the filter."""
        self._stage.enter_filter()

    def back(self) -> None:
        """Give up a range, or else go back to the audit, or else clear the filter, or else stop loading."""
        browsing = self._state.browsing
        if browsing.anchor_id is not None:
            self._stage.become(replace(self._state, browsing=replace(browsing, anchor_id=None)))
        elif (way := self._state.way_back) is not None:
            self._stage.filter_by(way.text)
            way.reopen()
        elif not self._state.text and self._state.loading:
            self._stage.post_message(messages.StopRequested())
        else:
            self._stage.leave_filter(clear=True)

    def choose_type(self) -> None:
        """Show the next resource type."""
        following = TYPES[(TYPES.index(self._state.resource_type) + 1) % len(TYPES)]
        self._stage.become(self._state.of_type(following))

    # Other screens: put on top in the action itself, so that the next key finds them there

    def details(self) -> None:
        """Show everything about the snapshot under the cursor."""
        from snaptui.tui.details.screen import DetailsScreen
        from snaptui.tui.details.words import Details

        details = Details.of_current(self._state.browsing, self._state.sources)
        if details is not None:
            self._stage.open(DetailsScreen(details, self._state.terms))

    def audit(self, place: "Place | None" = None) -> None:
        """Show where the money is, and what could go."""
        from snaptui.tui.audit.screen import AuditScreen, OpenPlanner, ShowRows
        from snaptui.tui.audit.state import Place

        def closed(answer: ShowRows | OpenPlanner | None) -> None:
            if isinstance(answer, OpenPlanner):
                self.keep()
            elif answer is not None:
                before, there = self._state.text, answer.place
                way = WayBack(before, lambda: self.audit(there))
                self._stage.filter_by(self._state.narrowed_to(answer.query), way)

        self._stage.open_following(AuditScreen(self._state, place or Place()), closed)

    def export(self) -> None:
        """Write what is shown, or what is marked, to a file."""
        from snaptui.tui.dialogs.export import ExportScreen

        def closed(written: str | None) -> None:
            if written:
                self._stage.become(self._state, line(Piece(" ✓ ", "good"), visible(written)))

        self._stage.open(ExportScreen(self._state), closed)

    def keep(self) -> None:
        """Plan what a keep policy removes."""
        from snaptui.tui.planner.screen import PlannerScreen

        def closed(plan: "Plan | None") -> None:
            if plan is not None:
                marking = self._state.browsing.ids_marked([row.id for row in plan.items], self._state.marking_judge())
                self._marked(Marks.ALL, marking)
                self._review(plan)

        self._stage.open(PlannerScreen(self._state), closed)

    def pane(self) -> None:
        """Show or hide the detail pane."""
        self._stage.toggle_pane()

    def reload(self) -> None:
        """Load the list again."""
        self._stage.post_message(messages.ReloadRequested())

    def delete(self) -> None:
        """Review what is marked, or the row under the cursor."""
        self._review(self._state.plan(uuid4().hex, self._stage.now()))

    def _review(self, plan: "Plan") -> None:
        from snaptui.tui.review.screen import ReviewDeletionScreen
        from snaptui.tui.review.words import Review

        def reviewed(confirmed: bool | None) -> None:
            if confirmed:
                self._stage.post_message(DeletionRequested(plan))

        self._stage.open(ReviewDeletionScreen(Review.of(plan, self._state)), reviewed)

    def take_back(self) -> None:
        """Take the newest batch back of which nothing has been sent."""
        self._stage.post_message(TakeBackRequested())

    def deletions(self) -> None:
        """Show what was deleted and what failed."""
        from snaptui.tui.deletions.screen import DeletionsScreen

        self._stage.open(DeletionsScreen(self._state.standings.each, self._state.standings.at))

    def token(self) -> None:
        """Ask for another token."""
        self._stage.post_message(messages.TokenRequested())

    def help(self) -> None:
        """Show every key and the query language."""
        self._stage.post_message(messages.HelpRequested())

    def palette(self) -> None:
        """Offer every command by its name."""
        self._stage.post_message(messages.PaletteRequested())

    def leave(self) -> None:
        """Quit."""
        self._stage.post_message(messages.LeaveRequested())
