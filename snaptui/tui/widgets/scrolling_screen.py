"""A screen of text that is read and left again."""

from typing import ClassVar, Final, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import ModalScreen

from snaptui.tui.widgets.scroll_lines import ScrollLines

Result = TypeVar("Result")
READ: Final = Binding.Group("Read")


class ScrollingScreen(ModalScreen[Result], Generic[Result]):
    """Moves its one `ScrollLines` with the keys that move the table."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_lines(1)", "down", group=READ),
        Binding("k,up", "scroll_lines(-1)", "up", group=READ),
        Binding("right_square_bracket,pagedown,ctrl+f", "scroll_pages(1)", "page down", group=READ),
        Binding("left_square_bracket,pageup,ctrl+b", "scroll_pages(-1)", "page up", group=READ),
        Binding("g,home", "scroll_pages(-100000)", "top", group=READ),
        Binding("G,end", "scroll_pages(100000)", "bottom", group=READ),
    ]

    _written_for: int = 0

    def on_mount(self) -> None:
        """Write everything before the first frame."""
        self._written_for = self.app.size.width
        self.write(self._written_for)

    def on_resize(self, event: Resize) -> None:
        """Write everything for the new width."""
        if event.size.width != self._written_for:
            self._written_for = event.size.width
            self.write(self._written_for)

    def write(self, width: int) -> None:
        """Fill in the text for lines of so many cells."""
        raise NotImplementedError

    @property
    def text(self) -> ScrollLines:
        """The lines that scroll."""
        return self.query_one(ScrollLines)

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by pages."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))
