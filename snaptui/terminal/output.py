"""Terminal output, written by a thread of its own, so that a stuck or lost terminal blocks nothing else."""

import os
import select
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from typing import Final

_PIECE_BYTES: Final = 4_096
"""Bytes to a write: it returns only when the terminal has taken all, and `finish` waits for progress."""
ROOM_BYTES: Final = 65_536
"""While more bytes than this wait, nothing new should be drawn."""
MOST_BYTES: Final = 8_388_608
"""Greatest number of bytes that are kept; output beyond them is lost."""


class TerminalOutput:
    """Queue of output; `write` never waits. After a failed write everything is discarded.

    `room` is called, in the thread, when a queue that was too long has become short.
    """

    def __init__(self, descriptor: int, encoding: str, room: Callable[[], object]) -> None:
        self._descriptor = descriptor
        self._encoding = encoding
        self._room = room
        self._changed = Condition()
        self._queue: deque[bytes] = deque()
        self._waiting = 0
        self._written = 0
        self._was_full = False
        self._thread: Thread | None = None
        self.is_gone = False

    def write(self, text: str) -> None:
        """Queue a text, as far as the encoding can spell it."""
        data = text.encode(self._encoding, "replace")
        with self._changed:
            if self.is_gone or self._waiting > MOST_BYTES:
                return
            self._queue.append(data)
            self._waiting += len(data)
            self._was_full |= self.is_full
            if self._thread is None:
                self._thread = Thread(target=self._run, name="terminal-output", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @property
    def is_full(self) -> bool:
        """True when the terminal is so far behind that drawing makes no sense."""
        return self._waiting > ROOM_BYTES

    def lose(self) -> None:
        """Write nothing more: the terminal is gone."""
        with self._changed:
            self.is_gone = True
            self._queue.clear()
            self._waiting = 0
            self._changed.notify_all()

    def finish(self, patience_seconds: float) -> bool:
        """Wait until all is written, but only so long without any progress; false if some is not."""
        with self._changed:
            written, deadline = self._written, time.monotonic() + patience_seconds
            while self._waiting and not self.is_gone:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())) and written == self._written:
                    return False
                if written != self._written:
                    written, deadline = self._written, time.monotonic() + patience_seconds
        return not self.is_gone

    def _run(self) -> None:
        while (data := self._next()) is not None:
            if self._write(data):
                self._done(len(data))
            else:
                self.lose()

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._queue and not self.is_gone:
                self._changed.wait()
            if self.is_gone:
                return None
            data = b"".join(self._queue)
            self._queue.clear()
            if len(data) > _PIECE_BYTES:
                self._queue.append(data[_PIECE_BYTES:])
            return data[:_PIECE_BYTES]

    def _write(self, data: bytes) -> bool:
        """Write everything; false when the terminal is gone."""
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # whoever shares the terminal has made it so
                select.select([], [self._descriptor], [])
            except OSError:
                return False
        return True

    def _done(self, size: int) -> None:
        with self._changed:
            self._waiting = max(0, self._waiting - size)
            self._written += size
            has_room = self._was_full and not self.is_full
            self._was_full &= self.is_full
            self._changed.notify_all()
        if has_room:
            self._room()
