"""Textual driver: sends changed cells to the terminal, and the terminal's input to the application."""

import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Thread
from typing import Final

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from snaptui.terminal import job_control, modes
from snaptui.terminal.description import GNU_SCREEN, describe
from snaptui.terminal.frames import Reached
from snaptui.terminal.input_parser import InputParser
from snaptui.terminal.keyboard import Keyboard
from snaptui.terminal.screen_model import CellScreen, PlainScreen, TerminalScreen
from snaptui.terminal.sender import FrameSender
from snaptui.terminal.size import terminal_size
from snaptui.terminal.spelling import speller
from snaptui.terminal.stats import Stats
from snaptui.terminal.typed import DeviceNamed

_STUCK_SECONDS: Final = 1.0
"""When leaving, a terminal that takes no byte for so long is not waited for."""


class CellDriver(Driver):
    """Textual driver that sends only cells that changed, and no frame while two are on their way.

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
        self._screen = self._new_screen(*terminal_size(self._descriptor))
        encoding = "ascii" if spells_ascii else "utf-8"
        self._sender = FrameSender(self._loop, self._screen, self._descriptor, encoding)
        self._attributes: modes.LineMode | None = None
        self._stop_reading: tuple[int, int] | None = None
        self._reader: Thread | None = None
        self._stopped = False
        self.taken_now: modes.Taken | None = None
        self.taken: Callable[[modes.Taken | None], object] = lambda taken: None
        """Called when the terminal is taken over, with what gives it back, and with nothing when it has been."""

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return CellScreen(width, height, erases_in_colour=False, erases_characters=self.description.erases_characters)

    @property
    def can_suspend(self) -> bool:
        """True when the terminal can be left to others for a while."""
        return True

    @property
    def stats(self) -> Stats:
        """Statistics of drawing so far: bytes, frames, round trips."""
        return self._sender.frames.stats

    def fence(self, reached: Reached) -> None:
        """Call `reached` when the terminal shows all that was drawn before: true if it says so, false if it is mute."""
        self._sender.fence(reached)

    def redraw(self) -> None:
        """Set all modes and draw everything anew, whatever the terminal is thought to show."""
        self._sender.send(modes.renew(mouse=self._mouse))
        self._sender.frames.forget()
        self.flush()

    def ask_background(self) -> None:
        """Ask the terminal for its background; it may answer with a `BackgroundNamed`, some time."""
        self._sender.send(modes.BACKGROUND_QUESTION)

    def lose(self) -> None:
        """Wait for nothing from the terminal any more, if it is gone."""
        try:
            termios.tcgetattr(self._input)
        except termios.error:
            self._sender.lose()

    # Writing

    def write(self, data: str) -> None:
        """Take what Textual writes."""
        self._sender.send(self._sender.frames.receive(self._spelt(data)))

    def flush(self) -> None:
        """Send the frame written so far, unless the terminal is still busy with others."""
        self._sender.flush()

    # Starting

    def start_application_mode(self) -> None:
        """Take over the terminal, as soon as it is ours."""
        # In the background (`snaptui &`) the terminal is the shell's until `fg`; `bg` continues this, too.
        while not job_control.in_foreground(self._input):
            os.kill(os.getpid(), signal.SIGSTOP)
        signal.signal(signal.SIGWINCH, lambda *_: self._sender.call_soon(self._take_size))
        signal.signal(signal.SIGTSTP, lambda *_: self._sender.call_soon(self.suspend))
        signal.signal(signal.SIGCONT, lambda *_: self._sender.call_soon(self._continued))
        with suppress(termios.error):
            self._attributes = termios.tcgetattr(self._input)
            # TCSANOW: the others wait until all output has passed, which a stuck terminal never lets it.
            termios.tcsetattr(self._input, termios.TCSANOW, modes.raw(self._attributes))
            # As it is now: the kernel may not have done all that it was told.
            self.taken_now = modes.Taken(modes.RESCUE.encode(), self._attributes, termios.tcgetattr(self._input))
            self.taken(self.taken_now)
        self._stop_reading = os.pipe()
        self._reader = Thread(target=self._read, args=(self._stop_reading[0],), name="terminal-input", daemon=True)
        self._reader.start()
        size = terminal_size(self._descriptor)
        self._sender.send(modes.enter(mouse=self._mouse))
        self._sender.start(size, is_asked=os.isatty(self._input))
        self.send_message(_resize(size))

    def _take_size(self) -> None:
        if self._sender.is_drawing:
            size = terminal_size(self._descriptor)
            self._sender.frames.resize(*size)
            self.send_message(_resize(size))

    # Stopping

    def disable_input(self) -> None:
        """Stop reading keys, after the answers that would otherwise end up in the shell."""
        self._sender.stop()
        if self._stop_reading is None:
            return
        for number in (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT):
            signal.signal(number, signal.SIG_DFL)
        self._sender.await_answers()
        reader, writer = self._stop_reading
        self._stop_reading = None
        os.write(writer, b"\0")
        if self._reader is not None:
            self._reader.join()
        os.close(reader)
        os.close(writer)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self.disable_input()
        attributes, self._attributes = self._attributes, None
        if attributes is not None:
            with suppress(termios.error):
                # Before anybody can see that the terminal is free: what is typed then is for the shell.
                termios.tcflush(self._input, termios.TCIFLUSH)
                termios.tcsetattr(self._input, termios.TCSANOW, attributes)
        self._sender.send(modes.LEAVE)
        self._sender.output.finish(_STUCK_SECONDS)
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

    def _continued(self) -> None:
        """Take the terminal over again after having been stopped without notice, unless it is gone."""
        self.lose()
        noticed, self._stopped = self._stopped, False
        if self._sender.is_drawing and not noticed and not self._sender.output.is_gone:
            self.suspend_application_mode()
            self.resume_application_mode()

    # Reading, in a thread of its own

    def _read(self, stop: int) -> None:
        """Read until told to stop; without a terminal end as for a hangup, instead of reading nothing for ever."""
        keyboard = Keyboard(InputParser(self.description.encoding), self.process_message)
        try:
            is_there = keyboard.read(self._input, stop)
        finally:
            if (crash := sys.exception()) is not None:
                self._sender.call_soon(lambda: self._app.call_later(_crash, crash))
        if not is_there:
            self._sender.lose()
            # The kernel's own need not come: it goes to the first process of the session, such as a shell.
            os.kill(os.getpid(), signal.SIGHUP)

    def process_message(self, message: Message) -> None:
        """Handle the terminal's answers to the driver; pass every other event on."""
        if isinstance(message, events.CursorPosition):
            self._sender.report((message.x, message.y))
        elif isinstance(message, DeviceNamed):
            self._sender.call_soon(partial(self._is_called, message.number))
        else:
            super().process_message(message)

    def _is_called(self, number: int) -> None:
        """Do without what the terminal does wrongly."""
        is_gnu_screen = number == GNU_SCREEN
        self._screen.trust_erasing(self.description.erases_in_colour and not is_gnu_screen)
        if is_gnu_screen and self._mouse:
            # With the mouse on, GNU screen 4.9 holds Esc back until the next key, which then comes as one with Alt.
            self._sender.send(modes.NO_MOUSE)

    def send_message(self, message: Message) -> None:
        """Post an event to the application, in the order in which the terminal sent events and answers.

        Textual would post it from a task of its own: the answer behind a key would overtake the key, which would then
        act on what had not been drawn when it was pressed.
        """
        self._sender.call_soon(lambda: self._app.post_message(message))


def _resize(size: tuple[int, int]) -> events.Resize:
    return events.Resize(Size(*size), Size(*size))


def _crash(error: BaseException) -> None:
    """End the application as any other crash does: without its reader it would be deaf."""
    raise error


class PlainDriver(CellDriver):
    """Textual driver that sends everything as Textual writes it; only fences ask the terminal anything."""

    def _new_screen(self, width: int, height: int) -> TerminalScreen:
        return PlainScreen(width, height)
