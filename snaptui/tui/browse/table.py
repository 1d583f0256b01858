"""Table of snapshots: one page of the view, drawn straight from it."""

from typing import Final, NamedTuple

from rich.segment import Segment
from textual import on
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from snaptui.inventory.cursor import Page
from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import SIGNS, Layout, Terms
from snaptui.text.lines import Line, Piece, Role, wrapped
from snaptui.tui.browse.notices import notice
from snaptui.tui.browse.signs import Signs, mark_of
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.messages import CommandRequested, PageResized, RowChosen, SortRequested
from snaptui.tui.widgets.lines import CURSOR_SIGN, MOST_STRIPS, Lines

WHEEL_ROWS: Final = 3


class Row(NamedTuple):
    """A row of the page: the snapshot, its mark and sign, and whether the cursor is on it."""

    snapshot: Snapshot
    cursor: bool
    mark: Piece
    note: Piece


class SnapshotTable(Lines, can_focus=True):
    """Widget with the page that the cursor is on; a key repaints only the rows it changes, however long the list."""

    state: reactive[BrowseState] = reactive(BrowseState, repaint=False, init=False)

    _rows: tuple[Row, ...] = ()
    _notice: tuple[Line, ...] = ()
    _layout: Layout = Layout.of(80)

    def __init__(self) -> None:
        super().__init__()
        self._row_strips: dict[Row, Strip] = {}
        self._signs = Signs()

    @property
    def page_size(self) -> int:
        """The number of rows on a page."""
        return max(1, self.size.height - 1)

    @property
    def page(self) -> Page:
        """The page on the screen."""
        return self.state.browsing.page(self.page_size)

    def lay_out(self, size: Size) -> None:
        """Lay the columns out again."""
        self._layout = Layout.of(size.width)
        self._rows = self._page_rows()
        self._notice = self._wrapped_notice()

    def on_resize(self, _event: Resize) -> None:
        """Tell the screen the number of rows on a page."""
        self.post_message(PageResized(self.page_size, self._layout.keys))

    def watch_state(self, before: BrowseState, now: BrowseState) -> None:
        """Repaint the lines that look different now."""
        if before.browsing.view.sort != now.browsing.view.sort:
            self.refresh(Region(0, 0, self.size.width, 1))
        if _counted_otherwise(before.terms, now.terms):
            self.forget_strips()
            self.refresh()
        self._update_rows()

    def _update_rows(self) -> None:
        before, self._rows = self._rows, self._page_rows()
        if not self._rows:
            self._notice = self._wrapped_notice()
            self.refresh()
            return
        for y in range(max(len(before), len(self._rows))):
            if before[y : y + 1] != self._rows[y : y + 1]:
                self.refresh(Region(0, y + 1, self.size.width, 1))

    @property
    def cursor_line(self) -> int:
        """The number of the line with the row that keys act on; that of the headings while there is none."""
        return self.state.browsing.position - self.page.start + 1 if self._rows else 0

    def _wrapped_notice(self) -> tuple[Line, ...]:
        room = max(1, self.size.width - 4)
        return tuple(part for text in notice(self.state) for part in wrapped(text, room))

    def _page_rows(self) -> tuple[Row, ...]:
        state, browsing, page = self.state, self.state.browsing, self.page
        self._signs.look_at(state)
        return tuple(
            Row(
                snapshot,
                position == browsing.position,
                mark_of(snapshot, state),
                self._signs.of(snapshot, state),
            )
            for position, snapshot in enumerate(browsing.view.slice(page.start, page.stop), page.start)
        )

    def render_line(self, y: int) -> Strip:
        """Draw the headings, a row, or a line of the notice."""
        if y == 0:
            return self._heading()
        if y <= len(self._rows):
            return self._row(self._rows[y - 1])
        if not self._rows and 0 <= y - 2 < len(self._notice):
            return self.strip_of((Piece("  "), *self._notice[y - 2]))
        return self.strip_of(())

    def _heading(self) -> Strip:
        pieces = [Piece(" " * SIGNS)]
        for text, sorted_by in self._layout.heading(self.state.browsing.view.sort):
            role: Role = "sorted" if sorted_by else "head"
            pieces += [Piece(text, role), Piece(self._layout.gap, "head")]
        return self.strip_of(tuple(pieces[:-1]))

    def forget_strips(self) -> None:
        """Draw everything anew, as rows look different now."""
        super().forget_strips()
        self._row_strips.clear()

    def _row(self, row: Row) -> Strip:
        strip = self._row_strips.get(row)
        if strip is None:
            if len(self._row_strips) >= MOST_STRIPS:
                self._row_strips.clear()
            strip = self._row_strips[row] = self._drawn(row)
        return strip

    def _drawn(self, row: Row) -> Strip:
        text = self._layout.row(row.snapshot, self.state.terms)
        if not row.cursor:
            plain = self.style_of("plain")
            signs = [Segment(sign.text, self.style_of(sign.role)) for sign in (row.mark, row.note)]
            return self.finished([*signs, Segment(f" {text}", plain)], plain)
        style = self._ground + (self.look.cursor if self._takes_keys else self.look.blurred_cursor)
        return self.finished([Segment(f"{row.mark.text}{row.note.text}{CURSOR_SIGN}{text}", style)], style)

    @property
    def _takes_keys(self) -> bool:
        return self.has_focus and self.app.screen is self.screen

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show by the cursor's colour whether keys go to the table."""
        super().watch_has_focus(_has_focus)
        self.show_focus()

    def show_focus(self) -> None:
        """Draw the row under the cursor as one that keys act on, or as one that they do not."""
        self.forget_strips()
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Sort by the heading, or choose the row, that was clicked; a second click opens the row."""
        if event.y == 0:
            key = self._layout.at(event.x)
            if key is not None:
                self.post_message(SortRequested(key))
        elif event.y <= len(self._rows):
            self.post_message(RowChosen(self.page.start + event.y - 1))
            if event.chain > 1:
                self.post_message(CommandRequested("enter"))

    @on(MouseScrollDown)
    @on(MouseScrollUp)
    def _turn_wheel(self, event: MouseScrollDown | MouseScrollUp) -> None:
        self.post_message(CommandRequested("j" if isinstance(event, MouseScrollDown) else "k", times=WHEEL_ROWS))


def _counted_otherwise(before: Terms, now: Terms) -> bool:
    """Return whether ages, costs or sources may read otherwise; lists of sources are too long to be compared."""
    same = before.sources is now.sources and before.usd_per_gb_month == now.usd_per_gb_month
    return not same or (before.now, before.believed_until) != (now.now, now.believed_until)
