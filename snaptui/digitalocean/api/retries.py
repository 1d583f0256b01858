"""Retries: whether and when a request is sent again after a failure, and the time limit of each try."""

from typing import Final

from msgspec import Struct

from snaptui.digitalocean.api.errors import ApiError, RateLimitedError

LONGEST_BACKOFF_SECONDS: Final = 30.0


class Patience(Struct, frozen=True):
    """Limits of a request: the number of tries, and the seconds of each try and of all the waits between them.

    After a try that took too long the next may take twice as long: a page that needs 40 s arrives with the second, and
    large accounts have such (issues 295 of DigitalOcean's CSI driver, 203 and 794 of its Terraform provider).
    The rate limit is not counted as a try: after a burst it is free again in a minute.
    """

    attempts: int = 4
    try_seconds: float = 30.0
    total_seconds: float = 120.0
    first_backoff_seconds: float = 0.5

    def try_seconds_after(self, slow: int) -> float:
        """Return the seconds that a try may take after `slow` tries that took too long."""
        return self.try_seconds * 2.0**slow

    def delay_after(self, error: ApiError, attempt: int, now: float, chance: float) -> float:
        """Return the seconds to wait after a failed try; `chance`, from 0 to 1, keeps clients apart.

        As long as the server says, or else twice as long after each try.
        """
        backoff = self.first_backoff_seconds * 2.0 ** min(attempt - 1, 16)
        limit = error.rate_limit if isinstance(error, RateLimitedError) else None
        free = None if limit is None else limit.free_in_seconds(now)
        if free is not None:
            return max(free, self.first_backoff_seconds) + chance
        return min(backoff, LONGEST_BACKOFF_SECONDS) * (0.5 + chance)

    def tries_again(self, failures: int, waited: float, delay: float) -> bool:
        """Return whether to try again in `delay` seconds, given the failures and the seconds waited so far."""
        return failures < self.attempts and waited + delay <= self.total_seconds
