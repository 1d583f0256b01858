"""Progress and waits of a command on stderr: one line that is replaced on a terminal, elsewhere a line now and then."""

import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self, TextIO

from snaptui.cli.failures import say
from snaptui.digitalocean.api.rate_limit import Wait
from snaptui.text.safe import visible

TICK_SECONDS: Final = 0.25
QUIET_SECONDS: Final = 30.0
"""Seconds between two lines about progress where lines are kept, as in a log."""
WIDTH: Final = 76


class Progress:
    """Thread that, while the block runs, shows what `text` returns, and `wait` where the client waits.

    Without a terminal, or with `replaces` false, the first wait of a second or more is said when it begins, and all
    else every 30 seconds.
    """

    def __init__(
        self,
        file: TextIO,
        text: Callable[[], str],
        wait: Callable[[], Wait | None],
        now: Callable[[], float] = time.time,
        tick_seconds: float = TICK_SECONDS,
        *,
        replaces: bool = True,
    ) -> None:
        self._file = file
        self._text = text
        self._wait = wait
        self._now = now
        self._tick_seconds = tick_seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="snaptui-progress", daemon=True)
        self._lock = threading.Lock()
        # A screen reader reads a line anew each time it is replaced, and a dumb terminal keeps every one.
        self._replaces = replaces and file.isatty() and os.environ.get("TERM", "") not in ("", "dumb")
        self._reason = ""
        self._waited = self._said_of_wait = float("-inf")
        self._said = now()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._tick_seconds):
            if self._replaces:
                self._show(self.line())
            else:
                self._say_now_and_then()
        self.above(lambda: None)

    def above(self, write: Callable[[], None]) -> None:
        """Let something be written where the line stands, which comes back below it."""
        with self._lock:
            if self._replaces:
                self._show_unlocked("")
            write()

    def line(self) -> str:
        """Return what is to be said now."""
        wait, text = self._wait(), self._text()
        if wait is None or wait.until - self._now() < 0.5:
            return text
        return f"{text}; {wait.told(self._now())}"

    def _show(self, text: str) -> None:
        with self._lock:
            self._show_unlocked(text)

    def _show_unlocked(self, text: str) -> None:
        """Replace the line; spaces instead of an escape code work on every terminal."""
        end = "" if text else "\r"
        self._file.write(f"\r{visible(text)[:WIDTH]:<{WIDTH}}{end}")
        self._file.flush()

    def _say_now_and_then(self) -> None:
        """Say a wait when it begins, and then no more than every 30 seconds, however many short ones follow it."""
        now, wait = self._now(), self._wait()
        if wait is not None and wait.until > now:
            self._waited, self._reason = now, wait.reason
        waits = wait is not None and wait.until - now >= 1
        if now - self._said >= QUIET_SECONDS or (waits and now - self._said_of_wait >= QUIET_SECONDS):
            often = not waits and now - self._waited < QUIET_SECONDS
            say(f"{self._text()}; {self._reason}: waiting again and again" if often else self.line())
            self._said = now
            self._said_of_wait = now if waits else self._said_of_wait
