"""Lines widget: styled lines, of which only those that changed are repainted."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from snaptui.config.settings import DEFAULT_THEME
from snaptui.text.lines import BLANK, Line, Role, fit, width_of
from snaptui.tui.theme import LOOKS, Look

MOST_STRIPS: Final = 256
CURSOR_SIGN: Final = "▸"
Surroundings = tuple[int, Color, Sequence[LineFilter], str]


class Lines(Widget):
    """Widget that draws `lines` from the top; the rest is blank.

    Lines have neither borders nor padding: what Textual would do about these takes longer than to make the lines.
    """

    _lines: tuple[Line, ...] = ()
    _laid_out_for: Size = Size(0, 0)
    _surroundings: Surroundings = (0, Color(0, 0, 0), (), DEFAULT_THEME)
    _ground: Style = Style.null()

    @cached_property
    def _strips(self) -> dict[Line, Strip]:
        return {}

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines drawn now."""
        return self._lines

    @property
    def cursor_line(self) -> int | None:
        """The number of the line that begins with the cursor's sign, if there is one."""
        starts = ("".join(piece.text for piece in line[:1]) for line in self._lines)
        return next((y for y, start in enumerate(starts) if start.strip() == CURSOR_SIGN), None)

    @property
    def plain(self) -> str:
        """The lines drawn now, as plain text."""
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

    @property
    def look(self) -> Look:
        """The look, by the theme, with which the lines were drawn last."""
        return LOOKS[self._surroundings[3]]

    def style_of(self, role: Role) -> Style:
        """Return the style of a role on the widget's background."""
        return self._ground + self.look.roles[role]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines of the widget."""
        size = self.size
        if self._laid_out_for != size:
            self._laid_out_for = size
            self.lay_out(size)
        around = (size.width, self.background_colors[1], self.get_line_filters(), self.app.theme)
        if around != self._surroundings:
            self._surroundings, self._ground = around, Style(bgcolor=around[1].rich_color)
            self.forget_strips()
        strips = [self.render_line(y) for y in crop.line_range]
        start, stop = crop.column_span
        return strips if (start, stop) == (0, size.width) else [strip.crop(start, stop) for strip in strips]

    def forget_strips(self) -> None:
        """Draw everything anew, as lines look different now."""
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the widget's content."""
        return self.strip_of(_at(self._lines, y))

    def strip_of(self, line: Line) -> Strip:
        """Return the line padded to the widget's width, or shortened with a sign of it.

        Textual asks for all lines when one has changed.
        """
        strip = self._strips.get(line)
        if strip is None:
            if len(self._strips) >= MOST_STRIPS:
                self._strips.clear()
            shown = line if width_of(line) <= self._surroundings[0] else fit(line, self._surroundings[0])
            segments = [Segment(piece.text, self.style_of(piece.role)) for piece in shown]
            strip = self._strips[line] = self.finished(segments, self.style_of("plain"))
        return strip

    def finished(self, segments: list[Segment], style: Style) -> Strip:
        """Return a line of segments, padded in this style to the widget's width, in the colours of the terminal."""
        width, background, filters, _ = self._surroundings
        strip = Strip(segments).adjust_cell_length(width, style)
        for each in filters:
            strip = strip.apply_filter(each, background)
        return strip


def _at(lines: tuple[Line, ...], y: int) -> Line:
    return lines[y] if y < len(lines) else BLANK
