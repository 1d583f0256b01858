"""Pacer: keeps all requests of one token under the API's limits, 250 in any minute and 5,000 in any hour."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from itertools import count
from typing import Final

from snaptui.digitalocean.api.departure import boot_seconds
from snaptui.digitalocean.api.errors import NotSentError
from snaptui.digitalocean.api.rate_limit import Lease, Wait

PER_MINUTE: Final = 250
PER_HOUR: Final = 5_000
"""Both by the API reference (`ratelimit-limit`). Each request frees its place an hour after it was made."""
RESERVED_SHARE: Final = 0.08
"""The part of the limits that background work leaves to browsing: 20 requests a minute."""
LEAST_LEASE: Final = 3
"""A look at a snapshot, one at what is kept of its group, and the DELETE that rests on both."""
COLLECTING_SHARE: Final = 0.1
"""The part of a minute for which a lease that has enough waits for more: a burst of 5 s frees its places so."""
IN_FLIGHT_SECONDS: Final = 0.05
"""Seconds to wait for an answer that is due before asking again for a place."""


class _Window:
    """A true sliding window: a place is free again `seconds` after the answer to its request came.

    The server counted the request before it answered, so our place is never free before the server's.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._answered: deque[float] = deque()

    def add(self, moment: float) -> None:
        self._answered.append(moment)

    def allowed(self, share: float) -> int:
        """Return the number of requests that fit now."""
        return max(1, int(self.limit * share))

    def delay(self, now: float, taken: int, wanted: int, share: float) -> float:
        """Return the seconds until `wanted` more requests fit beside those `taken` by leases and requests under way."""
        while self._answered and self._answered[0] <= now - self.seconds:
            self._answered.popleft()
        over = len(self._answered) + taken + wanted - self.allowed(share)
        if over <= 0:
            return 0.0
        if over > len(self._answered):
            return IN_FLIGHT_SECONDS
        return self._answered[over - 1] + self.seconds - now


class Pacer:
    """Rate limiter of one token: every request takes a place here first. `wait` tells of those that have to wait.

    `clock` measures durations and must not jump; `wall` tells Unix seconds for what is shown.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = boot_seconds,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        per_minute: int = PER_MINUTE,
        per_hour: int = PER_HOUR,
        minute_seconds: float = 60.0,
        hour_seconds: float = 3600.0,
    ) -> None:
        self._clock = clock
        self._wall = wall
        self._sleep = sleep
        self._changed: Callable[[], None] = lambda: None
        self._collecting_seconds = minute_seconds * COLLECTING_SHARE
        self._windows = (_Window(per_minute, minute_seconds), _Window(per_hour, hour_seconds))
        self._taken = 0
        self._blocked_until = float("-inf")
        self._waits: dict[object, Wait] = {}
        self._leases: dict[int, int] = {}
        self._numbers = count(1)

    @property
    def wait(self) -> Wait | None:
        """The wait that ends first; `None` when nothing waits."""
        return min(self._waits.values(), key=lambda wait: wait.until, default=None)

    def on_change(self, changed: Callable[[], None]) -> None:
        """Call `changed` whenever a wait of a second or more begins or ends."""
        self._changed = changed

    def block_for(self, seconds: float) -> None:
        """Send nothing for some seconds, because the server said so."""
        self._blocked_until = max(self._blocked_until, self._clock() + seconds)

    @asynccontextmanager
    async def lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        """Wait until `least` requests of background work fit at once, and hold their places, or up to `wanted` of them.

        It waits for no more than half of what background work may use: browsing goes on meanwhile, and a lease of
        nearly all would wait for ever. Places that were not used are free again at the end.
        """
        most = min(window.allowed((1.0 - RESERVED_SHARE) / 2) for window in self._windows)
        least = min(least, max(LEAST_LEASE, most))
        await self._place(least, background=True)
        number = next(self._numbers)
        self._leases[number] = least
        try:
            await self._collect(number, wanted)
            yield Lease(number, self._leases[number])
        finally:
            self._taken -= self._leases.pop(number)

    async def _collect(self, number: int, wanted: int) -> None:
        """Hold more places, up to `wanted`: what is free, and what becomes free in a moment, as after a burst."""
        until = self._clock() + self._collecting_seconds
        wanted = min(wanted, *(window.allowed(1.0 - RESERVED_SHARE) for window in self._windows))
        while self._leases[number] < wanted:
            if (delay := self._delay(1, 1.0 - RESERVED_SHARE)) <= 0:
                self._taken += 1
                self._leases[number] += 1
            elif self._clock() + delay <= until:
                await self.pause(delay, "rate limit")
            else:
                return

    @asynccontextmanager
    async def slot(self, *, background: bool, lease: int = 0) -> AsyncIterator[None]:
        """Wait for the right to send one request, by a place of a lease first; background work leaves a reserve."""
        while lease and (blocked := self._blocked_until - self._clock()) > 0:
            await self.pause(blocked, "rate limit")
        if not self._use(lease):
            await self._place(1, background=background)
        async with self._request():
            yield

    @asynccontextmanager
    async def leased_slot(self, lease: int) -> AsyncIterator[None]:
        """Use a place of a lease to send one request at once; raises `NotSentError` where that would have to wait."""
        if self._clock() < self._blocked_until:
            raise NotSentError("the rate limit is used up")
        if not self._use(lease):
            raise NotSentError("no place of the rate limit is held for it")
        async with self._request():
            yield

    def _use(self, lease: int) -> bool:
        if self._leases.get(lease, 0) == 0:
            return False
        self._leases[lease] -= 1
        return True

    @asynccontextmanager
    async def _request(self) -> AsyncIterator[None]:
        try:
            yield
        finally:
            self._taken -= 1
            for window in self._windows:
                window.add(self._clock())

    async def _place(self, wanted: int, *, background: bool) -> None:
        share = 1.0 - RESERVED_SHARE if background else 1.0
        while (delay := self._delay(wanted, share)) > 0:
            await self.pause(delay, "rate limit")
        self._taken += wanted

    def _delay(self, wanted: int, share: float) -> float:
        now = self._clock()
        delays = [window.delay(now, self._taken, wanted, share) for window in self._windows]
        return max(self._blocked_until - now, *delays)

    async def pause(self, seconds: float, reason: str) -> None:
        """Sleep visibly; cancelling the caller ends it at once."""
        with self.shown(reason, seconds):
            await self._sleep(seconds)

    @contextmanager
    def shown(self, reason: str, seconds: float) -> Iterator[None]:
        """Context in which a wait of some seconds is shown; listeners are told of those of a second or more."""
        key = object()
        self._waits[key] = Wait(reason, self._wall() + seconds)
        if seconds >= 1:
            self._changed()
        try:
            yield
        finally:
            del self._waits[key]
            if seconds >= 1:
                self._changed()
