"""Progress of a batch: how fast it goes, how long it still takes with the waits to come, and what it has freed."""

from collections import deque
from collections.abc import Callable, Sequence
from math import ceil
from typing import Final

from msgspec import Struct

from snaptui.deletion.batch import Batch
from snaptui.model.cost import Totals

BACKGROUND_PER_MINUTE: Final = 230
BACKGROUND_PER_HOUR: Final = 4_600
"""Requests that the pacer lets background work send: the limits of the API without the reserve for browsing."""
STEPS: Final = 230
"""How many steps one forecast goes through a window in: it is made anew twice a second."""
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
        self._ended: deque[float] = deque(maxlen=BACKGROUND_PER_HOUR)
        self._number = 0
        self._working_seconds = 0.0

    def worked(self, seconds: float) -> None:
        """Add seconds in which nothing waited for the rate limit."""
        self._working_seconds += seconds

    def item_ended(self) -> None:
        """Record that an item has ended just now."""
        self._ended.append(self._clock())
        self._number += 1

    @property
    def ended(self) -> int:
        """Number of items that have ended so far."""
        return self._number

    @property
    def per_second(self) -> float:
        """Items per second while they are worked on."""
        return self._number / self._working_seconds if self._working_seconds > 0 else 0.0

    def of(self, batch: Batch, requests: float, waits: float, usd_per_gb_month: float) -> Progress:
        """Return the progress of a batch whose rest needs so many requests, after waiting for `waits` seconds."""
        done = batch.done
        left = len(batch.items) - done
        seconds = None
        if left == 0:
            seconds = 0.0
        elif self.per_second > 0:
            seconds = max(waits, self._seconds(requests, requests / left))
        return Progress(done, len(batch.items), self.per_second, seconds, batch.items.freed(usd_per_gb_month))

    def _seconds(self, requests: float, each: float) -> float:
        """Return how long so many requests take, `each` for an item."""
        rate = self.per_second * each
        times = max(1, round(each))
        items = list(self._ended)[-ceil(BACKGROUND_PER_HOUR / times) :]
        sent = [moment for moment in items for _ in range(times)]
        minute = forecast(requests, sent, self._clock(), rate, BACKGROUND_PER_MINUTE, _MINUTE)
        return max(minute, forecast(requests, sent, self._clock(), rate, BACKGROUND_PER_HOUR, _HOUR))


def forecast(needed: float, sent: Sequence[float], now: float, rate: float, limit: int, window: float) -> float:
    """Return in how many seconds `needed` more requests are through a sliding window, at `rate` per second at most.

    `sent` are the moments of the requests so far, oldest first; each frees its place one window later. A wide window is
    gone through by so many requests at once that it takes `STEPS` steps; after two windows it goes on as in the second.
    """
    unit = max(1, limit // STEPS)
    places, left, rate = limit // unit, needed / unit, rate / unit
    windows = max(0, ceil(left / places - 2))
    free_at = _free_at(sent[::-1][:limit:unit], places, now - window)
    through, left = 0.0, left - windows * places
    while left > 0:
        through = max(through + min(1.0, left) / rate, free_at.popleft())
        free_at.append(through + window)
        left -= 1
    return through + windows * max(window, places / rate)


def _free_at(newest_first: Sequence[float], places: int, oldest: float) -> deque[float]:
    """Return in how many seconds each of the places is free, the next first."""
    taken = [moment - oldest for moment in newest_first if moment > oldest][:places]
    return deque([0.0] * (places - len(taken)) + taken[::-1])
