"""Amounts in words: sizes, money, ages, counts, moments."""

from datetime import UTC, datetime
from typing import Final

_AGES: Final = (
    (365 * 86_400, "year"),
    (30 * 86_400, "month"),
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
)


def age(seconds: float) -> str:
    """Return an age as its largest unit, `6 years`."""
    if seconds < -60:
        return "future"
    for length, unit in _AGES:
        if seconds >= length:
            number = int(seconds // length)
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return "just now"


def gigabytes(size: float) -> str:
    """Return the size of one snapshot, always in GB with two decimals so that sizes align."""
    return f"{size:,.2f} GB"


def total_gigabytes(size: float) -> str:
    """Return a sum of sizes in the unit that reads best: `212 GB`, `3.1 TB`."""
    if size >= 1000:
        return f"{size / 1000:,.1f} TB"
    return f"{size:,.0f} GB" if size >= 100 else f"{size:,.2f} GB"


def usd(amount: float) -> str:
    """Return US dollars with cents and no sign."""
    return f"{amount:,.2f}"


def usd_per_month(amount: float) -> str:
    """Return a monthly cost, `$187.44/mo`."""
    return f"${usd(amount)}/mo"


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form, `1,204 snapshots`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def moment(created: float) -> str:
    """Return a moment in local time with its offset, and in UTC."""
    try:
        utc = datetime.fromtimestamp(created, UTC)
        local = utc.astimezone()
    except (OverflowError, ValueError, OSError):
        return f"{created:.0f} seconds since 1970"
    offset = local.strftime("%z")
    if offset in ("+0000", ""):
        return f"{utc:%Y-%m-%d %H:%M:%S} UTC"
    same_day = "%H:%M" if local.date() == utc.date() else "%Y-%m-%d %H:%M"
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]} ({utc.strftime(same_day)} UTC)"
