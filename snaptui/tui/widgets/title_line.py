"""Title line of a screen of text: its keys, and which lines are in sight where there are more."""

from collections.abc import Sequence

from textual.strip import Strip

from snaptui.text.lines import BLANK, Line
from snaptui.tui.widgets.hints import hints_line
from snaptui.tui.widgets.lines import Lines
from snaptui.tui.widgets.scroll_lines import ScrollLines


class TitleLine(Lines):
    """Widget with hints of keys; made when it is drawn, as only then the text has its height."""

    _title: Line = BLANK
    _hints: Sequence[str] = ()
    _last: Sequence[str] = ("",)

    def tell(self, title: Line, hints: Sequence[str], last: Sequence[str]) -> None:
        """Draw this title and as many of the hints as fit, of the last one the longest wording that does."""
        self._title, self._hints, self._last = title, hints, last
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the title as it is now."""
        position = self.screen.query_one(ScrollLines).position
        self._lines = (hints_line(self._title, self._hints, self._last, self.size.width, position),)
        return super().render_line(y)
