"""The screen that is open all day: filter, table, details, marks."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Final
from uuid import uuid4

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.events import Resize
from textual.geometry import Size
from textual.reactive import reactive
from textual.screen import Screen

from snaptui.digitalocean.api.errors import ApiError
from snaptui.inventory.cursor import Browsing, Marking, Refusal
from snaptui.model.coverage import Coverage
from snaptui.text.columns import COLUMNS
from snaptui.text.lines import Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui import messages
from snaptui.tui.browse.bars import BottomBar, SnapshotDetails, TopBar
from snaptui.tui.browse.deletion_bar import DeletionBar
from snaptui.tui.browse.filter import FilterBar
from snaptui.tui.browse.key_bar import KeyBar
from snaptui.tui.browse.obstacles import obstacle
from snaptui.tui.browse.state import TYPES, BrowseState
from snaptui.tui.browse.table import SORT, SnapshotTable
from snaptui.tui.browse.words import marking_line
from snaptui.tui.details.words import Details
from snaptui.tui.messages import Marks

FIND: Final = Binding.Group("Find")
LOOK: Final = Binding.Group("Look")
DELETE: Final = Binding.Group("Delete")
PROGRAM: Final = Binding.Group("Program")

_MARKINGS: Final[Mapping[Marks, Callable[[Browsing, Refusal], Marking]]] = {
    Marks.TOGGLE: Browsing.toggled,
    Marks.RANGE: Browsing.range_marked,
    Marks.ALL: Browsing.all_marked,
    Marks.INVERT: Browsing.inverted,
}
REFUSED: Final = Piece(" ✗ ", "warn")
DONE: Final = Piece(" ✓ ", "good")
WIDE: Final = 140
SHORT: Final = 20
HIGH: Final = 30


class BrowseScreen(Screen[None]):
    """Holds the state; widgets get it by `data_bind` and answer with messages."""

    AUTO_FOCUS = "SnapshotTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", group=FIND),
        Binding("escape", "back", "clear the filter, give up a range, or stop loading", group=FIND),
        Binding("t", "type", "all, droplets only, volumes only", group=FIND),
        Binding("o", "order", "sort by the next column", group=SORT),
        Binding("O", "reverse", "reverse the order", group=SORT),
        Binding("enter", "details", "everything about a snapshot, read again from the API", group=LOOK),
        Binding("p", "pane", "show or hide the detail pane", group=LOOK),
        Binding("R", "reload", "load the list again", group=LOOK),
        Binding("d", "delete", "review and delete the marked, or the row under the cursor", group=DELETE),
        Binding("u", "take_back", "take the batch back before anything is sent", group=DELETE),
        Binding("l", "deletions", "what was deleted and what failed", group=DELETE),
        Binding("T", "token", "use another token", group=PROGRAM),
        Binding("question_mark", "help", "this help", group=PROGRAM),
        Binding("q", "app.leave", "quit", group=PROGRAM),
        Binding("ctrl+p", "app.command_palette", "command palette", group=PROGRAM),
        Binding("ctrl+z", "app.suspend_process", "suspend", group=PROGRAM),
        Binding("ctrl+l", "app.redraw", "draw everything anew", group=PROGRAM),
    ]

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def __init__(self, state: BrowseState, clock: Callable[[], float]) -> None:
        super().__init__()
        self.set_reactive(BrowseScreen.state, state)
        self._clock = clock

    def compose(self) -> ComposeResult:
        """Put the bars around the table and the details."""
        table = SnapshotTable()
        yield TopBar().data_bind(BrowseScreen.state)
        yield FilterBar(self.state.text).data_bind(BrowseScreen.state)
        with Container(id="body"):
            yield table.data_bind(BrowseScreen.state)
            yield SnapshotDetails().data_bind(BrowseScreen.state)
        yield BottomBar(table).data_bind(BrowseScreen.state)
        yield DeletionBar().data_bind(BrowseScreen.state)
        yield KeyBar().data_bind(BrowseScreen.state)

    def on_mount(self) -> None:
        """Choose the layout before the first frame."""
        self._fit(self.app.size)

    def on_resize(self, event: Resize) -> None:
        """Choose the layout."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        self.set_class(size.width >= WIDE, "-wide")
        self.set_class(size.height < SHORT, "-short")
        self.set_class(size.height >= HIGH, "-high")

    def covers(self, coverage: Coverage) -> None:
        """Say how much of the list there is."""
        self.state = self.state.covering(coverage, self._clock())

    def listing_failed(self, error: ApiError) -> None:
        """Say that the listing broke off."""
        self.state = self.state.failed(error)

    @on(messages.ListingStopped)
    def _listing_stopped(self) -> None:
        self.state = self.state.stopped()

    @on(messages.AccountRead)
    def _account_read(self, event: messages.AccountRead) -> None:
        connection = replace(self.state.connection, account=event.account, account_asked=True)
        self.state = replace(self.state, connection=connection)

    @on(messages.SourcesRead)
    def _sources_read(self, event: messages.SourcesRead) -> None:
        self.state = replace(self.state.knowing(event.sources), autoscale_images=event.autoscale_images)

    @on(messages.ClientStateChanged)
    def _client_state_changed(self, event: messages.ClientStateChanged) -> None:
        self.state = replace(self.state, rate_limit=event.rate_limit, waiting=event.waiting)

    @on(messages.PageResized)
    def _page_resized(self) -> None:
        self.query_one(BottomBar).watch_state()

    @on(messages.CursorMoveRequested)
    def _move(self, event: messages.CursorMoveRequested) -> None:
        browsing = self.state.browsing
        if not self._blocked("move"):
            self._become(replace(self.state, browsing=browsing.moved_to(browsing.position + event.rows)))

    @on(messages.SortRequested)
    def _sort(self, event: messages.SortRequested) -> None:
        self._become(self.state.sorted_by(self.state.browsing.view.sort.chosen(event.key)))

    @on(messages.FilterChanged)
    def _filter(self, event: messages.FilterChanged) -> None:
        self._become(self.state.filtered_by(event.text))

    @on(messages.FilterCleared)
    def _clear_filter(self) -> None:
        self.query_one(FilterBar).clear()
        self._become(self.state.filtered_by(""))
        self.set_focus(self.query_one(SnapshotTable))

    @on(messages.FilterLeft)
    def _leave_filter(self) -> None:
        self.set_focus(self.query_one(SnapshotTable))

    @on(messages.MarkingRequested)
    def _mark(self, event: messages.MarkingRequested) -> None:
        marks, browsing = event.marks, self.state.browsing
        if self._blocked("clear" if marks is Marks.CLEAR else "mark"):
            return
        if marks is Marks.CLEAR:
            self._become(self.state.with_marks(browsing.unmarked()))
        elif marks is Marks.RANGE and browsing.anchor_id is None:
            self._become(replace(self.state, browsing=browsing.range_started()))
        else:
            self._marked(marks, _MARKINGS[marks](browsing, self.state.judge()))

    def _marked(self, marks: Marks, marking: Marking) -> None:
        state = self.state.with_marks(marking.browsing)
        if marks is Marks.TOGGLE and not marking.refused:
            state = replace(state, browsing=state.browsing.moved_to(state.browsing.position + 1))
        self._become(
            state, marking_line(marks, marking, state.browsing.page(self.query_one(SnapshotTable).page_size).total)
        )

    def action_filter(self) -> None:
        """Give the keys to the filter."""
        self.query_one(FilterBar).focus_text()

    def action_back(self) -> None:
        """Give up a range, or else clear the filter, or else stop loading."""
        browsing = self.state.browsing
        if browsing.anchor_id is not None:
            self._become(replace(self.state, browsing=replace(browsing, anchor_id=None)))
        elif not self.state.text and self.state.loading:
            self.post_message(messages.StopRequested())
        else:
            self._clear_filter()

    def action_type(self) -> None:
        """Show the next resource type."""
        following = TYPES[(TYPES.index(self.state.resource_type) + 1) % len(TYPES)]
        self._become(self.state.of_type(following))

    def action_order(self) -> None:
        """Sort by the column to the right of the one sorted by."""
        keys = [column.key for column in COLUMNS]
        key = self.state.browsing.view.sort.key
        following = keys[(keys.index(key) + 1) % len(keys)] if key in keys else keys[0]
        self._become(self.state.sorted_by(self.state.browsing.view.sort.chosen(following)))

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._become(self.state.sorted_by(self.state.browsing.view.sort.reversed()))

    def action_pane(self) -> None:
        """Show or hide the detail pane."""
        if self.has_class("-short"):
            self.say("no room for details: Enter shows them")
        else:
            self.toggle_class("-details-off")

    def action_reload(self) -> None:
        """Load the list again."""
        if not self._blocked("reload"):
            self.post_message(messages.ReloadRequested())

    # A screen is pushed in the action itself: by the time of the next key it is there to receive it. Its module is
    # imported there, too: the first frame does without.

    def action_details(self) -> None:
        """Show everything about the snapshot under the cursor."""
        from snaptui.tui.details.screen import DetailsScreen

        details = Details.of_current(self.state.browsing, self.state.sources)
        if not self._blocked("details") and details is not None:
            self.app.push_screen(DetailsScreen(details, self.state.terms))

    def action_delete(self) -> None:
        """Review what is marked, or the row under the cursor."""
        from snaptui.tui.review.screen import ReviewDeletionScreen
        from snaptui.tui.review.words import Review

        if self._blocked("delete"):
            return
        plan = self.state.plan(uuid4().hex, self._clock())

        def reviewed(confirmed: bool | None) -> None:
            if confirmed:
                self.post_message(messages.DeletionRequested(plan))

        self.app.push_screen(ReviewDeletionScreen(Review.of(plan, self.state)), reviewed)

    def action_take_back(self) -> None:
        """Take the newest batch back while nothing of it has been sent."""
        if not self._blocked("take_back") and (job := self.state.active_job):
            self.post_message(messages.TakeBackRequested(job.id))

    def say(self, text: str, sign: Piece = REFUSED) -> None:
        """Say something until the next key."""
        self._become(self.state, line(sign, visible(text)))

    def say_burst(self, keys: int) -> None:
        """Say that a paste did nothing."""
        self.say(f"{keys} keys came at once, as if pasted, and did nothing; / filters by a text")

    def action_deletions(self) -> None:
        """Show what was deleted and what failed."""
        from snaptui.tui.deletions.screen import DeletionsScreen

        if not self._blocked("deletions"):
            self.app.push_screen(DeletionsScreen(self.state.jobs))

    def action_help(self) -> None:
        """Show every key and the query language."""
        from snaptui.tui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen([*self.BINDINGS, *SnapshotTable.BINDINGS]))

    def action_token(self) -> None:
        """Ask for another token."""
        if not self._blocked("token"):
            self.post_message(messages.TokenRequested())

    def _become(self, state: BrowseState, message: Line = ()) -> None:
        self.state = replace(state, message=message)

    def _blocked(self, action: str) -> bool:
        """Say why an action cannot be done now, if it cannot."""
        reason = obstacle(action, self.state)
        if reason is not None:
            self._become(self.state, line(REFUSED, reason))
        return reason is not None
