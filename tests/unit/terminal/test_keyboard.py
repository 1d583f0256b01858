"""Keys are read as they come, and reading ends at once."""

import os
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Thread

import pytest
from textual.events import Key
from textual.message import Message

from snaptui.terminal.input_parser import InputParser
from snaptui.terminal.keyboard import Keyboard
from snaptui.terminal.typed import TextTyped

PATIENCE_SECONDS = 10.0


class Reading:
    """A thread that reads keys from a pipe."""

    def __init__(self) -> None:
        self._terminal, self.keys = os.pipe()
        self._stop, self.stop = os.pipe()
        self._delivered: SimpleQueue[Message] = SimpleQueue()
        self._ends: list[bool] = []
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        self._ends.append(Keyboard(InputParser(), self._delivered.put).read(self._terminal, self._stop))

    def type(self, keys: bytes) -> None:
        """Type keys."""
        os.write(self.keys, keys)

    def next_key(self) -> str:
        """Wait for the next key, or the next text."""
        message = self.next()
        if isinstance(message, TextTyped):
            return "".join(stroke.text for stroke in message.take())
        assert isinstance(message, Key)
        return message.key

    def next(self) -> Message:
        """Wait for the next event."""
        return self._delivered.get(timeout=PATIENCE_SECONDS)

    def end(self) -> bool:
        """Wait for the end of reading and return why it ended."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self._ends[0]

    def hang_up(self) -> None:
        """Let the terminal go away."""
        os.close(self.keys)
        self.keys = -1

    def close(self) -> None:
        """End reading, whatever happened."""
        os.write(self.stop, b"\0")
        self._thread.join()
        for pipe in (self._terminal, self.keys, self._stop, self.stop):
            if pipe >= 0:
                os.close(pipe)


@pytest.fixture
def reading() -> Iterator[Reading]:
    """Reading that ends with the test."""
    started = Reading()
    yield started
    started.close()


def test_keys_are_delivered(reading: Reading) -> None:
    reading.type(b"a\x1b[B")
    assert [reading.next_key(), reading.next_key()] == ["a", "down"]


def test_a_key_may_come_in_pieces(reading: Reading) -> None:
    reading.type("é".encode()[:1])
    reading.type("é".encode()[1:])
    assert reading.next_key() == "é"


def test_an_escape_alone_is_the_escape_key(reading: Reading) -> None:
    reading.type(b"\x1b")
    assert reading.next_key() == "escape"


def test_text_that_nobody_has_taken_yet_grows(reading: Reading) -> None:
    reading.type(b"a")
    waiting = reading.next()
    assert isinstance(waiting, TextTyped)
    reading.type(b"b" * 9_000)
    reading.type(b"\x1b[A")
    assert reading.next_key() == "up"
    assert "".join(stroke.text for stroke in waiting.take()) == "a" + 9_000 * "b"
    reading.type(b"c")
    assert reading.next_key() == "c"


def test_text_after_a_key_does_not_come_before_it(reading: Reading) -> None:
    reading.type(b"a\rb")
    assert [reading.next_key() for _ in range(3)] == ["a", "enter", "b"]


def test_bytes_that_are_no_text_do_not_end_reading(reading: Reading) -> None:
    reading.type(b"\xff")
    reading.type(b"q")
    assert reading.next_key() == "q"


def test_reading_ends_when_it_is_told_to(reading: Reading) -> None:
    os.write(reading.stop, b"\0")
    assert reading.end() is True


def test_reading_ends_when_the_terminal_goes_away(reading: Reading) -> None:
    reading.hang_up()
    assert reading.end() is False
