"""Knows when the terminal has drawn what was sent to it: it answers a question sent after the frame."""

from collections.abc import Callable
from typing import Final

CURSOR_QUERY: Final = "\x1b[6n"
PATIENCE_SECONDS: Final = 2.0


class PaintFence:
    """Sends cursor-position queries and matches the answers, which come in order.

    A terminal that has answered once is waited for as long as it takes; one that never has, is believed to have
    drawn after two seconds.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._asked: list[Callable[[], object]] = []
        self.answers = False

    def ask(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal has drawn everything sent so far."""
        self._asked.append(drawn)
        self._write(CURSOR_QUERY)

    def answered(self) -> None:
        """Take the terminal's answer to the oldest question."""
        self.answers = True
        if self._asked:
            self._asked.pop(0)()
