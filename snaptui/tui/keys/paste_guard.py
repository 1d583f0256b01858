"""Paste guard: tells keys that were meant from a paste that landed in the wrong place."""

from collections.abc import Sequence
from typing import Final, Protocol, runtime_checkable

from textual.events import Key

from snaptui.terminal.typed import Stroke

BURST_KEYS: Final = 4
BURST_SECONDS: Final = 0.03
"""A held key repeats about 30 times a second, and nobody types faster: four different ones come closer in a paste."""
REST_SECONDS: Final = 0.3  # a paste on a busy machine or a bad link comes in pieces
PACKET_SECONDS: Final = 0.03
"""Greatest pause within a paste: it may come in packets some milliseconds apart; one packet has one moment."""


class KeyGuard:
    """Detector of bursts: at least four characters, not all the same, within 30 ms; one ends with a pause of 0.3 s.

    It sees what is typed with the moments when it arrived, and all that has arrived by then: so the first character of
    a burst is already known to be one. A held key repeats itself and is no burst.
    """

    def __init__(self) -> None:
        self._burst_until = float("-inf")
        self.dropped = 0
        """The number of characters of the present burst that did nothing so far."""
        self._typed_until = float("-inf")

    def burst(self, strokes: Sequence[Stroke]) -> int:
        """Return the number of characters at the beginning that are a burst, or continue the one before."""
        first = strokes[0].moment
        if first > self._burst_until:
            near = "".join(stroke.text for stroke in strokes if stroke.moment - first <= BURST_SECONDS)
            if len(near) < BURST_KEYS or len(set(near)) == 1 or near[0] == "/":
                return 0  # a text field is where text belongs, and / leads to one
            self._burst_until, self.dropped = first, 0
        length = 0
        for stroke in strokes:
            if stroke.moment - self._burst_until > REST_SECONDS:
                break
            self._burst_until = stroke.moment
            length += len(stroke.text)
        self._burst_until += REST_SECONDS
        return length

    def typed(self, moment: float) -> None:
        """Record the arrival time of a character that is being handled."""
        self._typed_until = moment + PACKET_SECONDS

    def came_with_text(self, key: Key) -> bool:
        """Return whether a key arrived together with characters, in one packet, as the end of a pasted line does."""
        return key.time <= self._typed_until


def without(strokes: Sequence[Stroke], length: int) -> list[Stroke]:
    """Return the strokes without their first `length` characters."""
    left: list[Stroke] = []
    for stroke in strokes:
        taken = min(length, len(stroke.text))
        length -= taken
        if taken < len(stroke.text):
            left.append(Stroke(stroke.moment, stroke.text[taken:]))
    return left


@runtime_checkable
class DropsKeys(Protocol):
    """Interface of a screen that does not take every key at every time."""

    def drops(self, key: Key) -> bool:
        """Return whether a key comes too early to be meant."""


@runtime_checkable
class TakesBursts(Protocol):
    """Interface of a screen that accepts some characters that come at once, but not Enter together with them."""

    def takes_burst(self, text: str) -> bool:
        """Take characters that came at once; false if they are not what this screen asks for."""


@runtime_checkable
class SaysWhatWasDropped(Protocol):
    """Interface of a screen with a place of its own to say which keys did nothing."""

    def say_dropped(self, text: str) -> None:
        """Show a sentence about keys that did nothing."""
