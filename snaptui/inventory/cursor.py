"""Cursor in a view, kept by snapshot id, together with the marks."""

from collections.abc import Collection
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.inventory.arranged import Arranged
from snaptui.inventory.chosen import Chosen
from snaptui.inventory.marks import MarkedRows, Refusable, Refusal
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.view import View
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot


class Page(NamedTuple):
    """One page of a view: 1-based `number` of `total`, showing positions `start` up to `stop`."""

    number: int
    total: int
    start: int
    stop: int


class Marking(Struct, frozen=True):
    """The state after marking, how many were newly marked, and the reasons of those that were refused."""

    browsing: "Browsing"
    marked: int = 0
    refused: tuple[str, ...] = ()


class Browsing(Struct, frozen=True):
    """Cursor, marks and view at one moment; every change returns a new value. `position` is the cursor's row, from 0.

    `hidden` counts the marked snapshots that the filter hides. Until the cursor was moved it `follows_top`: rows that
    arrive before the first one do not push it down.
    """

    view: View = field(default_factory=View)
    cursor_id: str | None = None
    position: int = 0
    marked_rows: MarkedRows = field(default_factory=MarkedRows)
    hidden: int = 0
    anchor_id: str | None = None
    follows_top: bool = True

    @property
    def marks(self) -> frozenset[str]:
        """The ids of the marked snapshots."""
        return self.marked_rows.ids

    @property
    def marked(self) -> Totals:
        """Count, size and monthly cost of the marked snapshots."""
        return self.marked_rows.totals

    @property
    def current(self) -> Snapshot | None:
        """The snapshot under the cursor."""
        return self.view.snapshots.get(self.cursor_id)

    def page(self, size: int) -> Page:
        """Return the page that holds the cursor when a page has `size` rows."""
        size = max(1, size)
        number = self.position // size
        count = max(1, -(-len(self.view) // size))
        start = number * size
        return Page(number + 1, count, start, min(start + size, len(self.view)))

    def moved_to(self, position: int) -> "Browsing":
        """Put the cursor on the row at `position`, or on the nearest row there is."""
        return replace(self._at(position), follows_top=False)

    def _at(self, position: int) -> "Browsing":
        if not len(self.view):
            return replace(self, cursor_id=None, position=0)
        position = min(max(position, 0), len(self.view) - 1)
        return replace(self, position=position, cursor_id=self.view.at(position).id)

    def showing(self, view: View) -> "Browsing":
        """Show another view: the cursor stays with its snapshot, or goes to the nearest one that is left."""
        state = replace(self, view=view)
        if view.snapshots is not self.view.snapshots:
            anchor = self.anchor_id if view.snapshots.get(self.anchor_id) else None
            state = replace(state, anchor_id=anchor)._with(MarkedRows.of(self.marks, view.snapshots))
        elif self.marks:
            state = state._with(self.marked_rows)
        position = 0 if self.follows_top else view.position_of(self.cursor_id)
        return state._at(self._nearest_in(view) if position is None else position)

    def _nearest_in(self, view: View) -> int:
        """Return the new position of the row that came next, or else of the one above, or else the top."""
        before = self.view
        if not len(view) or not len(before):
            return 0
        here = before.order[self.position]
        if view.snapshots is before.snapshots:
            number = next(before.order.around(here, view.selected), None)
            return (None if number is None else view.order.position_of(number)) or 0
        around = before.order.around(here, before.selected)
        positions = (view.position_of(before.snapshots.rows[number].id) for number in around)
        return next((position for position in positions if position is not None), 0)

    def targets(self) -> list[Snapshot]:
        """Return the snapshots that an action is about: the marked ones, or else the one under the cursor."""
        if not self.marks:
            return [] if self.current is None else [self.current]
        snapshots, sort = self.view.snapshots, self.view.sort
        order = Arranged(snapshots.indexes.ordering(sort.key).rows(descending=sort.descending), self.marked_rows.rows)
        return [snapshots.rows[number] for number in order]

    def _with(self, marks: MarkedRows) -> "Browsing":
        return replace(self, marked_rows=marks, hidden=marks.hidden_by(self.view.selected))

    def toggled(self, refusal: Refusal) -> Marking:
        """Mark the row under the cursor, or take its mark away."""
        current = self.current
        if current is None:
            return Marking(self)
        marking = current.id not in self.marks
        if marking and (reason := refusal(current)):
            return Marking(self, refused=(reason,))
        marks = self.marked_rows.toggled(self.view.order[self.position], self.view.snapshots)
        return Marking(replace(self, marked_rows=marks), int(marking))

    def range_started(self) -> "Browsing":
        """Remember the row under the cursor as one end of a range."""
        return replace(self, anchor_id=self.cursor_id)

    def range_marked(self, refusal: Refusal, refusable: Refusable | None = None) -> Marking:
        """Mark everything shown between the remembered row and the cursor, both included."""
        anchor = self.view.position_of(self.anchor_id)
        if anchor is None:
            return Marking(replace(self, anchor_id=None))
        first, last = sorted((anchor, self.position))
        rows = RowSet.of(self.view.order.slice(first, last + 1), len(self.view.snapshots))
        return replace(self, anchor_id=None)._mark(rows, refusal, refusable)

    def all_marked(self, refusal: Refusal, refusable: Refusable | None = None) -> Marking:
        """Mark everything that is shown, on every page; marks that the filter hides stay."""
        return self._mark(self.view.selected, refusal, refusable)

    def rows_marked(self, chosen: Chosen, refusal: Refusal, refusable: Refusable | None = None) -> Marking:
        """Mark the chosen snapshots, shown or not."""
        return self._mark(chosen.found_in(self.view.snapshots), refusal, refusable)

    def inverted(self, refusal: Refusal, refusable: Refusable | None = None) -> Marking:
        """Swap marked and unmarked among what is shown; marks that the filter hides stay."""
        if not self.marks:
            return self.all_marked(refusal, refusable)
        shown = self.view.selected
        left = self._with(self.marked_rows.without_rows(shown, self.view.snapshots))
        return left._mark(shown - self.marked_rows.rows, refusal, refusable)

    def unmarked(self, ids: Collection[str] | None = None) -> "Browsing":
        """Take the marks of these ids away, or all of them."""
        marks = MarkedRows() if ids is None else self.marked_rows.without_ids(ids, self.view.snapshots)
        return replace(self, anchor_id=None)._with(marks)

    def _mark(self, rows: RowSet, refusal: Refusal, refusable: Refusable | None) -> Marking:
        marks, refused = self.marked_rows.with_rows(rows, self.view.snapshots, refusal, refusable)
        browsing = replace(self, follows_top=False)._with(marks)
        return Marking(browsing, len(marks.ids) - len(self.marks), refused)
