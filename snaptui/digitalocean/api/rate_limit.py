"""Rate limit as the API reports it in headers, and the waits of a client.

After a 429 `retries` says when a read is sent again, `client/pacer` holds all others until then, and `client/client`
puts both together. A DELETE is never sent again by the client: `deletion/answers` takes its item through another look.
"""

from collections.abc import Mapping
from typing import Final, Self

from msgspec import Struct

from snaptui.digitalocean.api.moments import http_date
from snaptui.text.durations import duration

RATE_LIMIT: Final = "rate limit"
"""The reason of a wait for the rate limit."""


class RateLimit(Struct, frozen=True):
    """The `ratelimit-*` and `retry-after` headers of an answer.

    `remaining` counts the hourly quota; `reset` (Unix seconds) is when the *oldest* request expires, which frees
    one request, not all. `retry_after_seconds` comes with a used-up burst limit only. `date` is the answer's own (Unix
    seconds): `reset` is by the same clock, which the local one need not agree with.
    """

    limit: int | None = None
    remaining: int | None = None
    reset: int | None = None
    retry_after_seconds: float | None = None
    date: float | None = None

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Self:
        """Read an answer's headers; one that is missing or no number is `None`."""
        retry_after = headers.get("retry-after", "")
        return cls(
            _whole(headers.get("ratelimit-limit")),
            _whole(headers.get("ratelimit-remaining")),
            _whole(headers.get("ratelimit-reset")),
            min(float(retry_after), 86_400.0) if retry_after.isdecimal() else None,
            http_date(headers.get("date")),
        )

    def free_in_seconds(self, now: float) -> float | None:
        """Return the seconds to wait after a 429, as far as the server said; `None` when it did not.

        `now` (Unix seconds) counts where the answer has no date of its own.
        `reset` says it only when the hour is used up: thousands may remain of it, and the limit be another one, such as
        one snapshot of a volume in ten minutes.
        """
        if self.retry_after_seconds is not None:
            return self.retry_after_seconds
        if self.reset is None or self.remaining != 0:
            return None
        return max(0.0, self.reset - (now if self.date is None else self.date))


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 16 else None


class Lease(Struct, frozen=True):
    """Places of the rate limit that are held for requests to come: its number, and how many they are."""

    number: int
    places: int


class Wait(Struct, frozen=True):
    """A wait of the client: the reason in words, and its end in Unix seconds."""

    reason: str
    until: float

    def told(self, now: float) -> str:
        """Return it in words, `rate limit: waiting 12 s`."""
        return f"{self.reason}: waiting {duration(self.until - now)}"
