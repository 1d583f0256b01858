"""Browse screen: filter, table, details and bars around one state, which it alone replaces."""

import asyncio
from collections.abc import Callable, Iterator
from typing import ClassVar, Final, TypeVar

from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus, Resize
from textual.geometry import Size
from textual.message_pump import MessagePump
from textual.reactive import reactive
from textual.screen import Screen

from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.text.lines import Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui import messages
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.auditing import Money, WayBack
from snaptui.tui.browse.bars import BottomBar, SnapshotDetails, TopBar
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.deletion_bar import ListDeletionBar
from snaptui.tui.browse.filter import FilterBar, FilterInput
from snaptui.tui.browse.key_bar import KeyBar
from snaptui.tui.browse.painted import as_painted, drawn, following
from snaptui.tui.browse.relisting import Relisting, Step
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.table import SnapshotTable
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused, SnapshotsGone
from snaptui.tui.deletions.standing import Standings
from snaptui.tui.keys.command import Declared
from snaptui.tui.widgets.armed_screen import TellsWhenDrawn

Result = TypeVar("Result")
RELISTING: Final = "relisting"
MONEY: Final = "money"
IDLE_SECONDS: Final = 0.25
"""Nobody reads sums while keys are pressed."""

REFUSED: Final = Piece(" ✗ ", "warn")
DONE: Final = Piece(" ✓ ", "good")
WIDE: Final = 140
SHORT: Final = 20
HIGH: Final = 30


class BrowseScreen(Screen[None]):
    """Holds the state; widgets get it by `data_bind` and answer with messages."""

    AUTO_FOCUS = "SnapshotTable"
    BINDINGS: ClassVar[list[BindingType]] = COMMANDS.bindings

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def __init__(self, state: BrowseState, clock: Callable[[], float]) -> None:
        super().__init__()
        self.set_reactive(BrowseScreen.state, state)
        self._clock = clock
        self._actions = BrowseActions(self)
        self._follower: MessagePump | None = None
        self._relisting = Relisting(lambda: self.state, self._learn, clock)

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(COMMANDS)

    def compose(self) -> ComposeResult:
        """Put the bars around the table and the details."""
        yield TopBar().data_bind(BrowseScreen.state)
        yield FilterBar(self.state.text).data_bind(BrowseScreen.state)
        with Container(id="body"):
            yield SnapshotTable().data_bind(BrowseScreen.state)
            yield SnapshotDetails().data_bind(BrowseScreen.state)
        yield BottomBar().data_bind(BrowseScreen.state)
        yield ListDeletionBar().data_bind(BrowseScreen.state)
        yield KeyBar().data_bind(BrowseScreen.state)

    def on_mount(self) -> None:
        """Choose the layout before the first frame."""
        self._fit(self.app.size)

    def on_screen_resume(self) -> None:
        """Take the terminal's cursor back."""
        self.query_one(SnapshotTable).place_cursor()

    def on_resize(self, event: Resize) -> None:
        """Choose the layout."""
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        self.set_class(size.width >= WIDE, "-wide")
        self.set_class(size.height < SHORT, "-short")
        self.set_class(size.height >= HIGH, "-high")
        self.state = replace(self.state, pane_fits=size.height >= SHORT)

    def watch_state(self, before: BrowseState, state: BrowseState) -> None:
        """Tell a screen that follows; on a wide terminal, count anew where the money is: a key gives that up."""
        if self._follower is not None and not state.is_about_the_same(before):
            self._follower.post_message(messages.ListChanged(state))
        counted = state.money is not None and state.money.view is state.browsing.view
        if not counted and len(state.browsing.view) and self.has_class("-wide"):
            self._count_money()

    @work(exclusive=True, group=MONEY)
    async def _count_money(self) -> None:
        await asyncio.sleep(IDLE_SECONDS)
        state, width = self.state, self.query_one(SnapshotDetails).size.width
        lines = await asyncio.to_thread(_money_lines, state, width)
        self.post_message(messages.MoneyCounted(Money(state.browsing.view, width, lines)))

    @on(messages.MoneyCounted)
    def _money_counted(self, event: messages.MoneyCounted) -> None:
        if event.money.view is self.state.browsing.view:
            self.state = replace(self.state, money=event.money)

    # Facts. What changes the list waits its turn behind changes that came before

    @on(messages.RowsLoaded)
    def _rows_loaded(self, event: messages.RowsLoaded) -> None:
        self._change_list(Step(event.rows, event.present, coverage=event.coverage))

    @on(messages.ListingFailed)
    def _listing_failed(self, event: messages.ListingFailed) -> None:
        self._change_list(Step(becomes=lambda state: state.failed(event.error)))

    @on(messages.ListingStopped)
    def _listing_stopped(self) -> None:
        self._change_list(Step(becomes=BrowseState.stopped))

    @on(messages.SnapshotRead)
    def _snapshot_read(self, event: messages.SnapshotRead) -> None:
        if isinstance(event.answer, FetchedSnapshot):
            self._change_list(Step((event.answer.snapshot,)))

    @on(SnapshotsGone)
    def _snapshots_gone(self, event: SnapshotsGone) -> None:
        self._change_list(Step(gone=event.ids))

    def _learn(self, state: BrowseState) -> None:
        """Take over a fact; a key that comes before it has been painted means the row that was under the cursor."""
        self.state = following(self.state, state)
        if self.state.slid_from is not None:
            self.call_after_refresh(self._ask_when_drawn, self.state.browsing.cursor_id)

    def _ask_when_drawn(self, cursor_id: str | None) -> None:
        app = self.app
        if isinstance(app, TellsWhenDrawn):
            app.when_drawn(lambda: self._drawn(cursor_id))

    def _drawn(self, cursor_id: str | None) -> None:
        if cursor_id == self.state.browsing.cursor_id:
            self.state = drawn(self.state)

    def _change_list(self, step: Step) -> None:
        if self._relisting.add(step):
            self.run_worker(self._make_changes(), group=RELISTING, exclusive=True)

    async def _make_changes(self) -> None:
        if await self._relisting.run():
            self.post_message(messages.ListingShown())

    @on(messages.TokenGiven)
    def _token_given(self, event: messages.TokenGiven) -> None:
        self.workers.cancel_group(self, RELISTING)
        self._relisting.forget()
        self.state = self.state.with_token(event.token)

    @on(BatchesChanged)
    def _batches_changed(self, event: BatchesChanged) -> None:
        self._learn(self.state.with_standings(Standings.of(event.standings, event.at)))

    @on(BatchRefused)
    def _batch_refused(self, event: BatchRefused) -> None:
        self.say(event.reason)

    @on(messages.RulesJudged)
    def _rules_judged(self, event: messages.RulesJudged) -> None:
        self.say(event.said)

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        self.state = replace(self.state, typing=isinstance(self.focused, FilterInput))

    @on(messages.AccountRead)
    def _account_read(self, event: messages.AccountRead) -> None:
        connection = replace(self.state.connection, account=event.account, account_asked=True)
        self.state = replace(self.state, connection=connection)

    @on(messages.SourcesRead)
    def _sources_read(self, event: messages.SourcesRead) -> None:
        self._learn(replace(self.state.knowing(event.sources), autoscale_images=event.autoscale_images))

    @on(messages.ClientStateChanged)
    def _client_state_changed(self, event: messages.ClientStateChanged) -> None:
        self.state = replace(self.state, rate_limit=event.rate_limit, waiting=event.waiting)

    @on(messages.PageResized)
    def _page_resized(self, event: messages.PageResized) -> None:
        self.state = replace(self.state, page_rows=event.rows)

    @on(messages.RowChosen)
    def _row_chosen(self, event: messages.RowChosen) -> None:
        self.become(replace(self.state, browsing=self.state.browsing.moved_to(event.position)))

    @on(messages.SortRequested)
    def _sort_requested(self, event: messages.SortRequested) -> None:
        self._actions.sort(event.key)

    @on(messages.CommandRequested)
    def _command_requested(self, event: messages.CommandRequested) -> None:
        for _ in range(event.times):
            self.action_command(event.key)

    @on(messages.FilterChanged)
    def _filter(self, event: messages.FilterChanged) -> None:
        self.become(self.state.filtered_by(event.text))

    @on(messages.FilterCleared)
    def _filter_cleared(self) -> None:
        self.leave_filter(clear=True)

    @on(messages.FilterLeft)
    def _filter_left(self) -> None:
        self.leave_filter(clear=False)

    @on(messages.RowsMarkRequested)
    def _rows_to_mark(self, event: messages.RowsMarkRequested) -> None:
        event.stop()
        marking = self.state.browsing.ids_marked(event.ids, self.state.marking_judge())
        self.become(self.state.with_marks(marking.browsing))
        reason = marking.refused[0] if marking.refused else ""
        event.asker.post_message(messages.RowsMarked(marking.marked, len(marking.refused), reason))

    def action_command(self, key: str) -> None:
        """Do what a key stands for, or say why that cannot be done."""
        if COMMANDS[key].of_row:
            self.state = as_painted(self.state)
        if reason := COMMANDS.run(key, self._actions, self.state):
            self.say(reason)

    # What actions need of the screen

    def become(self, state: BrowseState, message: Line = ()) -> None:
        """Replace the state; `message` answers the key."""
        self.state = replace(state, message=message)

    def open(self, screen: Screen[Result], closed: Callable[[Result | None], None] | None = None) -> None:
        """Put a screen on top."""
        self.app.push_screen(screen, closed)

    def open_following(self, screen: Screen[Result], closed: Callable[[Result | None], None]) -> None:
        """Put a screen on top that is told when the list changes."""

        def ended(answer: Result | None) -> None:
            self._follower = None
            closed(answer)

        self._follower = screen
        self.app.push_screen(screen, ended)

    def now(self) -> float:
        """Return the time of day in Unix seconds."""
        return self._clock()

    def enter_filter(self) -> None:
        """Give the keys to the filter."""
        self.query_one(FilterBar).focus_text()

    def leave_filter(self, *, clear: bool) -> None:
        """Give the keys to the table."""
        if clear:
            self.query_one(FilterBar).put("")
            self.become(replace(self.state.filtered_by(""), way_back=None))
        self.set_focus(self.query_one(SnapshotTable))

    def filter_by(self, text: str, way_back: WayBack | None = None) -> None:
        """Filter by a text, with the keys on the table; Esc leads back."""
        self.query_one(FilterBar).put(text)
        self.become(replace(self.state.filtered_by(text), way_back=way_back))
        self.set_focus(self.query_one(SnapshotTable))

    def toggle_pane(self) -> None:
        """Show or hide the detail pane."""
        self.toggle_class("-details-off")

    def say(self, text: str, sign: Piece = REFUSED) -> None:
        """Say something until the next key."""
        self.become(self.state, line(sign, visible(text)))

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self.say(f"{text}; / filters by a text")


def _money_lines(state: BrowseState, width: int) -> tuple[Line, ...]:
    """Import and make what the first frame does without."""
    from snaptui.tui.audit.panel import panel_lines

    return panel_lines(state, width)
