"""Departure of one DELETE: the age of its look and its withdrawal are checked last, before its bytes are written."""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from snaptui.digitalocean.api.errors import LookTooOldError, WithdrawnError

LOOK_SECONDS: Final = 5.0
"""Greatest age of the look at a snapshot when the DELETE that rests on it leaves."""


def boot_seconds() -> float:
    """Return seconds since the machine started, the time in which it was suspended included where that is counted.

    The same for all processes of a machine, and not changed by whoever sets the clock.
    """
    return time.clock_gettime(_CLOCK)


# Linux counts suspend in CLOCK_BOOTTIME; macOS in CLOCK_MONOTONIC; others have nothing better.
_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Departure:
    """Permission for one DELETE: it leaves at most once, and not if withdrawn before or its look is too old.

    `seen` is when the snapshot was looked at, in `boot_seconds`. `lease` is the number of the lease of the rate limit
    that holds a place for it; without one it waits for a place.
    """

    def __init__(self, seen: float, lease: int = 0, *, clock: Callable[[], float] = boot_seconds) -> None:
        self.seen = seen
        self.lease = lease
        self.left = False
        self.withdrawn = False
        self.on_withdraw: Callable[[], object] = lambda: None
        self.on_leave: Callable[[], object] = lambda: None
        self._clock = clock
        self._decided = asyncio.Event()

    def withdraw(self) -> None:
        """Keep the DELETE back if it has not left."""
        if not self.left and not self.withdrawn:
            self.withdrawn = True
            self.on_withdraw()

    def leave(self) -> None:
        """Raise `NotSentError` unless the DELETE may leave now; called last, just before its bytes are written."""
        if self.withdrawn:
            raise WithdrawnError("it was withdrawn before it was sent")
        age = self._clock() - self.seen
        if not 0 <= age <= LOOK_SECONDS:
            raise LookTooOldError(f"it was looked at {age:.1f} s ago, too long for a DELETE to rest on")
        self.has_left()

    def has_left(self) -> None:
        """Record that the DELETE is on the wire."""
        self.left = True
        self._decided.set()
        self.on_leave()

    def over(self) -> None:
        """Record the end: the DELETE was answered, or will never be sent."""
        self._decided.set()

    async def decided(self) -> None:
        """Wait until it is on the wire or over."""
        await self._decided.wait()
