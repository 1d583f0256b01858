"""Durations in words, for what is waited for."""


def duration(seconds: float) -> str:
    """Return a time to wait in its largest unit: whole `12 s`, or `3 min` and `2 h`, which are rounded up."""
    if seconds <= 90:
        return f"{max(1, round(seconds))} s"
    if seconds <= 90 * 60:
        return f"{-int(-seconds // 60)} min"
    return f"{-int(-seconds // 3_600)} h"
