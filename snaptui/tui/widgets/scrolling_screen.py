"""Base screen of scrolling text: help, details and the like."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final, Generic, Protocol, TypeVar

from textual import on
from textual.events import MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget

from snaptui.text.lines import Line
from snaptui.tui.keys.command import FARTHEST, Command, Declared, Group
from snaptui.tui.widgets.scroll_lines import ScrollLines
from snaptui.tui.widgets.title_line import TitleLine

Result = TypeVar("Result")
LEAST_FOR_FRAME: Final = Size(140, 30)
"""In a smaller terminal the strips of the list beside a frame would be too narrow to be read."""
NARROWEST_FRAME: Final = 116
WIDEST_FRAME: Final = 150
FRAME_MARGIN: Final = 4
# Its border, and a cell beside the text.
FRAME_WIDTH: Final = 4
FRAME_HEIGHT: Final = 2
WHEEL_LINES: Final = 3


class Scrolls(Protocol):
    """Interface of screens that scroll."""

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages."""


SCROLLING: Final[tuple[Command[Scrolls, object], ...]] = (
    Command("j,down", lambda it: it.scroll_lines(1), "down", Group.MOVE),
    Command("k,up", lambda it: it.scroll_lines(-1), "up", Group.MOVE),
    Command("],pagedown,ctrl+f", lambda it: it.scroll_pages(1), "page down", Group.MOVE),
    Command("[,pageup,ctrl+b", lambda it: it.scroll_pages(-1), "page up", Group.MOVE),
    Command("g,home", lambda it: it.scroll_pages(-FARTHEST), "top", Group.MOVE),
    Command("G,end", lambda it: it.scroll_pages(FARTHEST), "bottom", Group.MOVE),
)


def inside_frame(size: Size) -> Size | None:
    """Return how much a frame in a terminal of this size may hold; `None` where there is no room for a frame."""
    if size.width < LEAST_FOR_FRAME.width or size.height < LEAST_FOR_FRAME.height:
        return None
    width = max(NARROWEST_FRAME, min(WIDEST_FRAME, size.width * 7 // 10))
    return Size(width - FRAME_WIDTH, size.height - FRAME_MARGIN - FRAME_HEIGHT)


def _height(widget: Widget) -> int:
    height = widget.styles.height
    return int(height.value) + widget.styles.margin.height if widget.display and height is not None else 0


class ScrollingScreen(ModalScreen[Result], Generic[Result]):
    """Screen whose one `ScrollLines` moves with the keys that move the table."""

    framed: ClassVar[bool] = False
    """True for a screen that stands in a frame, the widget with the class `frame`, where there is room to spare."""

    _written_for: int = 0

    @property
    def room(self) -> Size:
        """The cells there are for everything: the whole terminal, or the most that the frame may hold."""
        return (inside_frame(self.app.size) if self.framed else None) or self.app.size

    def on_mount(self) -> None:
        """Write everything before the first frame."""
        self._written_for = self.app.size.width
        self.write(self.room.width)

    def on_resize(self, event: Resize) -> None:
        """Write everything for the new width."""
        if event.size.width != self._written_for:
            self._written_for = event.size.width
            self.write(self.room.width)
        elif self.framed:
            self._fit_frame()

    def write(self, width: int) -> None:
        """Fill in the text for lines of so many cells."""
        raise NotImplementedError

    def fill(self, content: Sequence[Line]) -> None:
        """Show other lines, in a frame as high as they need."""
        self.text.fill(content)
        if self.framed:
            self._fit_frame()

    def _fit_frame(self) -> None:
        frame, room = self.query_one(".frame"), inside_frame(self.app.size)
        self.set_class(room is not None, "-framed")
        if room is None:
            frame.styles.width, frame.styles.height = "1fr", "1fr"
            return
        beside = sum(_height(each) for each in frame.children if each is not self.text)
        frame.styles.width = room.width + FRAME_WIDTH
        frame.styles.height = min(room.height, beside + len(self.text.content)) + FRAME_HEIGHT

    @property
    def text(self) -> ScrollLines:
        """The lines that scroll."""
        return self.query_one(ScrollLines)

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)
        self._say_position()

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages."""
        self.scroll_lines(pages * max(1, self.text.size.height - 1))

    def on_mouse_scroll_down(self, _event: MouseScrollDown) -> None:
        """Scroll down with the wheel."""
        self.scroll_lines(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: MouseScrollUp) -> None:
        """Scroll up with the wheel."""
        self.scroll_lines(-WHEEL_LINES)

    @on(ScrollLines.Moved)
    def _say_position(self) -> None:
        for title in self.query(TitleLine):
            title.refresh()

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen: `SCROLLING` and those of the subclass."""
        raise NotImplementedError

    def action_command(self, key: str) -> None:
        """Run the command of a key."""
        raise NotImplementedError
