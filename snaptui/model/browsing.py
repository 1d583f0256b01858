"""Where a user is in the list: what is shown, the cursor and the marks, all by snapshot id."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot
from snaptui.model.view import View

NOTHING: Final = Totals(0, 0.0, 0.0)
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
    """The cursor and the marks stay with their snapshots; `position` is where the cursor's one is shown.

    `marked` sums the marked snapshots up, and `hidden` counts those of them that the filter hides: both are
    kept here rather than derived, because 100,000 marks are too many to add up at every key.
    Until the cursor was moved it `follows_top`: rows that arrive before the first one do not push it down.
    """

    view: View = field(default_factory=View)
    cursor_id: str | None = None
    position: int = 0
    marks: frozenset[str] = frozenset()
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
        """Put the cursor on the row at `position`, or on the nearest row there is, as the user asked."""
        return replace(self._at(position), follows_top=False)

    def _at(self, position: int) -> "Browsing":
        if not len(self.view):
            return replace(self, cursor_id=None, position=0)
        position = min(max(position, 0), len(self.view) - 1)
        return replace(self, position=position, cursor_id=self.view.at(position).id)

    def showing(self, view: View) -> "Browsing":
        """Show another view: the cursor stays with its snapshot, or goes to the nearest one that is left."""
        anchor = self.anchor_id if view.snapshots.get(self.anchor_id) else None
        state = replace(self, view=view, anchor_id=anchor)
        if self.marks:
            state = state._with_marks(frozenset(m for m in self.marks if m in view.snapshots))
        position = 0 if self.follows_top else view.position_of(self.cursor_id)
        return state._at(self._nearest_in(view) if position is None else position)

    def _nearest_in(self, view: View) -> int:
        """Return where the row that came next is now, or else the one above, or else the top."""
        shown = {number: position for position, number in enumerate(view.order)}
        before = self.view
        below = range(self.position + 1, len(before))
        above = range(self.position - 1, -1, -1)
        for position in (*below, *above):
            number = view.snapshots.number_of(before.at(position).id)
            if number is not None and number in shown:
                return shown[number]
        return 0

    def targets(self) -> list[Snapshot]:
        """Return what an action means now: the marked snapshots, or else the one under the cursor."""
        if not self.marks:
            return [] if self.current is None else [self.current]
        snapshots = self.view.snapshots
        numbers = [n for n in map(snapshots.number_of, self.marks) if n is not None]
        ordering = snapshots.ordering(self.view.sort.key)
        arranged = ordering.arrange(numbers, descending=self.view.sort.descending)
        return [snapshots.rows[number] for number in arranged]

    def _with_marks(self, marks: frozenset[str]) -> "Browsing":
        snapshots, rows = self.view.snapshots, self.view.snapshots.rows
        numbers = [n for n in map(snapshots.number_of, marks) if n is not None]
        hidden = 0
        if len(self.view) < len(snapshots):
            hidden = len(marks) - sum(rows[number].id in marks for number in self.view.matches)
        return replace(self, marks=marks, marked=snapshots.totals_of(numbers), hidden=hidden)

    def toggled(self, refusal: Refusal) -> Marking:
        """Mark the row under the cursor, or take its mark away."""
        current = self.current
        if current is None:
            return Marking(self)
        one = Totals.of([current], self.view.snapshots.usd_per_gb_month)
        if current.id in self.marks:
            marks, marked = self.marks - {current.id}, self.marked.plus(one, -1)
            return Marking(replace(self, marks=marks, marked=marked))
        if reason := refusal(current):
            return Marking(self, refused=(reason,))
        marks, marked = self.marks | {current.id}, self.marked.plus(one)
        return Marking(replace(self, marks=marks, marked=marked), 1)

    def range_started(self) -> "Browsing":
        """Remember the row under the cursor as one end of a range."""
        return replace(self, anchor_id=self.cursor_id)

    def range_marked(self, refusal: Refusal) -> Marking:
        """Mark everything shown between the remembered row and the cursor, both included."""
        anchor = self.view.position_of(self.anchor_id)
        if anchor is None:
            return Marking(replace(self, anchor_id=None))
        first, last = sorted((anchor, self.position))
        return replace(self, anchor_id=None)._mark(self.view.slice(first, last + 1), refusal)

    def all_marked(self, refusal: Refusal) -> Marking:
        """Mark everything that is shown, on every page; marks that the filter hides stay."""
        return self._mark(self.view.slice(0, len(self.view)), refusal)

    def inverted(self, refusal: Refusal) -> Marking:
        """Swap marked and unmarked among what is shown; marks that the filter hides stay."""
        shown = self.view.slice(0, len(self.view))
        unmarked = [row for row in shown if row.id not in self.marks]
        hidden = self.marks.difference(row.id for row in shown)
        return self._with_marks(hidden)._mark(unmarked, refusal)

    def unmarked(self, ids: Collection[str] | None = None) -> "Browsing":
        """Take the marks of these ids away, or all of them."""
        left = frozenset() if ids is None else self.marks.difference(ids)
        return replace(self, anchor_id=None)._with_marks(left)

    def _mark(self, rows: Iterable[Snapshot], refusal: Refusal) -> Marking:
        allowed: list[str] = []
        refused: list[str] = []
        for row in rows:
            reason = refusal(row)
            if reason is None:
                allowed.append(row.id)
            else:
                refused.append(reason)
        marks = self.marks.union(allowed)
        return Marking(
            replace(self, follows_top=False)._with_marks(marks), len(marks) - len(self.marks), tuple(refused)
        )
