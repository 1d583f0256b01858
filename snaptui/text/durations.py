"""Durations in words, for what is waited for: short, and never less than it takes."""


def duration(seconds: float) -> str:
    """Return a time to wait in its largest unit, rounded up: `12 s`, `3 min`, `2 h`."""
    if seconds <= 90:
        return f"{max(1, round(seconds))} s"
    if seconds <= 90 * 60:
        return f"{-int(-seconds // 60)} min"
    return f"{-int(-seconds // 3_600)} h"
