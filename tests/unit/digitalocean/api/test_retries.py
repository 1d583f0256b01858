"""Patience: waits as the server says, or longer each time, and never without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.digitalocean.api.errors import ApiError, RateLimitedError, ServerError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.api.retries import LONGEST_BACKOFF_SECONDS, Patience

NOW = 1_000.0


def limited(**said: float) -> RateLimitedError:
    headers = {name.replace("_", "-"): str(int(value)) for name, value in said.items()}
    return RateLimitedError("no", rate_limit=RateLimit.from_headers(headers))


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (limited(retry_after=7), 7),
        (limited(retry_after=7, ratelimit_remaining=0, ratelimit_reset=NOW + 900), 7),
        (limited(ratelimit_remaining=0, ratelimit_reset=NOW + 900), 900),
        (limited(ratelimit_remaining=0, ratelimit_reset=NOW - 900), 0.5),
        (limited(retry_after=0), 0.5),
        (limited(ratelimit_remaining=4_812, ratelimit_reset=NOW + 900), 0.25),
        (limited(ratelimit_reset=NOW + 900), 0.25),
        (limited(), 0.25),
        (RateLimitedError("no"), 0.25),
        (ServerError("broken"), 0.25),
    ],
)
def test_the_first_wait_is_what_the_server_says_or_short(error: ApiError, seconds: float) -> None:
    assert Patience().delay_after(error, 1, NOW, 0.0) == seconds


@pytest.mark.parametrize("local", [0.0, 1_790_000_000.0 + 86_400 * 400, 1_790_000_000.0])
def test_a_wait_for_the_hour_does_not_depend_on_the_local_clock(local: float) -> None:
    headers = {"ratelimit-remaining": "0", "ratelimit-reset": "1790000900", "date": "Mon, 21 Sep 2026 14:13:20 GMT"}
    error = RateLimitedError("no", rate_limit=RateLimit.from_headers(headers))
    assert Patience().delay_after(error, 1, local, 0.0) == 900


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_waits_grow_to_a_bound_and_chance_keeps_clients_apart(attempt: int, chance: float) -> None:
    delays = [Patience().delay_after(limited(), number, NOW, chance) for number in (attempt, attempt + 1)]
    assert 0 < delays[0] <= delays[1] <= LONGEST_BACKOFF_SECONDS * 1.5


def waits(error: ApiError, chance: float) -> tuple[int, float]:
    """Return how often is waited after the same error, again and again, and how long in all."""
    patience, failures, waited = Patience(), 0, 0.0
    for attempt in range(1, 10_000):
        failures += not isinstance(error, RateLimitedError)
        delay = patience.delay_after(error, attempt, NOW, chance)
        if not patience.tries_again(failures, waited, delay):
            return attempt - 1, waited
        waited += delay
    raise AssertionError("it never ends")


@given(st.floats(0, 1))
def test_a_burst_limit_of_a_minute_is_outlasted_and_no_limit_is_waited_out_without_end(chance: float) -> None:
    times, seconds = waits(limited(ratelimit_remaining=4_812), chance)
    assert times > Patience().attempts
    assert 60 <= seconds <= Patience().total_seconds


@given(st.floats(0, 1))
def test_other_trouble_is_tried_four_times(chance: float) -> None:
    assert waits(ServerError("broken"), chance)[0] == 3


def test_a_used_up_hour_is_not_waited_for() -> None:
    assert waits(limited(ratelimit_remaining=0, ratelimit_reset=NOW + 900), 0.0) == (0, 0.0)


def test_each_slow_try_allows_the_next_twice_as_long() -> None:
    assert [Patience().try_seconds_after(slow) for slow in range(4)] == [30, 60, 120, 240]
