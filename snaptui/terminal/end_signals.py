"""Signals that end the program: handled whatever else happens, and by force after some seconds."""

import os
import signal
from collections.abc import Callable
from threading import Timer
from types import FrameType
from typing import Final

END_SIGNALS: Final = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
MOST_SECONDS: Final = 10.0
"""So long after a signal the process is ended by force; everything that matters is on disk by then."""


class EndSignals:
    """Handler that calls `end` at the first of these signals, in the main thread, between two steps of its work."""

    def __init__(self, end: Callable[[int], object], most_seconds: float = MOST_SECONDS) -> None:
        self._end = end
        self._most_seconds = most_seconds
        self._timer: Timer | None = None
        for number in END_SIGNALS:
            signal.signal(number, self._heard)

    def _heard(self, number: int, _frame: FrameType | None) -> None:
        if self._timer is None:
            self._timer = Timer(self._most_seconds, os._exit, (128 + number,))
            self._timer.daemon = True
            self._timer.start()
            self._end(number)
