"""Halt of a batch's work: nothing more begins, what has not left is withdrawn, and it is told when that is certain."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

from snaptui.digitalocean.api.departure import Departure

T = TypeVar("T")


class HaltedError(Exception):
    """Nothing more may be sent now."""


class Halt:
    """Halts the work on one batch. It is quiet when every DELETE under way has left, or will certainly never."""

    def __init__(self) -> None:
        self._asked = asyncio.Event()
        self._quiet = asyncio.Event()
        self._departures: set[Departure] = set()

    @property
    def asked(self) -> bool:
        """True from `ask` until `lift`."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Begin nothing more, and withdraw what has not left."""
        self._asked.set()
        for departure in tuple(self._departures):
            departure.withdraw()

    def lift(self) -> None:
        """Let work begin again."""
        self._asked.clear()
        self._quiet.clear()

    async def quiet(self) -> None:
        """Wait until all that is not on the wire is known never to be sent."""
        self._check()
        await self._quiet.wait()

    @contextmanager
    def over(self, departure: Departure) -> Iterator[None]:
        """Context of one DELETE, from before its intent to after its answer: a halt meanwhile withdraws it."""
        self._departures.add(departure)
        departure.on_leave = self._check
        try:
            yield
        finally:
            departure.over()
            self._departures.remove(departure)
            self._check()

    async def unless_asked(self, work: Coroutine[object, object, T]) -> T:
        """Return what `work` brings; it is given up at a halt, raising `HaltedError`."""
        if self.asked:
            work.close()
            raise HaltedError
        task, halt = asyncio.create_task(work), asyncio.create_task(self._asked.wait())
        try:
            await asyncio.wait({task, halt}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise HaltedError
        finally:
            halt.cancel()
            if not task.done():
                task.cancel()
                # What it holds, such as places of the rate limit, is given back before anything goes on.
                await asyncio.gather(task, return_exceptions=True)

    def _check(self) -> None:
        if self.asked and all(departure.left for departure in self._departures):
            self._quiet.set()
