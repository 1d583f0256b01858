"""The installed command in a real pseudo-terminal, read back through a terminal emulator."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import ptyprocess
import pyte
import pytest

PATIENCE_SECONDS = 20.0


class Terminal:
    """A process on a pty, its screen, and every byte that it wrote."""

    def __init__(self, arguments: list[str], environment: dict[str, str], size: tuple[int, int]) -> None:
        self.columns, self.rows = size
        self.screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = bytearray()
        self._ended = False
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", **environment}
        self.process = ptyprocess.PtyProcess.spawn(arguments, env=env, dimensions=(self.rows, self.columns))

    @property
    def text(self) -> str:
        """What the screen shows."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def send(self, keys: str) -> None:
        """Type keys."""
        self.process.write(keys.encode())

    def press(self, *keys: str) -> None:
        """Type keys one after the other, as fingers do."""
        for key in keys:
            self.send(key)
            self.read()

    def read(self, seconds: float = 0.05) -> None:
        """Feed what has been written to the screen, waiting for it so long."""
        ready, _, _ = select.select([] if self._ended else [self.process.fd], [], [], seconds)
        if not ready:
            return
        try:
            data = os.read(self.process.fd, 65_536)
        except OSError:
            data = b""
        self._ended = not data
        self.written += data
        self._stream.feed(data)
        # A terminal answers when it is asked where its cursor is; the emulator leaves that to us.
        for _ in range(data.count(b"\x1b[6n")):
            with suppress(OSError):
                self.process.write(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R".encode())

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
        return int(self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus)

    def close(self) -> None:
        """End the process, whatever it does."""
        if self.process.isalive():
            self.process.terminate(force=True)
        self.process.close()


Open = Callable[..., Terminal]


@pytest.fixture
def command() -> str:
    """The installed `snaptui`."""
    return str(Path(sys.executable).with_name("snaptui"))


@pytest.fixture
def terminal(command: str) -> Iterator[Open]:
    """Open terminals that end with the test: `terminal("--demo", size=(80, 24))`."""
    with ExitStack() as stack:

        def start(*arguments: str, size: tuple[int, int] = (80, 24), **environment: str) -> Terminal:
            opened = Terminal([command, *arguments], environment, size)
            stack.callback(opened.close)
            return opened

        yield start
