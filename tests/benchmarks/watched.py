"""snaptui with a heart: notes when its event loop stalls, and where.

`python watched.py REPORT …` runs `snaptui …`. Until SIGUSR1 comes a callback beats in the event loop every 2 ms; when
one is late, a thread samples the stacks. At the signal all stalls are written to the file REPORT and the heart stops.
"""

import asyncio
import gc
import json
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

BEAT_SECONDS: Final = 0.002
NOTED_SECONDS: Final = 0.02
SAMPLE_SECONDS: Final = 0.004
DEEPEST: Final = 60
WAITING: Final = ("selectors.py", "threading.py", "keyboard.py", "queue.py", "thread.py")


@dataclass
class Stall:
    """The event loop was late by `seconds` at the moment `at` (`time.monotonic`).

    In that time its own thread had the processor for `loop_seconds`, and all threads together for `cpu_seconds`: where
    that is less than `seconds`, other programs had it.
    """

    at: float
    seconds: float
    loop_seconds: float = 0.0
    cpu_seconds: float = 0.0
    gc_seconds: float = 0.0
    stacks: list[list[str]] = field(default_factory=list)
    others: list[list[str]] = field(default_factory=list)


class Heart:
    """Beats in the loop that it is started in."""

    def __init__(self) -> None:
        self.stalls: list[Stall] = []
        self.beats = 0
        self._due: float | None = None
        self._late = Stall(0.0, 0.0)
        self._collecting_since = 0.0
        self._main = threading.get_ident()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to beat."""
        gc.callbacks.append(self._collected)
        self._next(loop)
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()

    def stop(self) -> None:
        """Beat no more."""
        self._due = None
        gc.callbacks.remove(self._collected)

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._late = Stall(0.0, 0.0)
        self._due = time.monotonic() + BEAT_SECONDS
        self._late.loop_seconds, self._late.cpu_seconds = time.thread_time(), time.process_time()
        loop.call_later(BEAT_SECONDS, self._beat, loop)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._due is None:
            return
        self.beats += 1
        late = self._late
        late.at, late.seconds = self._due, time.monotonic() - self._due
        late.loop_seconds = time.thread_time() - late.loop_seconds
        late.cpu_seconds = time.process_time() - late.cpu_seconds
        if late.seconds >= NOTED_SECONDS:
            self.stalls.append(late)
        self._next(loop)

    def _watch(self) -> None:
        """Sample the stacks while a beat is late."""
        while (due := self._due) is not None:
            if time.monotonic() - due > NOTED_SECONDS / 2:
                stall, frames = self._late, sys._current_frames()
                stall.stacks.append(stack_of(frames.pop(self._main, None)))
                frames.pop(threading.get_ident(), None)
                stall.others += [found for found in map(stack_of, frames.values()) if is_busy(found)]
            time.sleep(SAMPLE_SECONDS)

    def _collected(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_since = time.monotonic()
        else:
            self._late.gc_seconds += time.monotonic() - self._collecting_since


def stack_of(frame: FrameType | None) -> list[str]:
    """Return a stack, innermost first."""
    found: list[str] = []
    while frame is not None and len(found) < DEEPEST:
        code = frame.f_code
        found.append(f"{code.co_filename}:{frame.f_lineno} {code.co_qualname}")
        frame = frame.f_back
    return found


def is_busy(stack: list[str]) -> bool:
    """Return whether a thread does anything but wait."""
    return not any(waiting in stack[0] for waiting in WAITING)


class WatchedLoop(asyncio.SelectorEventLoop):
    """An event loop that carries the heart, if it runs in the main thread."""

    heart: Heart

    def run_forever(self) -> None:
        """Start the heart first."""
        if threading.current_thread() is threading.main_thread() and not self.heart.beats:
            self.heart.start(self)
        super().run_forever()


class Policy(asyncio.DefaultEventLoopPolicy):
    """Makes every loop one that can carry the heart."""

    _loop_factory = WatchedLoop


def watch(report: Path) -> None:
    """Let the heart beat in the main thread's loop until the signal comes."""
    heart = WatchedLoop.heart = Heart()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        heart.stop()
        partial = report.with_suffix(".part")
        partial.write_text(json.dumps([asdict(stall) for stall in heart.stalls]), encoding="utf-8")
        partial.replace(report)

    signal.signal(signal.SIGUSR1, tell)
    asyncio.set_event_loop_policy(Policy())


if __name__ == "__main__":
    watch(Path(sys.argv.pop(1)))
    from snaptui.__main__ import run

    run()
