"""Text field with the terminal's own cursor where the next letter goes."""

from textual.geometry import Offset, Region
from textual.widgets import Input


class Field(Input):
    """Text field; braille displays and speech follow the terminal's cursor in it."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Place of the cursor on the screen; Textual's is one cell too far behind the last letter."""
        place = super().cursor_screen_offset
        return place - Offset(self.cursor_position == len(self.value), 0)

    def watch_value(self, value: str) -> None:
        """Keep the cursor in sight behind a long text that came at once; Textual does so from the second change on."""
        if self.cursor_position == len(value):
            self.scroll_to_region(Region(self.virtual_size.width - 1, 0, 1, 1), force=True, animate=False)
