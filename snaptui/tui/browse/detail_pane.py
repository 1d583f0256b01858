"""Detail pane: the snapshot under the cursor, its siblings, and beside a wide table where the money goes."""

import asyncio
from collections.abc import Sequence
from typing import Final

from textual import on, work
from textual.geometry import Size
from textual.message import Message

from snaptui.inventory.view import View
from snaptui.text.lines import Line
from snaptui.tui.browse.bars import StateLines
from snaptui.tui.browse.siblings import sibling_lines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.details.words import Details, detail_lines
from snaptui.tui.sums_thread import summed

IDLE_SECONDS: Final = 0.25
"""Pause of the keys before the money is counted: nobody reads sums while keys are pressed."""

LEAST_ROOM: Final = 10
"""Lines of a pane with room for the money; the pane below the table has at most 8."""


class MoneyCounted(Message):
    """The lines about the money of a view have been made, for a pane of `width` cells."""

    def __init__(self, view: View, width: int, lines: tuple[Line, ...]) -> None:
        super().__init__()
        self.view = view
        self.width = width
        self.lines = lines


class DetailPane(StateLines):
    """Widget with everything known of the snapshot under the cursor."""

    _money: MoneyCounted | None = None

    def lines_for(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the details, or nothing when there is no snapshot."""
        details = Details.of_current(state.browsing, state.sources)
        if details is None:
            return ()
        lines, money = detail_lines(details, state.terms, width), self._money_lines(state, width)
        return [*lines, *sibling_lines(state, width, self.size.height - len(lines) - len(money)), *money]

    def _money_lines(self, state: BrowseState, width: int) -> Sequence[Line]:
        """Return the lines about the money; nothing until they have been made for this view and width."""
        money = self._money
        known = money is not None and money.view is state.browsing.view and money.width == width
        return money.lines if money is not None and known else ()

    def watch_state(self) -> None:
        """Write the lines anew, and count the money of another view: a key gives that up."""
        super().watch_state()
        self._count_anew(self.size)

    def lay_out(self, size: Size) -> None:
        """Write the lines for the new size."""
        super().lay_out(size)
        self._count_anew(size)

    def _count_anew(self, size: Size) -> None:
        view, money = self.state.browsing.view, self._money
        counted = money is not None and money.view is view and money.width == size.width
        if not counted and len(view) and size.height >= LEAST_ROOM:
            self._count_money(size.width)

    @work(exclusive=True)
    async def _count_money(self, width: int) -> None:
        await asyncio.sleep(IDLE_SECONDS)
        state = self.state
        lines = await summed(_panel_lines, state, width)
        self.post_message(MoneyCounted(state.browsing.view, width, lines))

    @on(MoneyCounted)
    def _money_counted(self, event: MoneyCounted) -> None:
        event.stop()
        self._money = event
        super().watch_state()


def _panel_lines(state: BrowseState, width: int) -> tuple[Line, ...]:
    """Import and make the lines, which the first frame does without."""
    from snaptui.tui.audit.panel import panel_lines

    return panel_lines(state, width)
