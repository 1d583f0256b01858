"""Retention against restic's rules written down again the slow way, and cases worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from snaptui.audit.calendar import Calendar, Period, Span
from snaptui.audit.policy import UNLIMITED, Policy
from snaptui.audit.retention import History, Rules

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES: tuple[tzinfo, ...] = (UTC, BERLIN, LORD_HOWE)


def seconds(text: str) -> float:
    """`2024-02-29T10:00` in UTC as Unix seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


class Labels(Struct, frozen=True):
    """Nothing but tags."""

    tags: Sequence[str] | None


def of_one_group(moments: Sequence[float], tags: Sequence[Sequence[str] | None] | None = None) -> History:
    own = [()] * len(moments) if tags is None else tags
    return History([0, len(moments)] if moments else [0], moments, list(map(Labels, own)))


def judged(policy: Policy, *texts: str, zone: tzinfo = UTC) -> list[tuple[str, ...]]:
    """The reasons for moments given in any order, newest first."""
    rules = Rules(policy, Calendar(zone))
    moments = sorted((seconds(text) for text in texts), reverse=True)
    return [rules.reasons(bits) for bits in rules.judge(of_one_group(moments))]


def kept(policy: Policy, *texts: str, zone: tzinfo = UTC) -> list[str]:
    """Return the moments that stay, newest first."""
    ordered = sorted(texts, key=seconds, reverse=True)
    return [text for text, reasons in zip(ordered, judged(policy, *texts, zone=zone), strict=True) if reasons]


# restic's rules, one snapshot after the other, with calendar numbers made of the fields of a datetime.


def number(period: Period, at: datetime) -> int:
    iso = at.isocalendar()
    return {
        Period.HOURLY: at.year * 1_000_000 + at.month * 10_000 + at.day * 100 + at.hour,
        Period.DAILY: at.year * 10_000 + at.month * 100 + at.day,
        Period.WEEKLY: iso.year * 100 + iso.week,
        Period.MONTHLY: at.year * 100 + at.month,
        Period.YEARLY: at.year,
    }[period]


def limit(newest: datetime, span: Span) -> datetime:
    months = newest.year * 12 + newest.month - 1 - span.years * 12 - span.months
    first = newest.replace(year=months // 12, month=months % 12 + 1, day=1, fold=0)
    day = first + timedelta(days=newest.day - 1 - span.days)
    return (day.astimezone(UTC) - timedelta(hours=span.hours)).astimezone(UTC)


def naive(policy: Policy, moments: list[datetime], tags: list[frozenset[str]]) -> list[tuple[str, ...]]:
    left: dict[str, int] = {"last": policy.last, **{str(period): count for period, count in policy.counts}}
    seen: dict[object, int] = {}
    result = []
    for place, (at, own) in enumerate(zip(moments, tags, strict=True)):
        reasons = [f"has tags [{', '.join(wanted)}]" for wanted in policy.tags if set(wanted) <= own]
        if not policy.within.is_zero and at.astimezone(UTC) > limit(moments[0], policy.within):
            reasons.append(f"within {policy.within}")
        oldest = place == len(moments) - 1
        if left["last"]:
            left["last"] -= left["last"] > 0
            reasons.append("last snapshot")
        for period in Period:
            if left.get(period, 0):
                current = number(period, at)
                if seen.get(period) != current or oldest:
                    reasons.append(f"{'oldest ' if seen.get(period) == current else ''}{period} snapshot")
                    seen[period] = current
                    left[period] -= left[period] > 0
        for period, span in policy.spans:
            if at.astimezone(UTC) > limit(moments[0], span):
                current = number(period, at)
                if seen.get(("within", period)) != current or oldest:
                    word = "oldest " if seen.get(("within", period)) == current else ""
                    reasons.append(f"{word}{period} within {span}")
                    seen[("within", period)] = current
        result.append(tuple(reasons))
    return result


COUNTS = st.sampled_from((0, 0, 1, 2, 3, 7, UNLIMITED))
SPANS = st.one_of(
    st.just(Span()),
    st.builds(Span, st.integers(0, 2), st.integers(0, 14), st.integers(0, 40), st.integers(0, 50)),
)
POLICIES = st.builds(
    Policy,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    SPANS,
    SPANS,
    SPANS,
    SPANS,
    SPANS,
    SPANS,
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=2, unique=True).map(tuple), max_size=2).map(tuple),
)
MOMENTS = st.integers(-2_000_000_000_000_000, 4_000_000_000_000_000).map(lambda microseconds: microseconds / 1e6)
# Close together, so that many share a period; around year ends, leap days and changes of the clock.
STARTS = st.sampled_from(
    ("2019-12-29T22:00", "2024-02-28T23:30", "2020-12-31T23:59", "2024-10-27T00:30", "2024-03-31T00:30")
)


@st.composite
def histories(draw: st.DrawFn) -> list[float]:
    start = seconds(draw(STARTS))
    gaps = draw(
        st.lists(
            st.sampled_from((0.0, 0.000_001, 60.0, 1_800.0, 3_600.0, 40_000.0, 86_400.0, 700_000.0, 3e6, 3.2e7)),
            max_size=14,
        )
    )
    moments = [start]
    for gap in gaps:
        moments.append(moments[-1] - gap)
    return moments


@given(POLICIES, histories(), st.sampled_from(ZONES), st.data())
def test_every_policy_keeps_what_restics_rules_keep_and_for_the_same_reasons(
    policy: Policy, moments: list[float], zone: tzinfo, data: st.DataObject
) -> None:
    tags = [data.draw(st.frozensets(st.sampled_from("abc"))) for _ in moments]
    rules = Rules(policy, Calendar(zone))
    found = [rules.reasons(bits) for bits in rules.judge(of_one_group(moments, [tuple(own) for own in tags]))]
    assert found == naive(policy, [datetime.fromtimestamp(moment, zone) for moment in moments], tags)


@given(POLICIES, st.lists(histories(), max_size=4), st.sampled_from(ZONES))
def test_groups_side_by_side_are_judged_as_each_alone(policy: Policy, groups: list[list[float]], zone: tzinfo) -> None:
    rules = Rules(policy, Calendar(zone))
    starts = list(accumulate(map(len, groups), initial=0))
    untagged = [Labels(()) for _ in range(starts[-1])]
    together = rules.judge(History(starts, [one for moments in groups for one in moments], untagged))
    assert together == [bits for moments in groups for bits in rules.judge(of_one_group(moments))]


@given(MOMENTS, MOMENTS, st.sampled_from(ZONES), st.sampled_from(Period))
def test_two_moments_share_a_period_when_their_calendars_say_so(
    one: float, other: float, zone: tzinfo, period: Period
) -> None:
    numbers = Calendar(zone).numbers(period, [one, other])
    there = [number(period, datetime.fromtimestamp(moment, zone)) for moment in (one, other)]
    assert (numbers[0] == numbers[1]) == (there[0] == there[1])


@pytest.mark.parametrize("fraction", ["1", "2", "3", "7", "9", "000001", "000003", "123457"])
def test_what_is_just_as_old_as_a_span_is_outside_it_to_the_microsecond(fraction: str) -> None:
    # Between these two a binary number of seconds gets a digit more behind the point.
    policy = Policy(within=Span(months=2))
    assert kept(policy, f"2004-02-10T00:00:00.{fraction}", f"2003-12-10T00:00:00.{fraction}") == [
        f"2004-02-10T00:00:00.{fraction}"
    ]


def test_a_leap_day_is_a_day_of_its_own_and_ends_february() -> None:
    policy = Policy(daily=UNLIMITED, monthly=2)
    assert judged(policy, "2024-02-28T10:00", "2024-02-29T10:00", "2024-03-01T10:00") == [
        ("daily snapshot", "monthly snapshot"),
        ("daily snapshot", "monthly snapshot"),
        ("daily snapshot",),
    ]


def test_a_month_before_the_31st_of_march_is_the_2nd_in_a_leap_year_and_the_3rd_in_others() -> None:
    month = Policy(within=Span(months=1))
    assert kept(month, "2024-03-31T10:00", "2024-03-02T10:01", "2024-03-02T10:00") == [
        "2024-03-31T10:00",
        "2024-03-02T10:01",
    ]
    assert kept(month, "2023-03-31T10:00", "2023-03-03T10:01", "2023-03-03T10:00") == [
        "2023-03-31T10:00",
        "2023-03-03T10:01",
    ]


def test_the_53rd_iso_week_reaches_into_the_next_year() -> None:
    # 2020 has 53 weeks: the last one goes from Monday, 28 December, to Sunday, 3 January.
    assert kept(
        Policy(weekly=2),
        "2021-01-04T00:00",
        "2021-01-03T23:59",
        "2020-12-28T00:00",
        "2020-12-27T23:59",
        "2020-12-01T00:00",
    ) == [
        "2021-01-04T00:00",
        "2021-01-03T23:59",
    ]


def test_a_year_ends_with_its_last_second() -> None:
    assert kept(
        Policy(yearly=2), "2024-01-01T00:00:00", "2023-12-31T23:59:59", "2023-06-01T00:00:00", "2022-12-31T00:00:00"
    ) == [
        "2024-01-01T00:00:00",
        "2023-12-31T23:59:59",
    ]


def test_of_equal_moments_each_counts_as_one_of_the_last() -> None:
    assert judged(Policy(last=2), *["2024-05-05T05:05"] * 3) == [("last snapshot",), ("last snapshot",), ()]


def test_of_equal_moments_one_a_day_stays_and_while_counts_are_left_the_oldest() -> None:
    assert judged(Policy(daily=3), *["2024-05-05T05:05"] * 3) == [("daily snapshot",), (), ("oldest daily snapshot",)]


def test_a_microsecond_decides_at_the_end_of_a_span() -> None:
    assert kept(Policy(within=Span(days=1)), "2024-05-05T05:05", "2024-05-04T05:05:00.000001", "2024-05-04T05:05") == [
        "2024-05-05T05:05",
        "2024-05-04T05:05:00.000001",
    ]


def test_the_oldest_stays_while_a_count_is_left_and_says_so() -> None:
    day = [f"2024-05-05T{hour:02d}:00" for hour in (1, 2, 3)]
    assert judged(Policy(daily=2), *day) == [("daily snapshot",), (), ("oldest daily snapshot",)]
    assert judged(Policy(daily=1), *day) == [("daily snapshot",), (), ()]


def test_the_hour_that_comes_twice_in_autumn_is_one_hour() -> None:
    # In Berlin 02:30 came twice on 27 October 2024: at 00:30 and at 01:30 UTC.
    twice = ("2024-10-27T00:30", "2024-10-27T01:30", "2024-10-27T02:30")
    assert kept(Policy(hourly=2), *twice, "2024-10-26T00:00", zone=BERLIN) == ["2024-10-27T02:30", "2024-10-27T01:30"]
    assert kept(Policy(hourly=3), *twice, "2024-10-26T00:00", zone=UTC) == list(reversed(twice))


def test_a_day_begins_at_midnight_of_the_chosen_zone() -> None:
    around = ("2024-07-01T21:59", "2024-07-01T22:00", "2024-07-01T23:00")
    assert kept(Policy(daily=2), *around, "2024-06-01T00:00", zone=BERLIN) == ["2024-07-01T23:00", "2024-07-01T21:59"]
    assert kept(Policy(daily=2), *around, "2024-06-01T00:00") == ["2024-07-01T23:00", "2024-06-01T00:00"]


def test_a_day_back_over_the_change_of_the_clock_is_at_the_same_time_of_day() -> None:
    # From 12:00 on 31 March back to 12:00 on 30 March are 23 hours in Berlin.
    policy = Policy(within=Span(days=1))
    assert kept(policy, "2024-03-31T10:00", "2024-03-30T11:01", "2024-03-30T11:00", zone=BERLIN) == [
        "2024-03-31T10:00",
        "2024-03-30T11:01",
    ]


@pytest.mark.parametrize(
    ("policy", "counted"),
    [
        (Policy(last=UNLIMITED), 4),
        (Policy(hourly=UNLIMITED), 4),
        (Policy(yearly=UNLIMITED), 1 + 1),
        (Policy(within=Span(years=900_000)), 4),
    ],
)
def test_unlimited_counts_and_endless_spans_keep_one_of_each(policy: Policy, counted: int) -> None:
    hours = [f"2024-05-05T{hour:02d}:00" for hour in (1, 2, 3, 4)]
    assert len(kept(policy, *hours)) == counted


def test_tags_keep_without_using_up_a_count() -> None:
    rules = Rules(Policy(last=1, tags=(("a", "b"), ("c",))), Calendar())
    bits = rules.judge(of_one_group([3.0, 2.0, 1.0, 0.0], [("a",), ("b", "a"), ("c", "d"), None]))
    assert [rules.reasons(one) for one in bits] == [("last snapshot",), ("has tags [a, b]",), ("has tags [c]",), ()]
