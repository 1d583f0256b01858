"""Feed: the results of a call, carried from the thread that reads it to whichever event loop wants it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Generic, TypeVar

from msgspec import Raw

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.process.messages import End, Failure, Item

T_co = TypeVar("T_co", covariant=True)


class Feed(Generic[T_co]):
    """Stream of values of one type, then an end or an error; values that come before anybody reads are kept.

    They are decoded by the thread that brings them.
    """

    def __init__(self, number: int, decode: Callable[[Raw], T_co]) -> None:
        self.number = number
        self.ended = False
        self._decode = decode
        self._lock = threading.Lock()
        self._values: list[T_co] = []
        self._failure: ApiError | None = None
        self._wake: Callable[[], object] | None = None

    def put(self, report: Item | End | Failure) -> None:
        """Add a value, or the end."""
        if isinstance(report, Item):
            value = self._decode(report.value)
            with self._lock:
                self._values.append(value)
        else:
            with self._lock:
                self.ended = True
                self._failure = report.error if isinstance(report, Failure) else None
        self._tell()

    def fail(self, error: ApiError) -> None:
        """End with an error."""
        with self._lock:
            self.ended, self._failure = True, error
        self._tell()

    def _tell(self) -> None:
        if self._wake is not None:
            with suppress(RuntimeError):  # the loop has ended meanwhile
                self._wake()

    async def read(self) -> AsyncIterator[T_co]:
        """Yield the values as they come; raises the `ApiError` that ends them."""
        loop, ready = asyncio.get_running_loop(), asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(ready.set)
        try:
            while True:
                with self._lock:
                    values, self._values = self._values, []
                    ended = self.ended
                for value in values:
                    yield value
                if ended:
                    if self._failure is not None:
                        raise self._failure
                    return
                if not values:
                    await ready.wait()
                    ready.clear()
        finally:
            self._wake = None
