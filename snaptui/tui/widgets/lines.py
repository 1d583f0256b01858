"""A widget that draws lines of styled pieces and repaints only the lines that changed."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from snaptui.tui.styled import BLANK, Line, Role
from snaptui.tui.theme import ROLES


class Lines(Widget):
    """Draws `lines` from the top; what is below the last line is blank."""

    _lines: tuple[Line, ...] = ()
    _laid_out_for: Size = Size(0, 0)
    _ground: Style = Style.null()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines drawn now."""
        return self._lines

    @property
    def plain(self) -> str:
        """What is drawn, as plain text."""
        return "\n".join("".join(piece.text for piece in line) for line in self._lines)

    def lay_out(self, size: Size) -> None:
        """Take over a new size, before anything is drawn in it; Textual's `Resize` comes only after the first frame."""

    def show(self, lines: Sequence[Line]) -> None:
        """Draw these lines instead; lines that stay the same are not painted again."""
        before, self._lines = self._lines, tuple(lines)
        width = self.size.width
        for y in range(max(len(before), len(self._lines))):
            if _at(before, y) != _at(self._lines, y):
                self.refresh(Region(0, y, width, 1))

    def style_of(self, role: Role) -> Style:
        """Return the style of a role on the widget's background."""
        return self._ground + ROLES[role]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines of the widget."""
        if self._laid_out_for != self.size:
            self._laid_out_for = self.size
            self.lay_out(self.size)
        self._ground = Style(bgcolor=self.background_colors[1].rich_color)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget's content."""
        return self.strip_of(_at(self._lines, y))

    def strip_of(self, line: Line) -> Strip:
        """Return the line padded to the widget's width."""
        segments = [Segment(piece.text, self.style_of(piece.role)) for piece in line]
        return Strip(segments).adjust_cell_length(self.size.width, self.style_of("plain"))


def _at(lines: tuple[Line, ...], y: int) -> Line:
    return lines[y] if y < len(lines) else BLANK
