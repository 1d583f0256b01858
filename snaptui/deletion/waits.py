"""Waits of a batch's work: for the rate limit as the server says, and after errors. They are passed before a look."""

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.halt import Halt
from snaptui.digitalocean.api.errors import RateLimitedError

NO_HINT_SECONDS: Final = 5.0
"""How long to wait after a 429 that does not say how long."""
LONGEST_WAIT_SECONDS: Final = 60.0
"""How long to wait at once for the rate limit; then it is asked again, as the hint may be about something else."""


class Waits:
    """Keeps when the next look may begin; `clock` is `boot_seconds`, `wall` tells Unix seconds for what is shown."""

    def __init__(
        self,
        owner: BatchOwner,
        halt: Halt,
        *,
        clock: Callable[[], float],
        wall: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._owner = owner
        self._halt = halt
        self._clock = clock
        self._wall = wall
        self._sleep = sleep
        self._not_before = float("-inf")

    def at_least(self, seconds: float) -> None:
        """Let no look begin for some seconds."""
        self._not_before = max(self._not_before, self._clock() + seconds)

    def rate_limited(self, error: RateLimitedError) -> None:
        """Wait as long as a 429 says, and show until when."""
        free = error.rate_limit.free_in_seconds(self._wall()) if error.rate_limit else None
        seconds = min(NO_HINT_SECONDS if free is None else free, LONGEST_WAIT_SECONDS)
        self.at_least(seconds)
        batch = self._owner.batch
        self._owner.show(replace(batch, waits_until=max(self._wall() + seconds, batch.waits_until)))

    async def over(self) -> None:
        """Return when a look may begin; raises `HaltedError`."""
        if self._not_before > self._clock():
            await self._halt.unless_asked(self._wait())

    async def _wait(self) -> None:
        while (left := self._not_before - self._clock()) > 0:
            await self._sleep(left)
