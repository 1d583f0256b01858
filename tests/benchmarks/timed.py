"""A program on a terminal, watched by the clock: when each of its bursts of output was over.

The terminal draws and answers only after a burst, so that emulating it costs the program nothing that is timed.
"""

import os
import select
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ptyprocess
import pyte
from terminal import environment

QUIET_SECONDS: Final = 0.002
"""What separates bursts: a frame is written at once, or in pieces that are much closer to each other than frames."""
PATIENCE_SECONDS: Final = 30.0


class _Screen(pyte.Screen):
    """Answers where the cursor is through a file descriptor."""

    def __init__(self, columns: int, rows: int, answers: int) -> None:
        super().__init__(columns, rows)
        self._answers = answers

    def write_process_input(self, data: str) -> None:
        os.write(self._answers, data.encode())


class Watched:
    """A program; `started` is the moment before it was."""

    def __init__(self, arguments: list[str], variables: Mapping[str, str], size: tuple[int, int]) -> None:
        columns, rows = size
        self.started = time.perf_counter()
        self._process = ptyprocess.PtyProcess.spawn(arguments, env=dict(variables), dimensions=(rows, columns))
        self.pid: int = self._process.pid
        self._screen = _Screen(columns, rows, self._process.fd)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """The lines that the screen shows."""
        return "\n".join(self._screen.display)

    def until(self, *wanted: str, patience_seconds: float = PATIENCE_SECONDS) -> float:
        """Watch until the screen shows all of the wanted texts; return when their last byte came."""
        deadline = time.perf_counter() + patience_seconds
        moment = self.started
        while not all(text in self.text for text in wanted):
            assert time.perf_counter() < deadline, f"{wanted} never came:\n{self.text}"
            moment = self._burst(deadline)
        return moment

    def press(self, keys: str) -> None:
        """Type something."""
        os.write(self._process.fd, keys.encode())

    def until_quiet(self, seconds: float) -> None:
        """Watch until nothing is written for a while."""
        while self._has_output(seconds):
            self._burst(time.perf_counter() + PATIENCE_SECONDS)

    def _has_output(self, seconds: float) -> bool:
        return bool(select.select([self._process.fd], [], [], max(0.0, seconds))[0])

    def _burst(self, deadline: float) -> float:
        """Wait for output, take all that comes without a pause, and return when the last of it came."""
        moment, output = time.perf_counter(), bytearray()
        seconds = deadline - moment
        while self._has_output(seconds):
            try:
                output += os.read(self._process.fd, 65_536)
            except OSError as error:
                raise AssertionError(f"it ended; the screen shows:\n{self.text}") from error
            moment, seconds = time.perf_counter(), QUIET_SECONDS
        self._stream.feed(bytes(output))
        return moment

    def close(self) -> None:
        """End the program."""
        with suppress(OSError):
            self._process.terminate(force=True)
        self._process.close()


@contextmanager
def watched(arguments: list[str], size: tuple[int, int] = (80, 24), **variables: str) -> Iterator[Watched]:
    """Run a program with an empty home and a few variables."""
    with TemporaryDirectory() as home:
        program = Watched(arguments, environment(Path(home)) | variables, size)
        try:
            yield program
        finally:
            program.close()
