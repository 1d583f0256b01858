"""The audit screen: where the money is, by groups; what could go, by findings."""

import asyncio
from collections.abc import Iterator
from typing import ClassVar, Final, Protocol

from msgspec import Struct
from msgspec.structs import replace
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import Resize
from textual.message import Message

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Facts, Thresholds, findings
from snaptui.audit.groups import Grouping
from snaptui.audit.machines import Uncovered, uncovered
from snaptui.text.amounts import count
from snaptui.text.lines import Line, Piece, line
from snaptui.tui.audit import words
from snaptui.tui.audit.machines import MachinesScreen
from snaptui.tui.audit.state import AuditState, Place, Results, Tab
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.bar import DeletionBar
from snaptui.tui.deletions.covering_screen import TAKE_BACK, Covering
from snaptui.tui.keys.command import Command, Commands, Declared, Group
from snaptui.tui.messages import ListChanged, RowsMarked, RowsMarkRequested
from snaptui.tui.widgets.lines import Lines

FARTHEST: Final = 1_000_000_000


class ShowRows(Struct, frozen=True):
    """The answer of the screen: show these rows in the table, and come back to this place."""

    query: str
    place: Place


class OpenPlanner(Struct, frozen=True):
    """The answer of the screen: go on to the keep policy."""


class Grouped(Message):
    """The groups by a dimension have been made."""

    def __init__(self, grouping: Grouping) -> None:
        super().__init__()
        self.grouping = grouping


class Checked(Message):
    """The checks have been made."""

    def __init__(self, results: Results) -> None:
        super().__init__()
        self.results = results


class Grouper(Protocol):
    """What can be grouped by a dimension."""

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


class AuditScreen(Covering[ShowRows | OpenPlanner]):
    """Shows groups and findings of what the filter shows; they are made on another thread."""

    def __init__(self, subject: BrowseState, place: Place) -> None:
        super().__init__()
        self._state = AuditState(subject, place)
        chosen = subject.auditing.settings
        self._thresholds = Thresholds(chosen.newest, chosen.old_days, chosen.stale_days, chosen.swollen)
        self._said: Line = ()

    def compose(self) -> ComposeResult:
        """Put the list between what it is about and what it comes to."""
        yield Lines(id="audit-top")
        yield Lines(id="audit-list")
        yield Lines(id="audit-bottom")
        yield DeletionBar()
        yield Lines(id="audit-keys")

    def on_mount(self) -> None:
        """Begin to add up."""
        self._write()
        self._group(self._state.place.dimension)
        self._check()

    def on_resize(self, _event: Resize) -> None:
        """Write everything for the new size."""
        self._write()

    def bar_moved(self) -> None:
        """Write everything for one line more or less."""
        self._write()

    @work(exclusive=True, group="grouping")
    async def _group(self, dimension: Dimension) -> None:
        view, context = self._state.subject.browsing.view, self._state.subject.context
        grouping = await asyncio.to_thread(Grouping, view.snapshots, view.selected, dimension, context)
        self.post_message(Grouped(grouping))

    @work(exclusive=True, group="checking")
    async def _check(self) -> None:
        self.post_message(Checked(await asyncio.to_thread(checked, self._state.subject, self._thresholds)))

    @on(Grouped)
    def _grouped(self, event: Grouped) -> None:
        if event.grouping.dimension is self._state.place.dimension:
            self._become(replace(self._state, grouping=event.grouping))

    @on(Checked)
    def _checked(self, event: Checked) -> None:
        self._become(replace(self._state, results=event.results))

    @on(ListChanged)
    def _list_changed(self, event: ListChanged) -> None:
        self._become(replace(self._state, subject=event.state))
        self._group(self._state.place.dimension)
        self._check()

    @on(RowsMarked)
    def _marked(self, event: RowsMarked) -> None:
        refused = f", {event.refused:,} refused: {event.reason}" if event.refused else ""
        self._say(line(Piece(" ● ", "accent"), f"{count(event.marked, 'snapshot')} of it marked{refused}"))

    def _become(self, state: AuditState) -> None:
        self._state = state
        self._write()

    def _say(self, said: Line) -> None:
        self._said = said
        self._write()

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self._say(line(Piece(f" ✗ {text}", "warn")))

    def _write(self) -> None:
        width, height = self.app.size.width, self.app.size.height - self.query_one(DeletionBar).height
        top = [*words.top_lines(self._state, width), words.heading_line(self._state, width)]
        below = 4 if height >= 12 else 2
        self._state = replace(self._state, rows=max(1, height - len(top) - below))
        bottom = words.bottom_lines(self._state, width)[: below - 1]
        if self._said:
            bottom[-1] = self._said
        for name, lines in (("top", top), ("list", words.list_lines(self._state, width)), ("bottom", bottom)):
            widget = self.query_one(f"#audit-{name}", Lines)
            if name != "list":
                widget.styles.height = len(lines)
            widget.show(lines)
        hints = [(command.printed.split(" ")[0], command.hint) for command in self.DECLARED if command.hint]
        self.query_one("#audit-keys", Lines).show([words.keys_line(hints, width)])

    # What the keys do

    @property
    def commands(self) -> Iterator[Declared]:
        """What the keys do."""
        return iter(self.DECLARED)

    def action_command(self, key: str) -> None:
        """Do what a key stands for, or say why that cannot be done."""
        self._said = ()
        if reason := self.DECLARED.run(key, self, self._state):
            self.say_dropped(reason)

    def move(self, lines: int) -> None:
        """Move the cursor."""
        self._become(self._state.moved_to(self._state.cursor + lines))

    def move_pages(self, pages: int) -> None:
        """Turn pages."""
        self.move(pages * self._state.rows)

    def group_by(self, dimension: Dimension) -> None:
        """Group by another dimension."""
        before = self._state.grouping
        self._become(self._state.by(dimension))
        if self._state.grouping is not before:
            self._group(dimension)

    def change_tab(self) -> None:
        """Show the other half."""
        self._become(self._state.on_tab(Tab.FINDINGS if self._state.place.tab is Tab.GROUPS else Tab.GROUPS))

    def show_rows(self) -> None:
        """Show the rows of the line in the table, or the machines that it counts."""
        found = self._state.found
        if isinstance(found, Uncovered):
            self.app.push_screen(MachinesScreen(found, self._state.subject.now))
        elif (query := self._state.query) is not None:
            self.dismiss(ShowRows(query, self._state.place))

    def mark_all(self) -> None:
        """Mark the whole group."""
        grouping, group = self._state.grouping, self._state.group
        if grouping is not None and group is not None:
            rows = self._state.subject.snapshots.rows
            ids = [rows[number].id for number in grouping.numbers_of(self._state.cursor)]
            self._become(replace(self._state, marked=self._state.marked | {group.query}))
            self.post_message(RowsMarkRequested(ids, self))

    def plan(self) -> None:
        """Go on to the keep policy."""
        self.dismiss(OpenPlanner())

    DECLARED: ClassVar[Commands["AuditScreen", AuditState]] = Commands(
        Command("j,down", lambda it: it.move(1), "down", Group.MOVE),
        Command("k,up", lambda it: it.move(-1), "up", Group.MOVE),
        Command("],pagedown,ctrl+f", lambda it: it.move_pages(1), "next page", Group.MOVE),
        Command("[,pageup,ctrl+b", lambda it: it.move_pages(-1), "page before", Group.MOVE),
        Command("g,home", lambda it: it.move(-FARTHEST), "first", Group.MOVE),
        Command("G,end", lambda it: it.move(FARTHEST), "last", Group.MOVE),
        Command("enter", show_rows, "its rows; Esc there comes back", Group.LOOK, "its rows", nothing_to_show),
        Command("space", mark_all, "mark the whole group", Group.MARK, "mark all of it", no_group),
        Command("tab", change_tab, "findings; groups again", Group.AUDIT, "findings"),
        *(_by(number, dimension) for number, dimension in enumerate(words.DIMENSIONS, 1)),
        TAKE_BACK,
        Command("K", plan, "plan what a keep policy removes", Group.AUDIT, "keep policy"),
        Command("escape,q,a", lambda it: it.dismiss(), "back", Group.PROGRAM, "back"),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def checked(subject: BrowseState, thresholds: Thresholds) -> Results:
    """Return what the checks find in what the filter shows, and which machines of the account are not covered."""
    view, snapshots = subject.browsing.view, subject.snapshots
    facts = Facts(snapshots, view.selected, subject.context, thresholds)
    complete, stale_days = subject.coverage.complete, thresholds.stale_days
    machines = uncovered(snapshots, subject.sources, complete=complete, now=subject.now, stale_days=stale_days)
    return Results(tuple(findings(facts)), machines)
