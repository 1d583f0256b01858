"""Durations to wait, said in the largest unit that is short; minutes and hours never as less than they take."""

import pytest

from snaptui.digitalocean.api.rate_limit import Wait
from snaptui.text.durations import duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5.0, "1 s"),
        (0.2, "1 s"),
        (12.4, "12 s"),
        (90.0, "90 s"),
        (91.0, "2 min"),
        (120.0, "2 min"),
        (121.0, "3 min"),
        (90 * 60.0, "90 min"),
        (90 * 60.0 + 1, "2 h"),
        (86_400.0, "24 h"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_wait_says_for_what_and_how_long() -> None:
    assert Wait("rate limit", 160.0).told(100.0) == "rate limit: waiting 60 s"
    assert Wait("rate limit", 3_700.0).told(100.0) == "rate limit: waiting 60 min"
