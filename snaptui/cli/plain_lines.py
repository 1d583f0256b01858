"""Lines of a terminal read one by one, with the moment at which each came, while other work goes on."""

import asyncio
import sys
import termios
import time
from contextlib import suppress
from threading import Thread
from typing import Final, NamedTuple

ARMING_SECONDS: Final = 0.4


class TypedLine(NamedTuple):
    """A line without its end, and when it came by the monotonic clock."""

    text: str
    moment: float


class Lines:
    """Standard input in a thread of its own: an interrupt does not have to wait for a line."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._came: asyncio.Queue[TypedLine | None] = asyncio.Queue()
        Thread(target=self._read, name="lines", daemon=True).start()

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            while line := sys.stdin.readline():
                came = TypedLine(line.strip(), time.monotonic())
                self._loop.call_soon_threadsafe(self._came.put_nowait, came)
            self._loop.call_soon_threadsafe(self._came.put_nowait, None)

    async def _next(self) -> TypedLine | None:
        line = await self._came.get()
        if line is None:  # nothing comes after the end: whoever asks again is told so, too
            self._came.put_nowait(None)
        return line

    async def ask(self, question: str) -> str | None:
        """Print a question and return the next line; `None` at the end of input."""
        print(question, end="", flush=True)
        line = await self._next()
        return None if line is None else line.text

    async def ask_seriously(self, question: str) -> str | None:
        """Ask for what cannot be undone: what was typed before the question could be read is dropped, and said."""
        with suppress(termios.error):
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)
        while True:
            print(question, end="", flush=True)
            asked = time.monotonic()
            line = await self._next()
            if line is None:
                return None
            if line.moment - asked >= ARMING_SECONDS:
                return line.text
            print("That came before the question could be read, and did nothing.")
