"""Tells keys that were meant from a paste that landed in the wrong place."""

from collections import deque
from typing import Final, Protocol, runtime_checkable

from textual.events import Key

BURST_KEYS: Final = 4
BURST_SECONDS: Final = 0.03


class KeyGuard:
    """Recognises a burst: at least four printable keys, not all the same, within 30 ms of each other.

    It is told of each key when it arrives, which is before it is handled: so the first key of a burst is
    already known to be one. A held key repeats itself and is no burst.
    """

    def __init__(self) -> None:
        self._arrived: deque[Key] = deque()
        self._burst_until = float("-inf")
        self.dropped = 0

    def arrive(self, key: Key) -> None:
        """Take note of a key that has come and waits to be handled."""
        if key.is_printable:
            self._arrived.append(key)

    def drops(self, key: Key, *, typing: bool) -> bool:
        """Return whether a key is part of a burst and is not to be handled; `typing`: it goes into a text field."""
        if not key.is_printable:
            return False
        behind = [other for other in self._arrived if other.time >= key.time]
        self._arrived = deque(other for other in behind if other is not key)
        if typing or key.key == "slash":
            return False  # a text field is where text belongs, and / leads to one
        if key.time > self._burst_until:
            self.dropped = 0
            near = [other for other in behind if other.time - key.time <= BURST_SECONDS]
            if len(near) < BURST_KEYS or len({other.key for other in near}) == 1:
                return False
        self._burst_until = key.time + BURST_SECONDS
        self.dropped += 1
        return True


@runtime_checkable
class DropsKeys(Protocol):
    """A screen that does not take every key at every time."""

    def drops(self, key: Key) -> bool:
        """Return whether a key comes too early to be meant."""


@runtime_checkable
class SaysBursts(Protocol):
    """A screen that says itself what a paste did not do on it."""

    def say_burst(self, keys: int) -> None:
        """Say that so many keys came at once and did nothing."""
