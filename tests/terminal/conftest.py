"""The installed command in a real pseudo-terminal, read back through a terminal emulator."""

import os
import re
import select
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import ptyprocess
import pyte
import pytest
from pyte.screens import Char

from ..unit.terminal.conftest import Terminal as Emulator

PATIENCE_SECONDS = 20.0
QUIET_SECONDS = 0.2
XTERM = "\x1b[>41;379;0c"


class Screen(Emulator):
    """A screen that answers, as terminals do, when it is asked where its cursor is."""

    def __init__(self, columns: int, rows: int, answer: Callable[[str], object]) -> None:
        super().__init__(columns, rows)
        self._answer = answer

    def write_process_input(self, data: str) -> None:
        """Send an answer."""
        self._answer(data)

    def report_device_attributes(self, mode: int = 0, **_: bool) -> None:
        """Say what it is, as xterm does."""
        self._answer(XTERM)


class Terminal:
    """A process on a pty, its screen, and every byte that it wrote."""

    screen_type: type[Screen] = Screen

    def __init__(self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]) -> None:
        self.columns, self.rows = size
        self.screen = self.screen_type(self.columns, self.rows, self._answer)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self._ended = False
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment}
        self.process = ptyprocess.PtyProcess.spawn(arguments, env=env, dimensions=(self.rows, self.columns))

    @property
    def text(self) -> str:
        """The lines that the screen shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    @property
    def cells(self) -> list[list[Char]]:
        """The cells of the screen, with colours and attributes."""
        return self.screen.cells

    def send(self, keys: str) -> None:
        """Type keys."""
        self.process.write(keys.encode())

    def _answer(self, data: str) -> None:
        with suppress(OSError):
            self.process.write(data.encode())

    def press(self, *keys: str) -> None:
        """Type keys one after the other, as fingers do."""
        for key in keys:
            self.send(key)
            self.read()

    def read(self, seconds: float = 0.05) -> bool:
        """Feed what has been written to the screen, waiting for it so long; false if there was nothing."""
        ready, _, _ = select.select([] if self._ended else [self.process.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.process.fd, 65_536)
        except OSError:
            data = b""
        self._ended = not data
        self.show(data)
        return True

    def show(self, data: bytes) -> None:
        """Let something appear on the screen."""
        self.written += data
        self._stream.feed(data)

    def pause(self, seconds: float) -> None:
        """Do nothing but look for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def until_quiet(self, seconds: float = QUIET_SECONDS) -> None:
        """Wait until nothing has been written for so long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.read(seconds):
            assert time.monotonic() < deadline, "it never stops writing"

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window's corner."""
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def until(self, fact: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if fact():
                return
            self.read()
        assert fact(), f"it never came about; the screen shows:\n{self.text}"

    def until_text(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self.until(lambda: text in self.text)

    def end(self) -> int:
        """Wait for the process to end and return its exit code."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.process.isalive() and time.monotonic() < deadline:
            self.read()
        assert not self.process.isalive(), f"it does not end; the screen shows:\n{self.text}"
        while self.read(0):
            pass
        return int(self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus)

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.process.isalive():
            self.process.terminate(force=True)
        self.process.close()


class HoldingTerminal(Terminal):
    """A terminal that can be kept from saying what it has drawn."""

    _held: list[str] | None = None

    def _answer(self, data: str) -> None:
        if self._held is None:
            super()._answer(data)
        else:
            self._held.append(data)

    def hold_answers(self) -> None:
        """Answer nothing for now."""
        self._held = []

    def type_before_answers(self, keys: str, *, at_once: bool) -> None:
        """Type keys, and give behind them the answers that were held, in the same packet or in others."""
        held, self._held = self._held or [], None
        self.send(keys + "".join(held) * at_once)
        for data in () if at_once else held:
            self._answer(data)


def picture(screen: Terminal) -> list[list[Char]]:
    """Return the screen; the port and the time of day, at the top, are not the same in two runs."""
    cells = screen.cells
    return [[cell._replace(data=re.sub("[0-9]", "0", cell.data)) for cell in row] for row in cells[:2]] + cells[2:]


Open = Callable[..., Terminal]
PROMPT = "PROMPT>"


@pytest.fixture
def command() -> str:
    """The installed `snaptui`."""
    return str(Path(sys.executable).with_name("snaptui"))


@pytest.fixture
def terminal(command: str) -> Iterator[Open]:
    """Open terminals that end with the test: `terminal("--demo", size=(80, 24))`."""
    with ExitStack() as stack:

        def start(
            *arguments: str, size: tuple[int, int] = (80, 24), kind: type[Terminal] = Terminal, **environment: str
        ) -> Terminal:
            opened = kind([command, *arguments], environment, size)
            stack.callback(opened.close)
            return opened

        yield start


@pytest.fixture
def shell(command: str) -> Iterator[Open]:
    """Open terminals with a shell in them that has job control, and type the command: `shell("--demo")`."""
    with ExitStack() as stack:

        def start(
            *arguments: str, size: tuple[int, int] = (80, 24), kind: type[Terminal] = Terminal, **environment: str
        ) -> Terminal:
            opened = kind(["sh", "-i"], {"PS1": PROMPT, "ENV": "", **environment}, size)
            stack.callback(opened.close)
            opened.until_text(PROMPT)
            opened.send(shlex.join([command, *arguments]) + "\n")
            return opened

        yield start
