"""Actions of the browse screen: cursor, order, marks and filter, each by a new state."""

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace
from textual.message import Message
from textual.message_pump import MessagePump

from snaptui.inventory.chosen import Chosen
from snaptui.inventory.cursor import Browsing, Marking
from snaptui.inventory.marks import Marks, Refusable, Refusal
from snaptui.inventory.orders import SortKey
from snaptui.tui import messages
from snaptui.tui.browse.auditing import WayBack
from snaptui.tui.browse.focus import Focus
from snaptui.tui.browse.rooms import Rooms, Stage
from snaptui.tui.browse.state import TYPES, BrowseState
from snaptui.tui.browse.words import marking_line
from snaptui.tui.deletions.messages import TakeBackRequested
from snaptui.tui.deletions.standing import next_to_take_back

_MARKINGS: Final[Mapping[Marks, Callable[[Browsing, Refusal, Refusable], Marking]]] = {
    Marks.TOGGLE: lambda browsing, refusal, _: browsing.toggled(refusal),
    Marks.RANGE: Browsing.range_marked,
    Marks.ALL: Browsing.all_marked,
    Marks.INVERT: Browsing.inverted,
}


class BrowseActions:
    """Methods that the commands call; those of `rooms` open other screens. `clock` is in Unix seconds."""

    def __init__(self, stage: Stage, focus: Focus, clock: Callable[[], float]) -> None:
        self._stage = stage
        self._focus = focus
        self.rooms = Rooms(stage, clock, self._filter_by, self._mark_planned)

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
        """Sort by a column; the present one reverses the order."""
        self._stage.become(self._state.sorted_by(self._state.browsing.view.sort.chosen(key)))

    def sort_by_next(self) -> None:
        """Sort by the column to the right of the one sorted by."""
        keys, key = self._state.columns, self._state.browsing.view.sort.key
        self.sort(keys[(keys.index(key) + 1) % len(keys)] if key in keys else keys[0])

    def reverse(self) -> None:
        """Reverse the order."""
        self._stage.become(self._state.sorted_by(self._state.browsing.view.sort.reversed()))

    def mark(self, marks: Marks) -> None:
        """Change the marks."""
        browsing = self._state.browsing
        if marks is Marks.CLEAR:
            self._stage.become(self._state.with_marks(browsing.unmarked()))
        elif marks is Marks.RANGE and browsing.anchor_id is None:
            self._stage.become(replace(self._state, browsing=browsing.range_started()))
        else:
            self._marked(marks, _MARKINGS[marks](browsing, self._state.marking_judge(), lambda: self._state.refusable))

    def mark_for(self, chosen: Chosen, asker: MessagePump) -> None:
        """Mark snapshots, shown or not, and tell `asker` what came of it."""
        marking = self._chosen_marked(chosen)
        self._stage.become(self._state.with_marks(marking.browsing))
        reason = marking.refused[0] if marking.refused else ""
        asker.post_message(messages.RowsMarked(marking.marked, len(marking.refused), reason))

    def _mark_planned(self, chosen: Chosen) -> None:
        self._marked(Marks.ALL, self._chosen_marked(chosen))

    def _chosen_marked(self, chosen: Chosen) -> Marking:
        return self._state.browsing.rows_marked(chosen, self._state.marking_judge(), lambda: self._state.refusable)

    def _marked(self, marks: Marks, marking: Marking) -> None:
        state = self._state.with_marks(marking.browsing)
        if marks is Marks.TOGGLE and not marking.refused:
            state = replace(state, browsing=state.browsing.moved_to(state.browsing.position + 1))
        self._stage.become(state, marking_line(marks, marking))

    # The filter

    def filter(self) -> None:
        """Give the keys to the filter."""
        self._focus.to_filter()

    def leave_filter(self, *, clear: bool) -> None:
        """Give the keys to the table."""
        if clear:
            self._filter_by("", None)
        else:
            self._focus.to_table()

    def _filter_by(self, text: str, way_back: WayBack | None) -> None:
        """Filter by a text, with the keys on the table; Esc leads back."""
        self._focus.to_table_with(text)
        self._stage.become(replace(self._state.filtered_by(text), way_back=way_back))

    def back(self) -> None:
        """Give up a range, or else go back to the audit, or else clear the filter, or else stop loading."""
        browsing = self._state.browsing
        if browsing.anchor_id is not None:
            self._stage.become(replace(self._state, browsing=replace(browsing, anchor_id=None)))
        elif (way := self._state.way_back) is not None:
            self._filter_by(way.text, None)
            way.reopen()
        elif not self._state.text and self._state.loading:
            self._stage.post_message(messages.StopRequested())
        else:
            self.leave_filter(clear=True)

    def choose_type(self) -> None:
        """Show the next resource type."""
        following = TYPES[(TYPES.index(self._state.resource_type) + 1) % len(TYPES)]
        self._stage.become(self._state.of_type(following))

    def pane(self) -> None:
        """Show or hide the detail pane."""
        self._stage.toggle_class("-details-off")

    def take_back(self) -> None:
        """Take back the batch that is shown as the next that can be."""
        if (batch := next_to_take_back(self._state.standings.each)) is not None:
            self._stage.post_message(TakeBackRequested(batch.id))

    def ask(self, message: Message) -> None:
        """Ask the application for something."""
        self._stage.post_message(message)
