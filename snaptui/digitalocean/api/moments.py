"""Moments as the API and HTTP write them, to Unix seconds; never a guess."""

import re
from datetime import UTC, datetime
from typing import Final

# Snapshots come with whole seconds and `Z`, other resources with nanoseconds.
_ISO: Final = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})\Z", re.ASCII)
_USUAL_LENGTH: Final = len("2024-02-29T10:00:00Z")
_HTTP: Final = re.compile(r"[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT\Z", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def unix_seconds(text: str | None) -> float | None:
    """Return an ISO 8601 moment with its time zone in Unix seconds; `None` for one that cannot be read."""
    found = _ISO.match(text) if text else None
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found.group(1) + found.group(2))
    except ValueError:
        return None
    return moment.timestamp() if 1970 <= moment.year < 9999 else None


def is_usual(text: str) -> bool:
    """Return whether a moment that `unix_seconds` can read is written as the API does, `2024-02-29T10:00:00Z`."""
    return len(text) == _USUAL_LENGTH and text[10] == "T"


def http_date(text: str | None) -> float | None:
    """Return a `Date` header, `Wed, 25 Nov 2026 17:00:00 GMT`, in Unix seconds; `None` for one that cannot be read."""
    found = _HTTP.match(text) if text else None
    if found is None or found[2] not in _MONTHS:
        return None
    day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
    try:
        return datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None
