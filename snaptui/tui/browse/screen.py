"""Browse screen: filter, table, details and bars around one state, which it alone replaces."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import ClassVar, Final

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import DescendantBlur, DescendantFocus, Mount, Resize, ScreenResume, ScreenSuspend
from textual.reactive import reactive
from textual.screen import Screen

from snaptui.text.lines import Line, longest_that_fits, problem_line
from snaptui.tui import messages
from snaptui.tui.browse.actions import BrowseActions
from snaptui.tui.browse.bars import BottomBar, TopBar
from snaptui.tui.browse.commands import COMMANDS
from snaptui.tui.browse.deletion_bar import ListDeletionBar
from snaptui.tui.browse.detail_pane import DetailPane
from snaptui.tui.browse.facts import Choice, Fact, after, chosen, with_token
from snaptui.tui.browse.filter import FilterBar, FilterInput
from snaptui.tui.browse.focus import Focus
from snaptui.tui.browse.key_bar import KeyBar
from snaptui.tui.browse.painted import as_painted, drawn, following
from snaptui.tui.browse.relisting import Relisting
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import ListFact, Step
from snaptui.tui.browse.table import SnapshotTable
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused, SnapshotsGone
from snaptui.tui.keys.command import Declared
from snaptui.tui.widgets.drawing import when_drawn

RELISTING: Final = "relisting"
WIDE: Final = 140
SHORT: Final = 20
HIGH: Final = 30


class BrowseScreen(Screen[None]):
    """Screen that holds the state; widgets get it by `data_bind` and answer with messages."""

    AUTO_FOCUS = "SnapshotTable"
    BINDINGS: ClassVar[list[BindingType]] = COMMANDS.bindings

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    def __init__(self, state: BrowseState, clock: Callable[[], float]) -> None:
        super().__init__()
        self.set_reactive(BrowseScreen.state, state)
        self._actions = BrowseActions(self, Focus(self), clock)
        self._relisting = Relisting(
            lambda: self.state, self._learn, lambda: self.post_message(messages.ListingShown()), clock
        )
        self._slides = 0
        """Number of times rows began to slide under the cursor: keys have moved it since what an older one drew."""

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
            yield DetailPane().data_bind(BrowseScreen.state)
        yield BottomBar().data_bind(BrowseScreen.state)
        yield ListDeletionBar().data_bind(BrowseScreen.state)
        yield KeyBar().data_bind(BrowseScreen.state)

    @on(ScreenSuspend)
    @on(ScreenResume)
    def _show_focus(self) -> None:
        """Show whether keys go to another screen, which part of this one may be seen around."""
        self.query_one(SnapshotTable).show_focus()

    @on(Mount)
    @on(Resize)
    def _fit(self) -> None:
        """Set the classes of the layout for the terminal's size; the first call is before the first frame."""
        size = self.app.size
        self.set_class(size.width >= WIDE, "-wide")
        self.set_class(size.height < SHORT, "-short")
        self.set_class(size.height >= HIGH, "-high")
        self.state = replace(self.state, pane_fits=size.height >= SHORT)

    def watch_state(self, before: BrowseState, state: BrowseState) -> None:
        """Tell the screen above that follows the list."""
        self._actions.rooms.follow(before, state)

    @on(messages.RowsLoaded)
    @on(messages.ListingFailed)
    @on(messages.ListingStopped)
    @on(messages.SnapshotRead)
    @on(SnapshotsGone)
    def _change_list(self, fact: ListFact) -> None:
        """Change the list, after the changes that came before."""
        if self._relisting.add(Step.of(fact)):
            self.run_worker(self._relisting.run(), group=RELISTING, exclusive=True)

    @on(messages.AccountRead)
    @on(messages.SourcesRead)
    @on(messages.ClientStateChanged)
    @on(messages.PageResized)
    @on(messages.RulesJudged)
    @on(BatchesChanged)
    @on(BatchRefused)
    def _take_fact(self, fact: Fact) -> None:
        self._learn(after(self.state, fact))

    def _learn(self, state: BrowseState) -> None:
        """Take over a fact; a key that comes before it has been painted means the row that was under the cursor."""
        self._slides += self.state.slid_from is None
        self.state = following(self.state, state)
        if self.state.slid_from is not None:
            when_drawn(self, partial(self._drawn, self._slides, self.state.browsing.cursor_id))

    def _drawn(self, slide: int, cursor_id: str | None) -> None:
        if slide == self._slides and self.state.slid_from is not None:
            self.state = drawn(self.state, cursor_id)

    @on(messages.TokenGiven)
    def _change_account(self, event: messages.TokenGiven) -> None:
        self.workers.cancel_group(self, RELISTING)
        self._relisting.forget()
        self.state = with_token(self.state, event.token)

    @on(DescendantFocus)
    @on(DescendantBlur)
    def _focus_moved(self) -> None:
        self.state = replace(self.state, typing=isinstance(self.focused, FilterInput))

    @on(messages.RowChosen)
    @on(messages.SortRequested)
    @on(messages.FilterChanged)
    def _take_choice(self, choice: Choice) -> None:
        self.become(chosen(self.state, choice))

    @on(messages.FilterLeft)
    def _leave_filter(self, event: messages.FilterLeft) -> None:
        self._actions.leave_filter(clear=event.clear)

    @on(messages.CommandRequested)
    def _run_commands(self, event: messages.CommandRequested) -> None:
        for _ in range(event.times):
            self.action_command(event.key)

    @on(messages.RowsMarkRequested)
    def _mark_rows(self, event: messages.RowsMarkRequested) -> None:
        event.stop()
        self._actions.mark_for(event.chosen, event.asker)

    def action_command(self, key: str) -> None:
        """Do what a key stands for, or say why that cannot be done."""
        if COMMANDS[key].of_row:
            self.state = as_painted(self.state)
        if reason := COMMANDS.run(key, self._actions, self.state):
            self.say(problem_line(reason))

    def become(self, state: BrowseState, message: Line = ()) -> None:
        """Replace the state; `message` answers the key."""
        self.state = replace(state, message=message)

    def say(self, said: Line) -> None:
        """Show a line until the next key."""
        self.become(self.state, said)

    def say_dropped(self, text: str) -> None:
        """Say that typed characters did nothing, and where there is room what they may have been meant for."""
        ways = [problem_line(f"{text}; / filters by a text"), problem_line(text)]
        self.say(longest_that_fits(ways, self.app.size.width))
