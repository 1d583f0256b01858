"""Amounts as people write them: `20GB`, `90d`, `2024-01`, `$1.50`."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from math import inf, nextafter
from typing import Final

from msgspec import Struct

from snaptui.query.errors import short

_NUMBER: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)\Z")
_GIGABYTES: Final = {"": "", "mb": "e-3", "gb": "", "tb": "e3"}
"""Powers of ten by unit, read together with the number: 350 times 0.001 is not 0.35."""

_SECONDS: Final = {"h": 3_600, "d": 86_400, "w": 7 * 86_400, "mo": 30 * 86_400, "y": 365 * 86_400}
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_MONTH: Final = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])\Z")
_ROUNDING: Final = 0.005  # half of the last of the two decimals that are shown: what reads the same is equal
_LONGEST_PLACE: Final = 9


class Amount(Struct, frozen=True):
    """An amount as written: the `exact` value that others are compared with, and the half-open range that equals it."""

    text: str
    exact: float
    least: float
    beyond: float
    whole: bool = False
    """True when `>` means after all of the range, as with days and months."""

    def __str__(self) -> str:
        return self.text

    def bounds(self, operator: str) -> tuple[float, float]:
        """Return the half-open range of values for which `value operator amount` holds."""
        after = self.beyond if self.whole else nextafter(self.exact, inf)
        return {
            ">": (after, inf),
            ">=": (self.exact, inf),
            "<": (-inf, self.exact),
            "<=": (-inf, after),
            "=": (self.least, self.beyond),
        }[operator]


def _number(text: str, units: Collection[str], wanted: str) -> tuple[str, str]:
    """Return the digits of an amount and its unit in small letters; raises `ValueError` for anything else."""
    found = _NUMBER.match(text)
    unit = found.group(2).lower() if found else ""
    if found is None or unit not in units:
        raise ValueError(f"write {wanted}; {short(text)} is none")
    return found.group(1), unit


def _plain_number(text: str, wanted: str) -> float:
    return float(_number(text, ("",), wanted)[0])


def parse_month(text: str) -> Amount:
    """Read `2024-01`, a month in UTC. Raises `ValueError`."""
    if not _MONTH.match(text):
        raise ValueError(f"write a month as 2024-01; {short(text)} is none")
    return parse_moment(text)


def parse_place(text: str) -> Amount:
    """Read a whole number from 1, the place in an order. Raises `ValueError`."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_PLACE and int(text)):
        raise ValueError(f"write a whole number such as 3; {short(text)} is none")
    return Amount(text, int(text), int(text) - 0.5, int(text) + 0.5)


def parse_gigabytes(text: str) -> Amount:
    """Read `20GB`, `500MB`, `1.5TB`, or a number of GB; equal means equal to two decimals."""
    number, unit = _number(text, _GIGABYTES, "a size such as 20GB or 1.5TB")
    size = float(number + _GIGABYTES[unit])
    return Amount(text, size, size - _ROUNDING, size + _ROUNDING)


def parse_duration(text: str) -> Amount:
    """Read `36h`, `90d`, `12w`, `6mo` (30 days), `1y` (365 days); equal means that many whole units."""
    number, unit = _number(text, _SECONDS, "an age such as 36h, 90d, 6mo or 1y")
    seconds = float(number) * _SECONDS[unit]
    return Amount(text, seconds, seconds, seconds + _SECONDS[unit])


def parse_usd(text: str) -> Amount:
    """Read `1.50` or `$1.50`, US dollars a month; equal means equal to the cent."""
    number = _plain_number(text.removeprefix("$"), "an amount of US dollars such as 1.50")
    return Amount(text, number, number - _ROUNDING, number + _ROUNDING)


def parse_times(text: str) -> Amount:
    """Read `3` or `1.5`, how many times as large; equal means equal to two decimals. Raises `ValueError`."""
    number = _plain_number(text, "how many times as large, such as 3 or 1.5")
    return Amount(text, number, number - _ROUNDING, number + _ROUNDING)


def parse_moment(text: str) -> Amount:
    """Read `2024`, `2024-01`, `2024-01-31` or `2024-01-31T12:30Z`, in UTC; equal means within it."""
    wanted = f"write a date such as 2024-01-31 or 2024-01; {short(text)} is none"
    found = _DATE.match(text)
    try:
        if found is None:
            moment = datetime.fromisoformat(text)
            start = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            end = start + timedelta(seconds=1 if start.second else 60)
        else:
            year, month, day = (int(part) if part else None for part in found.groups())
            start = datetime(year or 1, month or 1, day or 1, tzinfo=UTC)
            end = _end(start, month, day)
        return Amount(text, start.timestamp(), start.timestamp(), end.timestamp(), whole=True)
    except (ValueError, OverflowError):
        raise ValueError(wanted) from None


def _end(start: datetime, month: int | None, day: int | None) -> datetime:
    if day is not None:
        return start + timedelta(days=1)
    if month is not None and month < 12:
        return start.replace(month=month + 1)
    return start.replace(year=start.year + 1, month=1)


PARSERS: Final[Mapping[str, Callable[[str], Amount]]] = {
    "size": parse_gigabytes,
    "min_disk": parse_gigabytes,
    "age": parse_duration,
    "cost": parse_usd,
    "created": parse_moment,
    "nth": parse_place,
    "family-nth": parse_place,
    "of": parse_place,
    "growth": parse_times,
}
UNITS: Final[Mapping[str, Collection[str]]] = {
    "size": _GIGABYTES,
    "min_disk": _GIGABYTES,
    "age": _SECONDS,
    "cost": (),
    "created": (),
    "nth": (),
    "family-nth": (),
    "of": (),
    "growth": (),
}
"""The units, in small letters, that may stand apart from their number."""
