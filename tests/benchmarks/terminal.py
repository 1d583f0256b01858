"""Programs on terminals of their own, each with an emulator that shows what they draw and answers their questions."""

import os
import select
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import ptyprocess
import pyte
from emulator import Screen, Stream

PAUSE_SECONDS: Final = 0.04
PATIENCE_SECONDS: Final = 30.0
QUESTION: Final = b"\x1b[6n"
PIECE_SECONDS: Final = 0.002  # a terminal passes on 4,095 bytes at a time; the next come at once

Size = tuple[int, int]


@dataclass(frozen=True)
class Frame:
    """The cells of a screen, and where its cursor is unless that is hidden."""

    cells: tuple[tuple[pyte.screens.Char, ...], ...]
    cursor: tuple[int, int] | None

    @property
    def lines(self) -> list[str]:
        """The text."""
        return ["".join(cell.data for cell in row) for row in self.cells]


@dataclass
class Step:
    """One key, and the output between it and the next quiet."""

    what: str
    sent: int = 0
    frames: list[Frame] = field(default_factory=list)


class Process:
    """A program on a terminal of its own."""

    def __init__(self, arguments: list[str], env: dict[str, str], size: Size) -> None:
        columns, rows = size
        self._screen = Screen(columns, rows, self._answer)
        self._stream = Stream(self._screen)
        self._process = ptyprocess.PtyProcess.spawn(arguments, env=env, dimensions=(rows, columns))
        self._recorded: list[Frame] | None = None
        self.last_arrival = 0.0
        """When the last byte came (`time.perf_counter`)."""
        self.answers = 0
        """How many questions were answered."""

    @property
    def pid(self) -> int:
        """The process' number."""
        return int(self._process.pid)

    @property
    def frame(self) -> Frame:
        """The lines that the screen shows now."""
        screen = self._screen
        cells = tuple(tuple(screen.buffer[y][x] for x in range(screen.columns)) for y in range(screen.lines))
        return Frame(cells, None if screen.cursor.hidden else (screen.cursor.y, screen.cursor.x))

    @property
    def text(self) -> str:
        """The text on the screen."""
        return "\n".join(self._screen.display)

    def send(self, key: str) -> None:
        """Type a key."""
        self._process.write(key.encode())

    def _answer(self, data: str) -> None:
        self.answers += 1
        self._record()
        with suppress(OSError):
            self.send(data)

    def _record(self) -> None:
        if self._recorded is not None and self._recorded[-1:] != [frame := self.frame]:
            self._recorded.append(frame)

    def read(self, seconds: float) -> int:
        """Show what is written within so many seconds and return its length in bytes: 0 when there is nothing.

        A frame is read to its end before it is shown, so that showing it does not delay noticing when it came.
        """
        data, wait = b"", seconds
        while select.select([self._process.fd], [], [], wait)[0]:
            piece = self._piece()
            if not piece and not data:
                raise EOFError("it ended; the screen shows:\n" + self.text)
            self.last_arrival = time.perf_counter()
            data += piece
            if not piece or data.endswith(QUESTION):
                break
            wait = PIECE_SECONDS
        self._stream.feed(data)
        return len(data)

    def _piece(self) -> bytes:
        try:
            return os.read(self._process.fd, 65_536)
        except OSError:  # how Linux says that nobody writes any more
            return b""

    def follow(self, what: str, quiet_seconds: float, done: Callable[[Frame], bool]) -> Step:
        """Watch until the screen is as wanted and nothing more is written for a while.

        A frame is what the screen shows when the program asks where the cursor is, and at each pause.
        """
        step = Step(what)
        self._recorded = step.frames
        now = time.monotonic()
        deadline, last = now + PATIENCE_SECONDS, now
        while now < last + quiet_seconds or not done(self.frame):
            assert now < deadline, f"{what}: it never came about:\n" + self.text
            length = self.read(PAUSE_SECONDS)
            now = time.monotonic()
            step.sent += length
            if length:
                last = now
            elif step.sent:
                self._record()
        self._recorded = None
        return step

    def until(self, done: Callable[[str], bool], patience_seconds: float, quiet_seconds: float = 0.0) -> None:
        """Wait until the text on the screen is as wanted and nothing is written for a while."""
        now = time.monotonic()
        deadline, last = now + patience_seconds, now
        while now < last + quiet_seconds or not done(self.text):
            assert now < deadline, "it never came about:\n" + self.text
            if self.read(PAUSE_SECONDS):
                last = time.monotonic()
            now = time.monotonic()

    def close(self) -> None:
        """End the program."""
        with suppress(OSError):
            self._process.terminate(force=True)
        self._process.close()


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which no setting of the user's counts."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    return {
        **kept,
        **folders,
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
    }


@contextmanager
def running(arguments: list[str], size: Size, **variables: str) -> Iterator[Process]:
    """Run a Python program with an empty home."""
    with tempfile.TemporaryDirectory() as home:
        process = Process([sys.executable, *arguments], environment(Path(home)) | variables, size)
        try:
            yield process
        finally:
            process.close()
