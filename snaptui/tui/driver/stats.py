"""What drawing has cost."""

from collections import deque
from dataclasses import dataclass, field
from statistics import median
from typing import Final

_ROUND_TRIPS_KEPT: Final = 256


@dataclass(slots=True)
class Stats:
    """Counts bytes and frames: what Textual wrote, and what was sent to the terminal for it."""

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
        return median(self._round_trips) if self._round_trips else None
