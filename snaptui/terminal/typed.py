"""Terminal events for which Textual has no class: typed text, dropped input, names of terminal and background."""

from threading import Lock
from typing import NamedTuple

from textual.events import Event


class Stroke(NamedTuple):
    """Characters that came at one moment (of the monotonic clock)."""

    moment: float
    text: str


class TextTyped(Event, bubble=False):
    """Typed characters, in one event however many come before it is handled: 27,000 are as cheap as one.

    As an event for each, 4,000 letters at once kept the screen busy for 12 s (measured). The reader's thread adds while
    the event loop takes: hence the lock.
    """

    def __init__(self, moment: float, text: str) -> None:
        super().__init__()
        self._lock = Lock()
        self._strokes: list[Stroke] | None = [Stroke(moment, text)]

    def add(self, moment: float, text: str) -> bool:
        """Add what was typed next; false if the event has been handled already."""
        with self._lock:
            if self._strokes is None:
                return False
            self._strokes.append(Stroke(moment, text))
            return True

    def take(self) -> list[Stroke]:
        """Return everything typed so far, once."""
        with self._lock:
            strokes, self._strokes = self._strokes or [], None
            return strokes


class InputDropped(Event, bubble=False):
    """Characters that came after a paste that never ended were not taken for keys; holds their number."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.characters = characters


class DeviceNamed(Event, bubble=False):
    """The terminal's answer to "what are you?" (DA2): its number, 83 for GNU screen."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class BackgroundNamed(Event, bubble=False):
    """The terminal's answer to "what is your background?" (OSC 11): red, green and blue from 0 to 1."""

    def __init__(self, red: float, green: float, blue: float) -> None:
        super().__init__()
        self.red, self.green, self.blue = red, green, blue

    @property
    def is_dark(self) -> bool:
        """True when light text is read better on it."""
        # Luminance by the weights of ITU-R BT.709.
        return 0.2126 * self.red + 0.7152 * self.green + 0.0722 * self.blue < 0.5
