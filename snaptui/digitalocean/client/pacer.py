"""Keeps all requests of one token under the API's limits: 250 in any minute and 5,000 in any hour."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from snaptui.digitalocean.api.rate_limit import Wait

PER_MINUTE: Final = 250
PER_HOUR: Final = 5_000
RESERVED_SHARE: Final = 0.08
"""The part of the limits that background work leaves to browsing."""


class _Window:
    """A true sliding window: a slot is free again `seconds` after the answer to its request came.

    The server counted the request before it answered, so our slot is never free before the server's.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._answered: deque[float] = deque()

    def add(self, moment: float) -> None:
        self._answered.append(moment)

    def delay(self, now: float, in_flight: int, share: float) -> float:
        """Return how long until another request fits."""
        while self._answered and self._answered[0] <= now - self.seconds:
            self._answered.popleft()
        allowed = max(1, int(self.limit * share))
        over = len(self._answered) + in_flight + 1 - allowed
        if over <= 0:
            return 0.0
        if over > len(self._answered):
            return 0.05
        return self._answered[over - 1] + self.seconds - now


class Pacer:
    """Hands out the right to send; whoever has to wait is visible in `wait`. Times are Unix seconds."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        per_minute: int = PER_MINUTE,
        per_hour: int = PER_HOUR,
        minute_seconds: float = 60.0,
        hour_seconds: float = 3600.0,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._changed: Callable[[], None] = lambda: None
        self._windows = (_Window(per_minute, minute_seconds), _Window(per_hour, hour_seconds))
        self._in_flight = 0
        self._blocked_until = 0.0
        self._waits: dict[object, Wait] = {}

    @property
    def wait(self) -> Wait | None:
        """The wait that ends first, if anything waits."""
        return min(self._waits.values(), key=lambda wait: wait.until, default=None)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever a wait of a second or more begins or ends."""
        self._changed = changed

    def block_until(self, moment: float) -> None:
        """Send nothing before `moment`: the server said so."""
        self._blocked_until = max(self._blocked_until, moment)

    @asynccontextmanager
    async def slot(self, *, background: bool) -> AsyncIterator[None]:
        """Wait for the right to send one request; background work leaves a reserve."""
        share = 1.0 - RESERVED_SHARE if background else 1.0
        while (delay := self._delay(share)) > 0:
            await self.pause(delay, "rate limit")
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1
            for window in self._windows:
                window.add(self._clock())

    def _delay(self, share: float) -> float:
        now = self._clock()
        delays = [window.delay(now, self._in_flight, share) for window in self._windows]
        return max(self._blocked_until - now, *delays)

    async def pause(self, seconds: float, reason: str) -> None:
        """Sleep visibly; cancelling the caller ends it at once."""
        key = object()
        self._waits[key] = Wait(reason, self._clock() + seconds)
        if seconds >= 1:
            self._changed()
        try:
            await self._sleep(seconds)
        finally:
            del self._waits[key]
            if seconds >= 1:
                self._changed()
