"""Audit screen: groups with their costs, and findings."""

from collections.abc import Callable, Iterator
from typing import ClassVar, Protocol

from msgspec import Struct
from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Facts, Thresholds, findings
from snaptui.audit.groups import Grouping
from snaptui.audit.machines import Uncovered, uncovered
from snaptui.text.amounts import count
from snaptui.text.lines import Piece, line
from snaptui.tui.audit import words
from snaptui.tui.audit.machines_screen import MachinesScreen
from snaptui.tui.audit.state import AuditState, Place, Results, Tab
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import HELP, TAKE_BACK
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.messages import ListChanged, RowsMarked, RowsMarkRequested
from snaptui.tui.sums_thread import summed
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.listing_screen import MOVING, ListingScreen, keys_line


class ShowRows(Struct, frozen=True):
    """Answer of the audit screen: show these rows in the table; Esc comes back to `place`."""

    query: str
    place: Place


class OpenPlanner(Struct, frozen=True):
    """Answer of the audit screen: go on to the keep policy."""


class Grouped(Message):
    """The groups by a dimension have been made."""

    def __init__(self, grouping: Grouping) -> None:
        super().__init__()
        self.grouping = grouping


class Checked(Message):
    """The findings have been made."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.results = results


class Grouper(Protocol):
    """Interface of a screen whose groups can be of another dimension."""

    def group_by(self, dimension: Dimension) -> None:
        """Group by it."""


def _by(number: int, dimension: Dimension) -> Command[Grouper, object]:
    return Command(str(number), lambda it: it.group_by(dimension), f"group by {dimension}", Group.AUDIT)


def nothing_to_show(state: AuditState) -> str | None:
    """Return why there is nothing behind the line under the cursor."""
    found = isinstance(state.found, Uncovered) or state.query is not None
    return None if found else "there are no rows to show"


def no_group(state: AuditState) -> str | None:
    """Return why nothing can be marked whole."""
    return None if state.group is not None else "only a group can be marked whole"


class AuditScreen(ListingScreen[ShowRows | OpenPlanner, AuditState]):
    """Screen of groups and findings of the filtered rows; both are made on another thread.

    `tell_list` posts a message to the list that it is about.
    """

    def __init__(self, subject: BrowseState, place: Place, tell_list: Callable[[Message], object]) -> None:
        super().__init__(AuditState(subject, place))
        self._tell_list = tell_list
        chosen = subject.auditing.settings
        self._thresholds = Thresholds(chosen.newest, chosen.old_days, chosen.stale_days, chosen.swollen)

    def compose(self) -> ComposeResult:
        """Put the list between what it is about and what it comes to."""
        yield Lines(id="audit-top")
        yield Lines(id="audit-list")
        yield Lines(id="audit-bottom")
        yield DeletionBar()
        yield Lines(id="audit-keys")

    def on_mount(self) -> None:
        """Begin to make groups and findings."""
        self.write()
        # A screen takes twice as long to open with a thread at work beside it.
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self._group(self._state.place.dimension)
        self._check()

    @work(exclusive=True, group="grouping")
    async def _group(self, dimension: Dimension) -> None:
        self.post_message(Grouped(await summed(grouped, self._state, dimension)))

    @work(exclusive=True, group="checking")
    async def _check(self) -> None:
        self.post_message(Checked(await summed(checked, self._state.subject, self._thresholds)))

    @on(Grouped)
    def _grouped(self, event: Grouped) -> None:
        if event.grouping.dimension is self._state.place.dimension:
            self.become(self._state.regrouped(event.grouping))

    @on(Checked)
    def _checked(self, event: Checked) -> None:
        self.become(replace(self._state, results=event.results))

    @on(ListChanged)
    def _list_changed(self, event: ListChanged) -> None:
        self.become(replace(self._state, subject=event.state))
        self._group(self._state.place.dimension)
        self._check()

    @on(RowsMarked)
    def _marked(self, event: RowsMarked) -> None:
        refused = f", {event.refused:,} refused: {event.reason}" if event.refused else ""
        self.say(line(Piece(" ● ", "accent"), f"{count(event.marked, 'snapshot')} of it marked{refused}"))

    def write(self) -> None:
        """Write everything for the state and the terminal's size."""
        width, height = self.app.size.width, self.app.size.height - self.query_one(DeletionBar).height
        top = [*words.top_lines(self._state, width), words.heading_line(self._state, width)]
        below = 4 if height >= 12 else 2
        self._state = replace(self._state, rows=max(1, height - len(top) - below))
        bottom = words.bottom_lines(self._state, width, below - 1)
        if self._said:
            bottom[-1] = self._said
        for name, lines in (("top", top), ("list", words.list_lines(self._state, width)), ("bottom", bottom)):
            widget = self.query_one(f"#audit-{name}", Lines)
            if name != "list":
                widget.styles.height = len(lines)
            widget.show(lines)
        self.query_one("#audit-keys", Lines).show([keys_line(self.DECLARED, self._state, width)])

    # What the keys do

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen."""
        return iter(self.DECLARED)

    def run_command(self, key: str) -> str | None:
        """Do what a key stands for; returns why not, where it cannot be done."""
        return self.DECLARED.run(key, self, self._state)

    def group_by(self, dimension: Dimension) -> None:
        """Group by another dimension."""
        before = self._state.grouping
        self.become(self._state.by(dimension))
        if self._state.grouping is not before:
            self._group(dimension)

    def change_tab(self) -> None:
        """Show the other half."""
        self.become(self._state.on_tab(Tab.FINDINGS if self._state.place.tab is Tab.GROUPS else Tab.GROUPS))

    def show_rows(self) -> None:
        """Show the rows of the line in the table, or the machines that it counts."""
        found = self._state.found
        if isinstance(found, Uncovered):
            self.app.push_screen(MachinesScreen(found, self._state.subject.now))
        elif (query := self._state.query) is not None:
            self.dismiss(ShowRows(query, self._state.place))

    def mark_all(self) -> None:
        """Mark the whole group."""
        if (group := self._state.group) is not None and (chosen := self._state.chosen) is not None:
            self.become(replace(self._state, marked=self._state.marked | {group.query}))
            self._tell_list(RowsMarkRequested(chosen, self))

    def plan(self) -> None:
        """Go on to the keep policy."""
        self.dismiss(OpenPlanner())

    DECLARED: ClassVar[Commands["AuditScreen", AuditState]] = Commands(
        *MOVING,
        Command("enter", show_rows, "its rows; Esc there comes back", Group.LOOK, "its rows", nothing_to_show),
        Command("space", mark_all, "mark the whole group", Group.MARK, "mark all of it", no_group),
        Command("tab", change_tab, "findings; groups again", Group.AUDIT, "other half"),
        *(_by(number, dimension) for number, dimension in enumerate(words.DIMENSIONS, 1)),
        TAKE_BACK,
        Command("K", plan, "plan what a keep policy removes", Group.AUDIT, "keep policy"),
        Command("escape,q,a", lambda it: it.dismiss(), "back", Group.PROGRAM, "back"),
        HELP,
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def grouped(state: AuditState, dimension: Dimension) -> Grouping:
    """Return the groups by a dimension; those that will be in sight are added up here, not where keys wait."""
    view = state.subject.browsing.view
    grouping = Grouping(view.snapshots, view.selected, dimension, state.subject.context)
    _ = grouping.slice(0, 1), replace(state, grouping=grouping).groups_in_sight
    return grouping


def checked(subject: BrowseState, thresholds: Thresholds) -> Results:
    """Return what the checks find in what the filter shows, and which machines of the account are not covered."""
    view, snapshots = subject.browsing.view, subject.snapshots
    facts = Facts(snapshots, view.selected, subject.context, thresholds)
    complete, stale_days = subject.coverage.complete, thresholds.stale_days
    machines = uncovered(snapshots, subject.sources, complete=complete, now=subject.now, stale_days=stale_days)
    return Results(tuple(findings(facts)), machines)
