"""Amounts in words: sizes, money, ages, counts, moments.

What stands in a sentence is worded by humanize, which is imported with the first row; what stands in a column of the
table is worded here, because it has to align and to fit.
"""

from datetime import UTC, datetime
from typing import Final

from snaptui.text.cells import cell_width

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_MONTH: Final = 30 * _DAY
_YEAR: Final = 365 * _DAY
# Up to so much of a unit the next larger one would say too little: "1 year" is anything from 12 to 23 months.
_AGES: Final = (
    (2 * _MINUTE, 1, "just now"),
    (10 * _MINUTE, _MINUTE, "minutes"),
    (2 * _HOUR, _MINUTE, "min"),
    (2 * _DAY, _HOUR, "hours"),
    (2 * _MONTH, _DAY, "days"),
    (2 * _YEAR, _MONTH, "months"),
)
_MOST_DECIMAL_YEARS: Final = 10
_LARGEST: Final = 1e21
FUTURE: Final = "future"


def short_age(seconds: float) -> str:
    """Return an age in days or more, in at most six cells, never rounded up: `46 d`, `8 mo`, `6.1 y`."""
    if seconds < -_DAY:
        return FUTURE
    if seconds < _DAY:
        return "today"
    if seconds < 2 * _MONTH:
        return f"{int(seconds // _DAY)} d"
    return f"{int(seconds // _MONTH)} mo" if seconds < 2 * _YEAR else f"{int(seconds * 10 / _YEAR) / 10:.1f} y"


def since(moment: float | None, now: float) -> str:
    """Return the age of a moment in at most six cells, `46 d`; `?` where it is unknown."""
    return "?" if moment is None else short_age(now - moment)


def age(seconds: float) -> str:
    """Return an age for a column, at most nine cells: `16 months`, `2.3 years`."""
    if seconds < -_MINUTE:
        return FUTURE
    for limit, length, unit in _AGES:
        if seconds < limit:
            return unit if length == 1 else f"{int(seconds // length)} {unit}"
    years = seconds / _YEAR
    if years >= _MOST_DECIMAL_YEARS:
        return f"{int(years)} years" if years < 1_000 else "ages"
    return f"{int(years * 10) / 10:.1f} years"


def age_in_words(seconds: float) -> str:
    """Return an age for a sentence, `16 months`; like a column's it is never rounded up."""
    # humanize says "6 years" of five and a half, and "a year" of 360 days.
    if seconds >= 2 * _DAY:
        return age(seconds)
    from humanize import naturaldelta

    return naturaldelta(seconds)


def time_ago(seconds: float) -> str:
    """Return the time since a moment, or until it, in words: `3 months ago`, `a day from now`."""
    return f"{age_in_words(seconds)} ago" if seconds >= 0 else f"{age_in_words(-seconds)} from now"


def gigabytes(size: float) -> str:
    """Return the size of one snapshot, in GB with two decimals so that sizes align."""
    return f"{size:,.2f} GB"


def gigabytes_in(size: float, width: int) -> str:
    """Return the size of one snapshot in at most `width` cells, with as many decimals as there is room for."""
    return _fitting(width, f"{size:,.2f} GB", f"{size:,.1f} GB", f"{size:,.0f} GB", f"{size / 1e3:,.0f} TB", "huge")


def usd_in(amount: float, width: int) -> str:
    """Return US dollars in at most `width` cells, with cents where there is room for them."""
    return _fitting(width, f"{amount:,.2f}", f"{amount:,.0f}", f"{amount / 1e3:,.0f}k", "huge")


def _fitting(width: int, *forms: str) -> str:
    return next((form for form in forms if cell_width(form) <= width), forms[-1])


def total_gigabytes(size: float) -> str:
    """Return a sum of sizes in the unit that reads best: `212.4 GB`, `3.1 TB`."""
    if size == 0:
        return "0 GB"
    from humanize import naturalsize

    return naturalsize(min(size * 1e9, _LARGEST))


def usd(amount: float) -> str:
    """Return US dollars with cents and no sign."""
    return f"{amount:,.2f}"


def dollars(cents: int) -> str:
    """Return US cents as dollars and cents with no sign of the currency, `1,204.50`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def usd_per_month(amount: float) -> str:
    """Return a monthly cost, `$187.44/mo`."""
    return f"${usd(amount)}/mo"


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form, `1,204 snapshots`."""
    from humanize import intcomma

    return f"{intcomma(number)} {noun}" if number == 1 else f"{intcomma(number)} {noun}s"


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


def day(created: float) -> str:
    """Return a moment's day in UTC, `2025-03-13`."""
    try:
        return f"{datetime.fromtimestamp(created, UTC):%Y-%m-%d}"
    except (OverflowError, ValueError, OSError):
        return "?"
