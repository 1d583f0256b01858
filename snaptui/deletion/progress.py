"""Progress of a batch: how fast it goes, how long it still takes with the waits to come, and what it has freed."""

from collections import deque
from collections.abc import Callable, Sequence
from math import ceil
from typing import Final

from msgspec import Struct

from snaptui.deletion.batch import Batch, freed
from snaptui.model.cost import Totals

BACKGROUND_PER_MINUTE: Final = 230
BACKGROUND_PER_HOUR: Final = 4_600
"""Requests that the pacer lets background work send: the limits of the API without the reserve for browsing."""
_HOUR: Final = 3_600.0
_MINUTE: Final = 60.0


class Progress(Struct, frozen=True):
    """Progress of a batch. `per_second` counts only time in which nothing waited for the rate limit.

    `seconds_left` is `None` while too little is known to say it.
    """

    done: int
    total: int
    per_second: float
    seconds_left: float | None
    freed: Totals


class Pace:
    """Measures how fast items end, and foretells how long the rest takes; `clock` does not jump."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ended: deque[float] = deque()
        self._working_seconds = 0.0

    def worked(self, seconds: float) -> None:
        """Take over that for so long nothing waited for the rate limit."""
        self._working_seconds += seconds

    def item_ended(self) -> None:
        """Take over that an item has ended just now."""
        self._ended.append(self._clock())

    @property
    def per_second(self) -> float:
        """Items per second while they are worked on."""
        return len(self._ended) / self._working_seconds if self._working_seconds > 0 else 0.0

    def of(self, batch: Batch, requests: float, waits: float, usd_per_gb_month: float) -> Progress:
        """Return the progress of a batch whose rest needs so many requests, after waiting for `waits` seconds."""
        left = len(batch.items) - batch.done
        seconds = None
        if left == 0:
            seconds = 0.0
        elif self.per_second > 0:
            each = requests / left
            rate = self.per_second * each
            sent = [moment for moment in self._ended for _ in range(max(1, round(each)))]
            minute = forecast(requests, sent, self._clock(), rate, BACKGROUND_PER_MINUTE, _MINUTE)
            hour = forecast(requests, sent, self._clock(), rate, BACKGROUND_PER_HOUR, _HOUR)
            seconds = max(waits, minute, hour)
        return Progress(batch.done, len(batch.items), self.per_second, seconds, freed(batch.items, usd_per_gb_month))


def forecast(needed: float, sent: Sequence[float], now: float, rate: float, limit: int, window: float) -> float:
    """Return in how many seconds `needed` more requests are through a sliding window, at `rate` per second at most.

    `sent` are the moments of the requests so far; each frees its place one window later.
    """
    taken = sorted(moment + window - now for moment in sent if moment > now - window)[-limit:]
    free_at = deque([0.0] * (limit - len(taken)) + taken)
    through = 0.0
    for _ in range(ceil(needed)):
        through = max(through + 1 / rate, free_at.popleft())
        free_at.append(through + window)
    return through
