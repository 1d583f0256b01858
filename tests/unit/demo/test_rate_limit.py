"""Sliding windows: each request frees its place exactly one window after it was made."""

import time

from hypothesis import given
from hypothesis import strategies as st

from snaptui.demo.rate_limit import Limits, RateLimiter

GAPS = st.lists(st.integers(0, 40), max_size=80)
LIMITS = st.builds(
    Limits,
    per_minute=st.integers(1, 6),
    minute_seconds=st.sampled_from([5.0, 20.0]),
    per_hour=st.integers(1, 12),
    hour_seconds=st.sampled_from([30.0, 200.0]),
)


@given(gaps=GAPS, limits=LIMITS)
def test_a_request_passes_exactly_when_both_windows_have_room(gaps: list[int], limits: Limits) -> None:
    limiter, now = RateLimiter(limits), 0.0
    admitted: list[float] = []
    for gap in gaps:
        now += gap
        minute = sum(at > now - limits.minute_seconds for at in admitted)
        hour = sum(at > now - limits.hour_seconds for at in admitted)
        passed, headers = limiter.admit(now)
        assert passed == (minute < limits.per_minute and hour < limits.per_hour)
        assert ("retry-after" in headers) == (minute >= limits.per_minute)
        if passed:
            admitted.append(now)
            assert int(headers["ratelimit-remaining"]) == limits.per_hour - hour - 1
        else:
            assert headers["ratelimit-remaining"] == "0"
        assert int(headers["ratelimit-limit"]) == limits.per_hour
        oldest = min(at for at in admitted if at > now - limits.hour_seconds)
        assert int(headers["ratelimit-reset"]) == oldest + limits.hour_seconds


@given(gaps=GAPS, limits=LIMITS)
def test_who_waits_as_told_after_a_burst_is_not_refused_for_the_burst_again(gaps: list[int], limits: Limits) -> None:
    limiter, now = RateLimiter(limits), 0.0
    for gap in gaps:
        now += gap
        passed, headers = limiter.admit(now)
        if not passed and "retry-after" in headers:
            now += int(headers["retry-after"])
            passed, headers = limiter.admit(now)
            assert passed or "retry-after" not in headers


def test_the_defaults_are_digitaloceans() -> None:
    limiter = RateLimiter()
    passed = [limiter.admit(1_000.0)[0] for _ in range(251)]
    assert passed == [True] * 250 + [False]
    for minute in range(1, 20):
        assert all(limiter.admit(1_000.0 + 60 * minute)[0] for _ in range(250))
    admitted, headers = limiter.admit(1_000.0 + 60 * 20)
    assert not admitted
    assert "retry-after" not in headers
    assert headers["ratelimit-reset"] == "4600"


def test_an_hours_reset_frees_what_was_made_then_and_not_everything() -> None:
    limiter = RateLimiter(Limits(per_hour=2))
    limiter.admit(0.0)
    limiter.admit(100.0)
    assert not limiter.admit(3_599.0)[0]
    assert limiter.admit(3_600.0)[0]
    assert not limiter.admit(3_600.0)[0]


def test_a_full_hour_costs_little_per_request() -> None:
    limiter = RateLimiter(Limits(per_minute=20_000))
    started = time.process_time()
    for number in range(20_000):
        limiter.admit(number / 100)
    assert time.process_time() - started < 2
