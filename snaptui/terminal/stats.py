"""Statistics of drawing: bytes, frames, round trips."""

from collections import deque
from typing import Final

from msgspec import Struct, field

_ROUND_TRIPS_KEPT: Final = 256


class Stats(Struct):
    """Counters of bytes and frames: those that Textual wrote, and those that were sent to the terminal for them."""

    frames: int = 0
    bytes_sent: int = 0
    bytes_written_by_textual: int = 0
    _round_trips: deque[float] = field(default_factory=lambda: deque(maxlen=_ROUND_TRIPS_KEPT))

    def answered(self, round_trip_seconds: float) -> None:
        """Note how long the terminal took to answer."""
        self._round_trips.append(round_trip_seconds)

    @property
    def round_trip_seconds(self) -> float | None:
        """The median of the latest round trips to the terminal; `None` if it never answered."""
        return sorted(self._round_trips)[len(self._round_trips) // 2] if self._round_trips else None

    @property
    def slowest_seconds(self) -> float | None:
        """The longest of the latest round trips to the terminal; `None` if it never answered."""
        return max(self._round_trips, default=None)

    def __str__(self) -> str:
        """One line: bytes, frames, round trip."""
        frames = f" in {self.frames:,} frames" if self.frames else ""
        trip = self.round_trip_seconds
        answered = "the terminal never answered" if trip is None else f"the terminal answered in {trip * 1000:.1f} ms"
        return f"{self.bytes_sent:,} bytes sent{frames}, of {self.bytes_written_by_textual:,} drawn; {answered}"
