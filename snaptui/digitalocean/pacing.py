"""Keeps all requests of one token under the API's limits: 250 in any minute and 5,000 in any hour."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from snaptui.digitalocean.errors import RateLimitedError
from snaptui.digitalocean.rate_limit import RateLimit, Wait

RESERVED_SHARE: Final = 0.08
"""The part of the limits that background work leaves to browsing."""
LONGEST_WAIT_SECONDS: Final = 120.0
"""More than any wait for the minute's limit; who would wait longer for the hour's is told when it frees."""
PROBE_SECONDS: Final = 60.0
"""How long `ratelimit-remaining` is believed: a 0 can also mean the minute's limit."""
TURN_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Pace:
    """How many requests may be sent in how many seconds. Source: docs.digitalocean.com, rate limit."""

    per_minute: int = 250
    per_hour: int = 5_000
    minute_seconds: float = 60.0
    hour_seconds: float = 3_600.0


DIGITALOCEAN: Final = Pace()


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
        """Return how long until another request fits; a clock that was set back does not make it longer."""
        while self._answered and self._answered[0] <= now - self.seconds:
            self._answered.popleft()
        allowed = max(1, int(self.limit * share))
        over = len(self._answered) + in_flight + 1 - allowed
        if over <= 0:
            return 0.0
        if over > len(self._answered):
            return TURN_SECONDS
        return min(self.seconds, self._answered[over - 1] + self.seconds - now)


class Pacer:
    """Hands out the right to send; whoever has to wait is visible in `wait`. Times are Unix seconds."""

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        changed: Callable[[], None] = lambda: None,
        pace: Pace = DIGITALOCEAN,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._changed = changed
        self._windows = (_Window(pace.per_minute, pace.minute_seconds), _Window(pace.per_hour, pace.hour_seconds))
        self._in_flight = 0
        self._blocked_until = 0.0
        self._said = RateLimit()
        self._said_at = 0.0
        self._waits: dict[object, Wait] = {}

    @property
    def wait(self) -> Wait | None:
        """The wait that ends first, if anything waits."""
        return min(tuple(self._waits.values()), key=lambda wait: wait.until, default=None)

    def block_until(self, moment: float) -> None:
        """Send nothing before `moment`: the server said so."""
        self._blocked_until = max(self._blocked_until, moment)

    def learn(self, said: RateLimit) -> None:
        """Take over how much quota the server says is left: others may be using the same token."""
        self._said, self._said_at = said, self._clock()

    @asynccontextmanager
    async def slot(self, *, background: bool) -> AsyncIterator[None]:
        """Wait for the right to send one request; background work leaves a reserve.

        Raises `RateLimitedError` where that would take longer than two minutes.
        """
        share = 1.0 - RESERVED_SHARE if background else 1.0
        while (delay := self._delay(share)) > 0:
            if delay > LONGEST_WAIT_SECONDS:
                raise _too_long(delay)
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
        return max(self._blocked_until - now, self._quota_delay(now, share), *delays)

    def _quota_delay(self, now: float, share: float) -> float:
        """Return how long until the server's own count has room; one request at a time goes to find out."""
        limit, remaining, reset = self._said.limit, self._said.remaining, self._said.reset
        if limit is None or remaining is None or remaining - self._in_flight > int(limit * (1.0 - share)):
            return 0.0
        until = self._said_at + PROBE_SECONDS
        if reset is not None:
            until = min(until, reset)
        return max(until - now, TURN_SECONDS if self._in_flight else 0.0)

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


def _too_long(delay: float) -> RateLimitedError:
    return RateLimitedError(
        "the rate limit is used up, so nothing was sent",
        hint=f"The next request is free in {delay:.0f} s.",
        rate_limit=RateLimit(retry_after_seconds=delay),
    )
