"""Keyboard: reads the terminal's input in a thread of its own until told to stop, without polling."""

import os
import select
from collections.abc import Callable
from typing import Final

from textual._time import get_time
from textual.message import Message

from snaptui.terminal.input_parser import InputParser, Token
from snaptui.terminal.key_events import messages_of
from snaptui.terminal.typed import TextTyped

_MOST_BYTES: Final = 65_536


class Keyboard:
    """Reader that turns bytes into events and delivers them; text is added to older text that still waits."""

    def __init__(self, parser: InputParser, deliver: Callable[[Message], None]) -> None:
        self._parser = parser
        self._deliver = deliver
        self._waiting: TextTyped | None = None

    def read(self, terminal: int, stop: int) -> bool:
        """Deliver what is typed until `stop` can be read; false if the terminal went away before."""
        while True:
            wake_at = self._parser.wake_at
            timeout = None if wake_at is None else max(0.0, wake_at - get_time())
            # The pipe wakes it: Textual's reader asks now and then, which makes quitting last 265 ms (measured).
            ready, _, _ = select.select([terminal, stop], [], [], timeout)
            if stop in ready:
                return True
            now = get_time()
            if terminal not in ready:
                self._take(self._parser.tick(now), now)
            elif data := _read(terminal):
                self._take(self._parser.feed(data, now), now)
            else:
                return False

    def _take(self, tokens: list[Token], now: float) -> None:
        for token in tokens:
            for message in messages_of(token):
                if not isinstance(message, str):
                    self._waiting, message.time = None, now
                    self._deliver(message)
                elif self._waiting is None or not self._waiting.add(now, message):
                    self._waiting = TextTyped(now, message)
                    self._deliver(self._waiting)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, _MOST_BYTES)
    except OSError:
        return b""
