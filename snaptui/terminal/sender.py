"""Frame sender: decides in the event loop when the next frame leaves, and takes the terminal's answers."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue

from snaptui.terminal import modes
from snaptui.terminal.flow import Place
from snaptui.terminal.frames import Frames, Reached
from snaptui.terminal.output import TerminalOutput
from snaptui.terminal.screen_model import TerminalScreen


class FrameSender:
    """Sender of frames: connects `Frames` with the terminal's output and the event loop's clock."""

    def __init__(self, loop: asyncio.AbstractEventLoop, screen: TerminalScreen, descriptor: int, encoding: str) -> None:
        self._loop = loop
        self.frames = Frames(screen)
        self.output = TerminalOutput(descriptor, encoding, lambda: self.call_soon(self.flush))
        self._reports: SimpleQueue[tuple[float, Place] | None] = SimpleQueue()
        self._timer: asyncio.TimerHandle | None = None
        self.is_drawing = False

    def call_soon(self, call: Callable[[], object]) -> None:
        """Run a callback in the event loop, if there still is one."""
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(call)

    def start(self, size: tuple[int, int], *, is_asked: bool) -> None:
        """Begin to draw on a terminal of this size, of which nothing is known."""
        self.send(self.frames.start(*size, self._loop.time(), is_asked=is_asked))
        self.is_drawing = True
        self._watch()
        if self.frames.stats.frames:
            self._loop.call_soon(self.flush)

    def stop(self) -> None:
        """Draw nothing more."""
        self.is_drawing = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def send(self, output: str) -> None:
        """Send something besides frames."""
        if output:
            self.frames.stats.bytes_sent += len(output.encode(errors="replace"))
            self.output.write(output)

    def flush(self) -> None:
        """Send the frame written so far, unless the terminal is still busy with others."""
        if self.is_drawing and not self.output.is_full:
            self.send(self.frames.draw(self._loop.time()))
            self._watch()

    def fence(self, reached: Reached) -> None:
        """Call `reached` when the terminal shows all that was drawn before: true if it says so, false if it is mute."""
        self.frames.fence(reached)
        self.flush()

    def _watch(self) -> None:
        """Set a timer for when there is room for a frame, or an answer is overdue."""
        if self._timer is not None:
            self._timer.cancel()
        wake_at = self.frames.wake_at(self._loop.time())
        self._timer = None if wake_at is None else self._loop.call_at(wake_at, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self.frames.give_up(self._loop.time())
        self.flush()

    def report(self, place: Place) -> None:
        """Take an answer; called in the thread that reads."""
        # Through a queue, as at the end the loop no longer turns, and `await_answers` reads it instead.
        self._reports.put((self._loop.time(), place))
        self.call_soon(self._take_report)

    def _take_report(self) -> None:
        """Take one answer: keys that came between it and the next are handled between the two."""
        with suppress(Empty):  # the farewell took it first
            if (report := self._reports.get_nowait()) is not None:
                self.frames.answer(*report)
        self.flush()

    def lose(self) -> None:
        """Send nothing more and wait for nothing: the terminal is gone."""
        self.output.lose()
        self._reports.put(None)

    def await_answers(self) -> None:
        """Have the terminal answer once more, after which it says nothing; wait about as long as answers take."""
        question, deadline = self.frames.farewell(self._loop.time())
        self.send(modes.QUIET + question)
        while self.frames.flow.owes_answers and not self.output.is_gone:
            try:
                report = self._reports.get(timeout=max(0.0, deadline - self._loop.time()))
            except Empty:
                return
            if report is not None:
                self.frames.answer(*report)
