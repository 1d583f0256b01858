"""Link to the terminal: estimates of its delay and of the bytes that pass in a second."""

from collections import deque
from typing import Final

from msgspec import Struct

CONTINUOUS_SECONDS: Final = 0.02  # a pause so short is our own
NOTABLE_BYTES: Final = 500  # less says nothing of the speed: a busy terminal answers ten milliseconds sooner or later
LEAST_BYTES_PER_SECOND: Final = 500.0
_TRIPS_KEPT: Final = 32


class Burst(Struct, frozen=True):
    """Bytes sent without a pause, and when the first of them left."""

    since: float
    size: int = 0


class Link:
    """Estimator of when sent bytes have passed the link. Times are seconds of one clock.

    A round trip takes the time of the way and that of the bytes, so that the difference between two says how fast these
    pass. Of what the latest say the best is believed: a link that hangs for once is not a slow one.
    """

    def __init__(self) -> None:
        self._burst: Burst | None = None
        self.drained_at = float("-inf")
        self.bytes_per_second = float("inf")
        self._trips = deque[tuple[float, int]](maxlen=_TRIPS_KEPT)

    def burst(self, now: float) -> Burst | None:
        """Return the bytes sent up to now without a pause, if there are any."""
        return self._burst if now <= self.drained_at + CONTINUOUS_SECONDS else None

    def sent(self, now: float, size: int) -> None:
        """Note that so many bytes have been sent."""
        burst = self.burst(now) or Burst(now)
        self._burst = Burst(burst.since, burst.size + size)
        self.drained_at = max(self.drained_at, now) + size / self.bytes_per_second

    def answered(self, now: float, burst: Burst) -> None:
        """Note that the terminal answered what was asked at the end of this burst."""
        self._trips.append((now - burst.since, burst.size))
        quickest, least = min(self._trips)
        longer = [(seconds - quickest, size - least) for seconds, size in self._trips if size - least >= NOTABLE_BYTES]
        if longer:
            fastest = max(size / seconds if seconds else float("inf") for seconds, size in longer)
            self.bytes_per_second = max(LEAST_BYTES_PER_SECOND, fastest)
