"""Policies as they are typed."""

import pytest
from hypothesis import given

from snaptui.audit.calendar import Span
from snaptui.audit.policy import UNLIMITED, Policy, PolicyError, parse_count, parse_span, parse_tags
from tests.unit.audit.test_retention import POLICIES


@given(POLICIES)
def test_what_a_policy_says_reads_as_the_same_policy(policy: Policy) -> None:
    assert Policy.read(policy.texts(), [",".join(tags) for tags in policy.tags]) == policy


def test_counts_are_numbers_or_unlimited() -> None:
    assert (parse_count("7"), parse_count("unlimited"), parse_count(" 0 ")) == (7, UNLIMITED, 0)


@pytest.mark.parametrize("text", ["", "-2", "1.5", "seven", "٣", "1" * 5_000])
def test_what_is_no_count_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(PolicyError, match="--keep-daily takes a number, 0 or more, or unlimited"):
        Policy.read({"daily": text})


def test_how_restic_also_writes_unlimited_is_refused_with_the_word_for_it() -> None:
    with pytest.raises(PolicyError, match="--keep-daily does not take restic's -1: say unlimited"):
        Policy.read({"daily": "-1"})


def test_spans_are_read_as_restic_reads_them() -> None:
    assert parse_span("1y2m3d4h") == Span(1, 2, 3, 4)
    assert parse_span("14d") == Span(days=14)
    assert parse_span("3d1y3d") == Span(years=1, days=6)


@pytest.mark.parametrize("text", ["", "1", "1w", "d", "-1d", "1d ago", "9" * 5_000 + "d"])
def test_what_is_no_span_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(PolicyError, match="a span such as 1y2m3d4h"):
        parse_span(text)


def test_tags_with_commas_must_all_be_there() -> None:
    assert parse_tags("a, b") == ("a", "b")
    with pytest.raises(PolicyError):
        parse_tags("a,,b")


def test_a_policy_says_in_words_what_it_keeps() -> None:
    policy = Policy(last=3, daily=UNLIMITED, within_weekly=Span(years=1), tags=(("a", "b"),))
    assert str(policy) == "last 3, daily unlimited, within-weekly 1y, tag a,b"


def test_a_policy_without_anything_set_is_empty() -> None:
    assert Policy().is_empty
    assert Policy.read({"last": "0", "daily": "0"}).is_empty
    assert not Policy(within=Span(hours=1)).is_empty
