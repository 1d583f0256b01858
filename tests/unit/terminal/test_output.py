"""Output never makes its writer wait: not for a terminal that is stuck, and not for one that is gone."""

import os
import time
from collections.abc import Iterator
from queue import SimpleQueue

import pytest

from snaptui.terminal.output import MOST_BYTES, ROOM_BYTES, TerminalOutput

PATIENCE_SECONDS = 10.0
PROMPT_SECONDS = 1.0


class Pipe:
    """A terminal that takes bytes only when it is read."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        self.room: SimpleQueue[None] = SimpleQueue()
        self.output = TerminalOutput(self.writer, "utf-8", lambda: self.room.put(None))

    def read(self, size: int) -> bytes:
        """Read so many bytes."""
        data = b""
        while len(data) < size:
            data += os.read(self.reader, size - len(data))
        return data

    def close(self) -> None:
        """End it."""
        self.output.lose()
        for descriptor in (self.reader, self.writer):
            if descriptor >= 0:
                os.close(descriptor)

    def vanish(self) -> None:
        """Let the terminal go away."""
        os.close(self.reader)
        self.reader = -1


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    """A terminal that ends with the test."""
    made = Pipe()
    yield made
    made.close()


def test_what_is_written_arrives_in_order(pipe: Pipe) -> None:
    for text in ("a", "é", "b" * 10_000):
        pipe.output.write(text)
    assert pipe.read(10_003) == "aé".encode() + b"b" * 10_000
    assert pipe.output.finish(PATIENCE_SECONDS)


def test_a_stuck_terminal_makes_nobody_wait_and_is_told_to_be_full(pipe: Pipe) -> None:
    began = time.monotonic()
    for _ in range(100):
        pipe.output.write("x" * ROOM_BYTES)
    assert time.monotonic() - began < PROMPT_SECONDS
    assert pipe.output.is_full
    assert not pipe.output.finish(0.05)
    pipe.read(100 * ROOM_BYTES)
    pipe.room.get(timeout=PATIENCE_SECONDS)
    assert pipe.output.finish(PATIENCE_SECONDS)
    assert not pipe.output.is_full


def test_not_more_than_some_megabytes_are_kept_for_a_stuck_terminal(pipe: Pipe) -> None:
    for _ in range(2 * MOST_BYTES // 1_000_000 + 2):
        pipe.output.write("x" * 1_000_000)
    pipe.read(MOST_BYTES)
    assert pipe.output.finish(0.2) is False


def test_after_the_terminal_went_away_writing_does_nothing_and_nothing_is_waited_for(pipe: Pipe) -> None:
    pipe.vanish()
    pipe.output.write("x")
    assert pipe.output.finish(PATIENCE_SECONDS) is False
    assert pipe.output.is_gone
    began = time.monotonic()
    for _ in range(1_000):
        pipe.output.write("x" * 10_000)
    assert pipe.output.finish(PATIENCE_SECONDS) is False
    assert time.monotonic() - began < PROMPT_SECONDS


def test_what_the_encoding_cannot_spell_is_a_question_mark() -> None:
    reader, writer = os.pipe()
    TerminalOutput(writer, "ascii", lambda: None).write("é\x1b[m")
    assert os.read(reader, 10) == b"?\x1b[m"
    os.close(reader)
    os.close(writer)
