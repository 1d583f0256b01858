"""Calendar periods of moments: the hour, day, ISO week, month and year of Unix seconds, in UTC or a time zone."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from operator import sub
from typing import Final

from msgspec import Struct

DAY_SECONDS: Final = 86_400
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()


class Period(StrEnum):
    """The periods a policy counts; their words are restic's."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    YEARLY = "yearly"


class Span(Struct, frozen=True):
    """A length of calendar time, as restic writes it: `1y5m7d2h`."""

    years: int = 0
    months: int = 0
    days: int = 0
    hours: int = 0

    def __str__(self) -> str:
        parts = ((self.years, "y"), (self.months, "m"), (self.days, "d"), (self.hours, "h"))
        return "".join(f"{number}{unit}" for number, unit in parts if number)

    @property
    def is_zero(self) -> bool:
        """True when it has no length."""
        return not (self.years or self.months or self.days or self.hours)


class Calendar:
    """Reader of moments (Unix seconds) as local dates and times of one time zone.

    Offsets, weeks and months are looked up once a day: 100,000 moments lie on a few thousand days.
    """

    def __init__(self, zone: tzinfo = UTC) -> None:
        self.zone = zone
        self._offsets: dict[int, float | None] = {}

    def numbers(self, period: Period, moments: Sequence[float]) -> Sequence[float]:
        """Return the number of each moment's period; two moments share it only within one period."""
        local = self._local(moments)
        if period is Period.HOURLY:
            return [moment // 3_600 for moment in local]
        days = [moment // DAY_SECONDS for moment in local]
        return days if period is Period.DAILY else self.of_days(period, days)

    def of_days(self, period: Period, days: Sequence[float]) -> Sequence[float]:
        """Return the number of the week, month or year of days, given by their numbers."""
        number = _OF_DAY[period]
        numbers = {day: number(int(day)) for day in set(days)}
        return list(map(numbers.__getitem__, days))

    def before(self, moments: Sequence[float], span: Span) -> Sequence[float]:
        """Return the moments so much earlier: years, months and days by the calendar, then hours by the clock.

        A day that its month does not have runs over into the next one, as in restic: a month before 31 March is
        3 March, or 2 March in a leap year. Moments before the year 1 are minus infinity.
        """
        if self.zone is not UTC:
            return [self._before(moment, span) for moment in moments]
        # In UTC all moments of a day go back equally far: a few thousand days instead of 100,000 moments.
        days = [moment // DAY_SECONDS * DAY_SECONDS for moment in moments]
        back = {day: day - self._before(day, span) for day in set(days)}
        earlier = list(map(sub, moments, map(back.__getitem__, days)))
        return earlier if all(map(float.is_integer, moments)) else [round(moment, 6) for moment in earlier]

    def _before(self, moment: float, span: Span) -> float:
        try:
            local = datetime.fromtimestamp(moment, self.zone)
            months = (local.year - span.years) * 12 + local.month - 1 - span.months
            first = local.replace(year=months // 12, month=months % 12 + 1, day=1, fold=0)
            start = first + timedelta(days=local.day - 1 - span.days)
            return start.timestamp() - span.hours * 3_600
        except (OverflowError, ValueError, OSError):
            return float("-inf")

    def _local(self, moments: Sequence[float]) -> Sequence[float]:
        if self.zone is UTC:
            return moments
        return [moment + self._offset(moment) for moment in moments]

    def _offset(self, moment: float) -> float:
        day = int(moment // DAY_SECONDS)
        if day not in self._offsets:
            start, end = self._exact_offset(day * DAY_SECONDS), self._exact_offset((day + 1) * DAY_SECONDS)
            self._offsets[day] = start if start == end else None
        offset = self._offsets[day]
        return self._exact_offset(moment) if offset is None else offset

    def _exact_offset(self, moment: float) -> float:
        try:
            offset = datetime.fromtimestamp(moment, self.zone).utcoffset()
        except (OverflowError, ValueError, OSError):
            return 0.0
        return offset.total_seconds() if offset is not None else 0.0


def _month(day: int) -> int:
    """Return the number of a day's month, 12 to a year; a day beyond the calendar is a month of its own."""
    try:
        there = date.fromordinal(_FIRST_DAY + day)
    except (OverflowError, ValueError):
        return 12 * day
    return there.year * 12 + there.month - 1


_OF_DAY: Final[dict[Period, Callable[[int], int]]] = {
    # The first day of 1970 was a Thursday, and ISO weeks begin on Mondays.
    Period.WEEKLY: lambda day: (day + 3) // 7,
    Period.MONTHLY: _month,
    Period.YEARLY: lambda day: _month(day) // 12,
}
