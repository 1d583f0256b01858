"""Scrolling lines widget, without a scrollbar to repaint."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.message import Message

from snaptui.text.lines import Line
from snaptui.tui.widgets.lines import Lines


class ScrollLines(Lines):
    """Widget that shows the part of `content` that fits, from line `top` on."""

    class Moved(Message):
        """Other lines are in sight than before, as the widget has another size."""

    content: Sequence[Line] = ()
    top: int = 0

    def fill(self, content: Sequence[Line]) -> None:
        """Show other lines, as near as possible to where the reader was."""
        self.content = content
        self.scroll_by(0)

    def scroll_by(self, lines: int) -> None:
        """Move by some lines, as far as there are any."""
        last = max(0, len(self.content) - self.size.height)
        self.top = min(max(0, self.top + lines), last)
        self.show(self._in_sight(self.size.height))

    def _in_sight(self, height: int) -> tuple[Line, ...]:
        return tuple(self.content[self.top : self.top + height])

    @property
    def position(self) -> str:
        """The lines in sight as `1–10 of 40`; empty when all are."""
        if len(self.content) <= self.size.height:
            return ""
        return f"{self.top + 1:,}–{min(self.top + self.size.height, len(self.content)):,} of {len(self.content):,}"

    def lay_out(self, size: Size) -> None:
        """Show what fits now."""
        self.top = min(self.top, max(0, len(self.content) - size.height))
        self._lines = self._in_sight(size.height)
        self.post_message(self.Moved())
