"""Cursor and marks in a view, all kept by snapshot id."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.inventory.arranged import Arranged
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.view import View
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot

NOTHING: Final = Totals()
Refusal = Callable[[Snapshot], str | None]


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

    `marked` sums the marked snapshots up, `hidden` counts those of them that the filter hides, and `marked_rows`
    selects them: all are kept here rather than derived, because 100,000 marks are too many to go through at every key.
    Until the cursor was moved it `follows_top`: rows that arrive before the first one do not push it down.
    """

    view: View = field(default_factory=View)
    cursor_id: str | None = None
    position: int = 0
    marks: frozenset[str] = frozenset()
    marked_rows: RowSet = field(default_factory=RowSet)
    marked: Totals = NOTHING
    hidden: int = 0
    anchor_id: str | None = None
    follows_top: bool = True

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
            state = replace(state, anchor_id=anchor)._with_marks(m for m in self.marks if m in view.snapshots)
        elif self.marks:
            state = replace(state, hidden=_hidden(view, self.marked_rows))
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
        order = Arranged(snapshots.ordering(sort.key).rows(descending=sort.descending), self.marked_rows)
        return [snapshots.rows[number] for number in order]

    def _with_marks(self, ids: Iterable[str], rows: RowSet | None = None) -> "Browsing":
        snapshots, marks = self.view.snapshots, frozenset(ids)
        if not marks:
            return replace(self, marks=marks, marked_rows=RowSet(), marked=NOTHING, hidden=0)
        if rows is None:
            rows = RowSet.of(snapshots.numbers_of(marks), len(snapshots))
        totals, hidden = snapshots.totals_of(rows), _hidden(self.view, rows)
        return replace(self, marks=marks, marked_rows=rows, marked=totals, hidden=hidden)

    def toggled(self, refusal: Refusal) -> Marking:
        """Mark the row under the cursor, or take its mark away."""
        current = self.current
        if current is None:
            return Marking(self)
        marking = current.id not in self.marks
        if marking and (reason := refusal(current)):
            return Marking(self, refused=(reason,))
        one = Totals.of([current], self.view.snapshots.usd_per_gb_month)
        rows = bytearray(self.marked_rows.flags or len(self.view.snapshots))
        rows[self.view.order[self.position]] = marking
        marks = self.marks | {current.id} if marking else self.marks - {current.id}
        marked = self.marked.plus(one, 1 if marking else -1)
        return Marking(replace(self, marks=marks, marked_rows=RowSet(bytes(rows)), marked=marked), int(marking))

    def range_started(self) -> "Browsing":
        """Remember the row under the cursor as one end of a range."""
        return replace(self, anchor_id=self.cursor_id)

    def range_marked(self, refusal: Refusal) -> Marking:
        """Mark everything shown between the remembered row and the cursor, both included."""
        anchor = self.view.position_of(self.anchor_id)
        if anchor is None:
            return Marking(replace(self, anchor_id=None))
        first, last = sorted((anchor, self.position))
        return replace(self, anchor_id=None)._mark(self.view.order.slice(first, last + 1), refusal)

    def all_marked(self, refusal: Refusal) -> Marking:
        """Mark everything that is shown, on every page; marks that the filter hides stay."""
        return self._mark(self.view.order, refusal)

    def ids_marked(self, ids: Iterable[str], refusal: Refusal) -> Marking:
        """Mark the snapshots with these ids, shown or not."""
        return self._mark(self.view.snapshots.numbers_of(ids), refusal)

    def inverted(self, refusal: Refusal) -> Marking:
        """Swap marked and unmarked among what is shown; marks that the filter hides stay."""
        if not self.marks:
            return self.all_marked(refusal)
        rows, selected = self.view.snapshots.rows, self.view.selected
        marks = self.marks.difference([rows[number].id for number in self.marked_rows & selected])
        left, marked = self._with_marks(marks, self.marked_rows - selected), self.marked_rows.flags
        return left._mark([number for number in self.view.order if not marked[number]], refusal)

    def unmarked(self, ids: Collection[str] | None = None) -> "Browsing":
        """Take the marks of these ids away, or all of them."""
        left = frozenset() if ids is None else self.marks.difference(ids)
        return replace(self, anchor_id=None)._with_marks(left)

    def _mark(self, numbers: Iterable[int], refusal: Refusal) -> Marking:
        rows = self.view.snapshots.rows
        marked = bytearray(self.marked_rows.flags or len(self.view.snapshots))
        refused: list[str] = []
        allowed: list[str] = []
        for number in numbers:
            row = rows[number]
            reason = refusal(row)
            if reason is None:
                allowed.append(row.id)
                marked[number] = 1
            else:
                refused.append(reason)
        marks = self.marks.union(allowed)
        browsing = replace(self, follows_top=False)._with_marks(marks, RowSet(bytes(marked)))
        return Marking(browsing, len(marks) - len(self.marks), tuple(refused))


def _hidden(view: View, marked_rows: RowSet) -> int:
    """Return the number of marked rows that are not shown."""
    return (marked_rows - view.selected).count if marked_rows else 0
