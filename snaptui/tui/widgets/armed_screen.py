"""Armed screen: takes no key before the user can have seen it whole."""

from functools import partial
from typing import Final, TypeVar

from textual.events import Key, Resize
from textual.geometry import Size
from textual.widgets import Input

from snaptui.text.amounts import count
from snaptui.text.lines import Line, Piece, problem_line, wrapped
from snaptui.tui.deletions.countdown_bar import DeletionBar
from snaptui.tui.deletions.covering_screen import CoveringScreen
from snaptui.tui.widgets.drawing import when_drawn
from snaptui.tui.widgets.lines import Lines

Result = TypeVar("Result")
ARMING_SECONDS: Final = 0.4
"""Seconds after the terminal has said that it shows the screen: tmux and mosh say so by themselves, before they do."""
LEAST_WIDTH: Final = 40
HARMLESS: Final = frozenset({"escape", "ctrl+c", "ctrl+q", "ctrl+l", "ctrl+z"})
"""Keys that leave, suspend or draw anew: they confirm nothing, whenever they come."""


class ArmedScreen(CoveringScreen[Result]):
    """Screen that drops keys until the terminal has drawn it and 0.4 s have passed; leaving is possible at any time.

    In a terminal that cannot show what has to be seen it says so, and takes no key either: `rows_needed` says how
    many lines that is. What a subclass composes with the class `seen` is hidden then; `#heading` says why.
    """

    armed = False
    ready = True
    """False while what has to be seen is still being made: until `become_ready` no key is taken."""
    too_small = False
    _dropped = 0
    _sight = 0
    """Number of times it has come in sight; a timer set before it went out of sight no longer arms it."""

    def rows_needed(self, width: int) -> int:
        """Return the number of lines that have to be seen in a terminal of `width` cells."""
        raise NotImplementedError

    def show(self, size: Size) -> None:
        """Write everything for a terminal that is large enough."""
        raise NotImplementedError

    def say(self, said: Line) -> None:
        """Say something about the last key."""
        raise NotImplementedError

    def write(self, width: int) -> None:
        """Write everything for the terminal's size."""
        size = Size(width, self.room.height - self.query_one(DeletionBar).height)
        before = self.too_small if self._sight else None
        self.too_small = size.width < LEAST_WIDTH or size.height < self.rows_needed(size.width)
        self.set_class(self.too_small, "-too-small")
        if self.too_small:
            self._show_too_small(size)
        else:
            self.show(size)
        if self.too_small is not before:
            self._come_in_sight()

    def on_resize(self, event: Resize) -> None:
        """Write everything anew: lines count, too."""
        if event.size.width == self._written_for:
            self.write(self.room.width)

    def _show_too_small(self, size: Size) -> None:
        needed = f"{max(LEAST_WIDTH, size.width)}x{self.rows_needed(max(LEAST_WIDTH, size.width))}"
        words = f"too small to review: needs {needed}; Esc goes back"
        heading = self.query_one("#heading", Lines)
        heading.show(wrapped((Piece(words, "warn"),), max(1, size.width)))

    def _come_in_sight(self) -> None:
        self.armed = False
        self._sight += 1
        for field in self.query(Input):
            field.value = ""
        if self.ready and not self.too_small:
            arm = partial(self._arm, self._sight)
            when_drawn(self, lambda: self.set_timer(ARMING_SECONDS, arm))

    def become_ready(self) -> None:
        """Write what has been made meanwhile, and take keys once it has been seen."""
        self.ready = True
        self._sight += 1
        self.write(self.room.width)
        self._come_in_sight()

    def _arm(self, sight: int) -> None:
        """Take keys from now on; say that earlier ones were dropped."""
        if sight != self._sight:
            return
        self.armed = True
        if self._dropped:
            text = f"{count(self._dropped, 'key')} came before this was drawn and did nothing"
            self.say(problem_line(text))
            self._dropped = 0

    def drops(self, key: Key) -> bool:
        """Return whether a key comes too early to be meant; leaving is always possible."""
        early = not self.armed and key.key not in HARMLESS
        self._dropped += early
        return early

    def say_dropped(self, text: str) -> None:
        """Say that typed characters did nothing."""
        self.say(problem_line(text))
