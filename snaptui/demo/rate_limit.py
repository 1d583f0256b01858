"""Rate limit of the demo API: true sliding windows, reported in headers."""

import math
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a token: requests in any minute and in any hour."""

    per_minute: int = 250
    minute_seconds: float = 60.0
    per_hour: int = 5_000
    hour_seconds: float = 3_600.0


@dataclass(slots=True)
class RateLimiter:
    """Sliding windows of one token; each request frees its place exactly one window after it was made."""

    limits: Limits = Limits()
    _minute: deque[float] = field(default_factory=deque)
    _hour: deque[float] = field(default_factory=deque)

    def admit(self, now: float) -> tuple[bool, dict[str, str]]:
        """Return whether a request at `now` may pass, and the `ratelimit-*` headers of its answer."""
        limits = self.limits
        _expire(self._minute, now - limits.minute_seconds)
        _expire(self._hour, now - limits.hour_seconds)
        burst = len(self._minute) >= limits.per_minute
        admitted = not burst and len(self._hour) < limits.per_hour
        if admitted:
            self._minute.append(now)
            self._hour.append(now)
        oldest = self._hour[0] if self._hour else now
        headers = {
            "ratelimit-limit": str(limits.per_hour),
            "ratelimit-remaining": str(0 if burst else limits.per_hour - len(self._hour)),
            "ratelimit-reset": str(math.ceil(oldest + limits.hour_seconds)),
        }
        if burst:
            headers["retry-after"] = str(max(1, math.ceil(self._minute[0] + limits.minute_seconds - now)))
        return admitted, headers


def _expire(moments: deque[float], before: float) -> None:
    while moments and moments[0] <= before:
        moments.popleft()
