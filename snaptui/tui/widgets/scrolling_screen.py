"""Base screen of scrolling text: help, details and the like."""

from collections.abc import Iterator
from typing import Final, Generic, Protocol, TypeVar

from textual.events import Resize
from textual.screen import ModalScreen

from snaptui.tui.keys.command import FARTHEST, Command, Declared, Group
from snaptui.tui.widgets.scroll_lines import ScrollLines

Result = TypeVar("Result")


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


class ScrollingScreen(ModalScreen[Result], Generic[Result]):
    """Screen whose one `ScrollLines` moves with the keys that move the table."""

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

    def scroll_lines(self, lines: int) -> None:
        """Scroll by lines."""
        self.text.scroll_by(lines)

    def scroll_pages(self, pages: int) -> None:
        """Scroll by pages."""
        self.text.scroll_by(pages * max(1, self.text.size.height - 1))

    @property
    def commands(self) -> Iterator[Declared]:
        """The commands of this screen: `SCROLLING` and those of the subclass."""
        raise NotImplementedError

    def action_command(self, key: str) -> None:
        """Run the command of a key."""
        raise NotImplementedError
