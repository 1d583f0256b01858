"""A widget that draws lines of styled pieces and repaints only the lines that changed."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from snaptui.tui.styled import BLANK, Line, Role


class Lines(Widget):
    """Draws `lines` from the top; what is below the last line is blank."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "lines--plain",
        "lines--dim",
        "lines--strong",
        "lines--accent",
        "lines--good",
        "lines--warn",
        "lines--bad",
        "lines--key",
        "lines--off",
        "lines--head",
    }

    _lines: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines drawn now."""
        return self._lines

    @property
    def plain(self) -> str:
        """What is drawn, as plain text."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Draw these lines instead; lines that stay the same are not painted again."""
        before, self._lines = self._lines, tuple(lines)
        width = self.size.width
        for y in range(max(len(before), len(self._lines))):
            if _at(before, y) != _at(self._lines, y):
                self.refresh(Region(0, y, width, 1))

    def style_of(self, role: Role) -> Style:
        """Return the style that the sheet gives a role."""
        return self.get_component_rich_style(f"lines--{role}")

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget's content."""
        return self.strip_of(_at(self._lines, y))

    def strip_of(self, line: Line) -> Strip:
        """Return the line padded to the widget's width."""
        segments = [Segment(piece.text, self.style_of(piece.role)) for piece in line]
        strip = Strip(segments)
        return strip.adjust_cell_length(self.size.width, self.style_of("plain"))


def _at(lines: tuple[Line, ...], y: int) -> Line:
    return lines[y] if y < len(lines) else BLANK
