"""Textual driver: its frames go to the terminal cell by cell, the terminal's input goes to the application."""

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from snaptui.terminal import job_control, modes
from snaptui.terminal.description import GNU_SCREEN, describe
from snaptui.terminal.flow import Place
from snaptui.terminal.frames import Frames, Reached
from snaptui.terminal.input_parser import InputParser
from snaptui.terminal.keyboard import Keyboard
from snaptui.terminal.output import TerminalOutput
from snaptui.terminal.screen import CellScreen, PlainScreen, TerminalScreen
from snaptui.terminal.size import terminal_size
from snaptui.terminal.spelling import speller
from snaptui.terminal.stats import Stats
from snaptui.terminal.typed import DeviceNamed

_STUCK_SECONDS: Final = 1.0
"""A terminal that takes no byte for so long when leaving is not waited for."""


class CellDriver(Driver):
    """Sends only cells that changed, and no frame while two are on their way.

    Textual writes a frame and flushes; what is not sent then is sent with the next frame that may leave, as one. On a
    slow link a frame leaves in parts. All but reading keys and writing bytes happens in the event loop's thread.
    """

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        self._input = sys.__stdin__.fileno() if sys.__stdin__ else 0
        self._descriptor = sys.__stderr__.fileno() if sys.__stderr__ else 2
        # Textual would ask the environment, which knows nothing of the window.
        super().__init__(app, debug=debug, mouse=mouse, size=size or terminal_size(self._descriptor))
        self.description = describe(os.environ)
        spells_ascii = self.description.encoding != "utf-8"
        self._spelt = speller(ascii_only=spells_ascii, no_colour=self.description.no_colour)
        self._output = TerminalOutput(self._descriptor, "ascii" if spells_ascii else "utf-8", self._has_room)
        self._screen = self._new_screen(*terminal_size(self._descriptor))
        self._frames = Frames(self._screen)
        self._reports: SimpleQueue[tuple[float, Place] | None] = SimpleQueue()
        self._timer: asyncio.TimerHandle | None = None
        self._attributes: modes.LineMode | None = None
        self._stop_reading: tuple[int, int] | None = None
        self._reader: Thread | None = None
        self._drawing = False
        self._stopped = False
        self.taken_now: modes.Taken | None = None
        self.taken: Callable[[modes.Taken | None], object] = lambda taken: None
        """Called when the terminal is taken over, with what gives it back, and with nothing when it has been."""

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return CellScreen(width, height, erases_in_colour=False)

    @property
    def can_suspend(self) -> bool:
        """Whether the terminal can be left to others for a while."""
        return True

    @property
    def stats(self) -> Stats:
        """What drawing has cost so far."""
        return self._frames.stats

    def fence(self, reached: Reached) -> None:
        """Call back when the terminal shows all that was drawn before: true if it says so, false if it is mute."""
        self._frames.fence(reached)
        self.flush()

    def redraw(self) -> None:
        """Set all modes and draw everything anew, whatever the terminal is thought to show."""
        self._write(modes.renew(mouse=self._mouse))
        self._frames.forget()
        self.flush()

    def ask_background(self) -> None:
        """Ask the terminal for its background; it may answer with a `BackgroundNamed`, some time."""
        self._write(modes.BACKGROUND_QUESTION)

    def lose(self) -> None:
        """Wait for nothing from the terminal any more, if it is gone."""
        try:
            termios.tcgetattr(self._input)
        except termios.error:
            self._output.lose()
            self._reports.put(None)

    # Writing

    def write(self, data: str) -> None:
        """Take what Textual writes."""
        self._write(self._frames.receive(self._spelt(data)))

    def flush(self) -> None:
        """Send the frame written so far, unless the terminal is still busy with others."""
        if self._drawing and not self._output.is_full:
            self._write(self._frames.draw(self._loop.time()))
            self._watch()

    def _write(self, output: str) -> None:
        if output:
            self.stats.bytes_sent += len(output.encode(errors="replace"))
            self._output.write(output)

    def _has_room(self) -> None:
        self._call_soon(self.flush)

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

    def _call_soon(self, call: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(call)

    # Starting

    def start_application_mode(self) -> None:
        """Take over the terminal, as soon as it is ours."""
        while not job_control.in_foreground(self._input):
            os.kill(os.getpid(), signal.SIGSTOP)
        signal.signal(signal.SIGWINCH, lambda *_: self._call_soon(self._take_size))
        signal.signal(signal.SIGTSTP, lambda *_: self._call_soon(self.suspend))
        signal.signal(signal.SIGCONT, lambda *_: self._call_soon(self._continued))
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(self._input)
            termios.tcsetattr(self._input, termios.TCSANOW, modes.raw(self._attributes))
            # As it is now: the kernel may not have done all that it was told.
            self.taken_now = modes.Taken(modes.RESCUE.encode(), self._attributes, termios.tcgetattr(self._input))
            self.taken(self.taken_now)
        self._stop_reading = os.pipe()
        self._reader = Thread(target=self._read, args=(self._stop_reading[0],), name="terminal-input", daemon=True)
        self._reader.start()
        size = terminal_size(self._descriptor)
        self._write(modes.enter(mouse=self._mouse))
        self._write(self._frames.start(*size, self._loop.time(), is_asked=os.isatty(self._input)))
        self._drawing = True
        self._resized(size)
        self._watch()
        if self.stats.frames:
            self._loop.call_soon(self.flush)

    def _take_size(self) -> None:
        if self._drawing:
            size = terminal_size(self._descriptor)
            self._frames.resize(*size)
            self._resized(size)

    def _resized(self, size: tuple[int, int]) -> None:
        self.send_message(events.Resize(Size(*size), Size(*size)))

    # Stopping

    def disable_input(self) -> None:
        """Stop reading keys, after the answers that would otherwise end up in the shell."""
        self._drawing = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._stop_reading is None:
            return
        for number in (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, signal.SIG_DFL)
        self._await_answers()
        reader, writer = self._stop_reading
        self._stop_reading = None
        os.write(writer, b"\0")
        if self._reader is not None:
            self._reader.join()
        os.close(reader)
        os.close(writer)

    def _await_answers(self) -> None:
        """Have the terminal answer once more, after which it says nothing; wait about as long as answers take."""
        question, deadline = self._frames.farewell(self._loop.time())
        self._write(modes.QUIET + question)
        while self._frames.flow.owes_answers and not self._output.is_gone:
            try:
                report = self._reports.get(timeout=max(0.0, deadline - self._loop.time()))
            except Empty:
                return
            if report is not None:
                self._frames.answer(*report)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        attributes, self._attributes = self._attributes, None
        if attributes is not None:
            with suppress(termios.error):
                # Before anybody can see that the terminal is free: what is typed then is for the shell.
                termios.tcflush(self._input, termios.TCIFLUSH)
                termios.tcsetattr(self._input, termios.TCSANOW, attributes)
        self._write(modes.LEAVE)
        self._output.finish(_STUCK_SECONDS)
        self.taken_now = None
        self.taken(None)

    # Being stopped and continued

    def suspend(self) -> None:
        """Give the terminal back and stop, until somebody continues this process."""
        self._stopped = True
        self.suspend_application_mode()
        job_control.stop()
        self.resume_application_mode()
        self.send_message(self.SignalResume())
        self._call_soon(self._forget_stop)

    def _forget_stop(self) -> None:
        self._stopped = False

    def _continued(self) -> None:
        """Take the terminal over again after having been stopped without notice, unless it is gone."""
        self.lose()
        if self._drawing and not self._stopped and not self._output.is_gone:
            self.suspend_application_mode()
            self.resume_application_mode()

    # Reading, in a thread of its own

    def _read(self, stop: int) -> None:
        """Read until told to stop; without a terminal end as for a hangup, instead of reading nothing for ever."""
        keyboard = Keyboard(InputParser(self.description.encoding), self.process_message)
        if not keyboard.read(self._input, stop):
            self._output.lose()
            self._reports.put(None)
            os.kill(os.getpid(), signal.SIGHUP)

    def process_message(self, message: Message) -> None:
        """Keep for the driver what is for the driver."""
        if isinstance(message, events.CursorPosition):
            self._reports.put((self._loop.time(), (message.x, message.y)))
            self._call_soon(self._take_reports)
        elif isinstance(message, DeviceNamed):
            erases = self.description.erases_in_colour and message.number != GNU_SCREEN
            self._call_soon(lambda: self._screen.trust_erasing(erases))
        else:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                super().process_message(message)

    def _take_reports(self) -> None:
        while not self._reports.empty():
            if (report := self._reports.get()) is not None:
                self._frames.answer(*report)
        self.flush()


class PlainDriver(CellDriver):
    """Sends everything as Textual writes it; only fences ask the terminal anything."""

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return PlainScreen(width, height)
