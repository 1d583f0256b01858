"""The driver itself: Textual above, the terminal below."""

import asyncio
import curses
import os
import signal
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Final

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import InBandWindowResize

from snaptui.terminal.flow import Place
from snaptui.terminal.frames import Frames, Reached
from snaptui.terminal.keyboard import read_keys
from snaptui.terminal.screen import CellScreen, PlainScreen, TerminalScreen
from snaptui.terminal.stats import Stats

_FAREWELL_SECONDS: Final = 1.0


class CellDriver(LinuxDriver):
    """Sends only cells that changed, and no frame while two are on their way.

    Textual writes a frame and flushes; what is not sent then is sent with the next frame that may leave, as one. On a
    slow link a frame leaves in parts.
    All but reading keys happens in the event loop's thread.
    """

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._frames = Frames(self._new_screen(*self._cells()))
        self._reports: SimpleQueue[tuple[float, Place]] = SimpleQueue()
        self._timer: asyncio.TimerHandle | None = None
        self._drawing = False
        self._resized = False
        self._stop_reading: tuple[int, int] | None = None

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return CellScreen(width, height, erases_in_colour=_erases_in_colour())

    @property
    def stats(self) -> Stats:
        """What drawing has cost so far."""
        return self._frames.stats

    def fence(self, reached: Reached) -> None:
        """Call back when the terminal shows all that was drawn before: true if it says so, false if it is mute."""
        self._frames.fence(reached)
        self.flush()

    def redraw(self) -> None:
        """Draw everything anew, whatever the terminal is thought to show."""
        self._frames.forget()
        self.flush()

    # Writing

    def write(self, data: str) -> None:
        """Take what Textual writes."""
        self._take_size()
        self._send(self._frames.receive(data))

    def flush(self) -> None:
        """Send the frame written so far, unless the terminal is still busy with others."""
        if self._drawing:
            self._take_size()
            self._send(self._frames.draw(self._loop.time()))
            self._watch()

    def _send(self, output: str) -> None:
        if output:
            self.stats.bytes_sent += len(output.encode(errors="replace"))
            super().write(output)

    def _watch(self) -> None:
        """Look again when there is room for a frame, or an answer is overdue."""
        if self._timer is not None:
            self._timer.cancel()
        wake_at = self._frames.wake_at(self._loop.time())
        self._timer = None if wake_at is None else self._loop.call_at(wake_at, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._frames.give_up(self._loop.time())
        self.flush()

    # The terminal's size

    def _cells(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self._file.fileno() if self._file else -1)
        except OSError:
            width = height = 0
        return (width, height) if width and height else super()._get_terminal_size()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return the size for Textual, which asks when it has changed: possibly in a signal handler."""
        self._resized = True
        return super()._get_terminal_size()

    def _take_size(self) -> None:
        if self._resized:
            self._resized = False
            self._frames.resize(*self._cells())

    # Starting and stopping

    def start_application_mode(self) -> None:
        """Take over the terminal."""
        self._stop_reading = self._stop_reading or os.pipe()
        start: Callable[[], None] = super().start_application_mode
        start()
        if self._key_thread is None or not self._key_thread.is_alive():
            return
        self._resized = False
        self._send(self._frames.start(*self._cells(), self._loop.time(), is_asked=self.input_tty))
        self._drawing = True
        self._watch()
        if self.stats.frames:
            self._loop.call_soon(self.flush)

    def disable_input(self) -> None:
        """Stop reading keys, after the answers that would otherwise end up in the shell."""
        self._drawing = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._stop_reading is None:
            super().disable_input()
            return
        self._await_answers()
        reader, writer = self._stop_reading
        self._stop_reading = None
        os.write(writer, b"\0")
        super().disable_input()
        os.close(reader)
        os.close(writer)

    def _await_answers(self) -> None:
        deadline = self._loop.time() + _FAREWELL_SECONDS
        while self._frames.flow.waiting:
            try:
                self._frames.answer(*self._reports.get(timeout=max(0.0, deadline - self._loop.time())))
            except Empty:
                return

    def _sigtstp_application(self, *_: object) -> None:
        # Not here and now: the signal may have come in the middle of a frame.
        if self._auto_restart:
            self._loop.call_soon_threadsafe(super()._sigtstp_application)
        else:
            super()._sigtstp_application()

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart:
            self._loop.call_soon_threadsafe(self._continue)

    def _continue(self) -> None:
        """Take the terminal over again, also after having been stopped without notice."""
        if self._drawing:
            self.suspend_application_mode()
        self.resume_application_mode()

    # Reading, in a thread of its own

    def run_input_thread(self) -> None:
        """Read until told to stop; without a terminal end as for a hangup, instead of reading nothing for ever."""
        if self._stop_reading is None:
            return
        parser = XTermParser(self._debug)
        if not read_keys(self.fileno, self._stop_reading[0], parser, self.process_message):
            os.kill(os.getpid(), signal.SIGHUP)

    def process_message(self, message: Message) -> None:
        """Keep for the driver what is for the driver."""
        if isinstance(message, events.CursorPosition):
            self._reports.put((self._loop.time(), (message.x, message.y)))
            self._loop.call_soon_threadsafe(self._take_reports)
        elif isinstance(message, InBandWindowResize):
            self._loop.call_soon_threadsafe(super().process_message, message)
        else:
            self._resized |= isinstance(message, events.Resize)
            super().process_message(message)

    def _take_reports(self) -> None:
        while not self._reports.empty():
            moment, place = self._reports.get()
            self._frames.answer(moment, place)
        self.flush()


class PlainDriver(CellDriver):
    """Sends everything as Textual writes it; only fences ask the terminal anything."""

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return PlainScreen(width, height)


def _erases_in_colour() -> bool:
    """Whether erased cells get the pen's background on this terminal, as its description says."""
    try:
        curses.setupterm(fd=sys.__stderr__.fileno() if sys.__stderr__ else -1)
    except curses.error:
        return False
    return curses.tigetflag("bce") == 1
