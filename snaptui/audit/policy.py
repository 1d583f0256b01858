"""Retention policy: what restic's `forget` options say, read from texts and printed again."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Self

from msgspec import Struct

from snaptui.audit.calendar import Period, Span

UNLIMITED: Final = -1
_SPAN: Final = re.compile(r"(?:[0-9]{1,6}[ymdh])+\Z")
_PART: Final = re.compile(r"([0-9]+)([ymdh])")


class PolicyError(ValueError):
    """A policy that cannot be read or that says nothing: what is wrong and what would be right."""


class Policy(Struct, frozen=True):
    """Retention policy: counts to keep per period (`UNLIMITED`: all), spans of time, and tags, for each group.

    Each of `tags` is a list of tags that a snapshot must all have; one list is enough.
    """

    last: int = 0
    hourly: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0
    yearly: int = 0
    within: Span = Span()
    within_hourly: Span = Span()
    within_daily: Span = Span()
    within_weekly: Span = Span()
    within_monthly: Span = Span()
    within_yearly: Span = Span()
    tags: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def read(cls, options: Mapping[str, str], tags: Sequence[str] = ()) -> Self:
        """Read the texts of options by field name (`last`, `within_daily`, …) and of `tags`. Raises `PolicyError`."""

        def count(name: str) -> int:
            return parse_count(options[name], option_name(name)) if name in options else 0

        def span(name: str) -> Span:
            return parse_span(options[name], option_name(name)) if name in options else Span()

        return cls(
            last=count("last"),
            hourly=count("hourly"),
            daily=count("daily"),
            weekly=count("weekly"),
            monthly=count("monthly"),
            yearly=count("yearly"),
            within=span("within"),
            within_hourly=span("within_hourly"),
            within_daily=span("within_daily"),
            within_weekly=span("within_weekly"),
            within_monthly=span("within_monthly"),
            within_yearly=span("within_yearly"),
            tags=tuple(parse_tags(text) for text in tags),
        )

    @property
    def is_empty(self) -> bool:
        """True when it says nothing: it would keep nothing, which is never meant."""
        return self == type(self)()

    @property
    def counts(self) -> tuple[tuple[Period, int], ...]:
        """The number to keep of each period that is counted."""
        pairs = ((period, self._number(period)) for period in Period)
        return tuple((period, number) for period, number in pairs if number)

    @property
    def spans(self) -> tuple[tuple[Period, Span], ...]:
        """The span within which one of each period is kept, for periods that have one."""
        pairs = ((period, self._span(period)) for period in Period)
        return tuple((period, span) for period, span in pairs if not span.is_zero)

    def _number(self, period: Period) -> int:
        return {
            Period.HOURLY: self.hourly,
            Period.DAILY: self.daily,
            Period.WEEKLY: self.weekly,
            Period.MONTHLY: self.monthly,
            Period.YEARLY: self.yearly,
        }[period]

    def _span(self, period: Period) -> Span:
        return {
            Period.HOURLY: self.within_hourly,
            Period.DAILY: self.within_daily,
            Period.WEEKLY: self.within_weekly,
            Period.MONTHLY: self.within_monthly,
            Period.YEARLY: self.within_yearly,
        }[period]

    def __str__(self) -> str:
        return ", ".join([f"{option_name(name)[7:]} {text}" for name, text in self.texts().items()] + self._tag_texts())

    def _tag_texts(self) -> list[str]:
        return [f"tag {','.join(tags)}" for tags in self.tags]

    def arguments(self) -> list[str]:
        """Return it as options of the command line."""
        counted = [part for name, text in self.texts().items() for part in (option_name(name), text)]
        return counted + [part for tags in self.tags for part in (option_name("tags"), ",".join(tags))]

    def texts(self) -> dict[str, str]:
        """Return what is set besides tags, as `read` takes it."""
        counts = {"last": self.last, **{str(period): number for period, number in self.counts}}
        spans = {"within": self.within, **{f"within_{period}": span for period, span in self.spans}}
        said = {name: count_text(number) for name, number in counts.items() if number}
        return said | {name: str(span) for name, span in spans.items() if not span.is_zero}


COUNTS: Final = ("last", *Period)
SPANS: Final = ("within", *(f"within_{period}" for period in Period))


def option_name(field: str) -> str:
    """Return the command line's name of a field, `--keep-within-daily`."""
    return "--keep-tag" if field == "tags" else f"--keep-{field.replace('_', '-')}"


def count_text(number: int) -> str:
    """Return a count as it is typed, `7` or `unlimited`."""
    return "unlimited" if number == UNLIMITED else str(number)


def parse_count(text: str, option: str = "the number") -> int:
    """Read `7` or `unlimited`; raises `PolicyError`."""
    if text.strip().lower() == "unlimited":
        return UNLIMITED
    if text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) <= 7:
        return int(text)
    if text.strip() == "-1":
        raise PolicyError(f"{option} does not take restic's -1: say unlimited")
    raise PolicyError(f"{option} takes a number, 0 or more, or unlimited, not {text!r}")


def parse_span(text: str, option: str = "the span") -> Span:
    """Read `1y2m3d4h`, as restic writes it: years, months, days, hours; raises `PolicyError`."""
    if not _SPAN.match(text.strip()):
        raise PolicyError(f"{option} takes a span such as 1y2m3d4h (years, months, days, hours), not {text!r}")
    sums = dict.fromkeys("ymdh", 0)
    for number, unit in _PART.findall(text):
        sums[unit] += int(number)
    return Span(sums["y"], sums["m"], sums["d"], sums["h"])


def parse_tags(text: str) -> tuple[str, ...]:
    """Read `a,b`: a snapshot must have all of these; raises `PolicyError`."""
    tags = tuple(tag.strip() for tag in text.split(","))
    if not all(tags):
        raise PolicyError(f"{option_name('tags')} takes tags with commas between them, not {text!r}")
    return tags
