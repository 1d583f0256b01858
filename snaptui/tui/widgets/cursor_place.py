"""Place of the terminal's own cursor, which braille displays and speech follow: where keys act."""

from typing import Final

from textual.geometry import Offset
from textual.screen import Screen

from snaptui.tui.widgets.field import Field
from snaptui.tui.widgets.lines import Lines

CORNER: Final = Offset(0, 0)


def cursor_place(screen: Screen[object]) -> Offset:
    """Return the place in the field that has the keys, on the button that Enter presses, or on the chosen line."""
    focused = screen.focused
    if isinstance(focused, Field):
        return focused.cursor_screen_offset
    if focused is not None and not isinstance(focused, Lines):
        return focused.content_region.offset
    lists = [focused] if isinstance(focused, Lines) else screen.query(Lines)
    return next((lines.region.offset + Offset(0, y) for lines in lists if (y := lines.cursor_line) is not None), CORNER)
