"""Moments: read exactly, or not at all."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.digitalocean.api.moments import http_date, is_usual, unix_seconds
from snaptui.model.snapshot import moment_text

MOMENTS = st.integers(86_400, 253_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS)
def test_the_date_of_an_answer_is_read_as_the_moment_that_it_names(moment: datetime) -> None:
    assert http_date(format_datetime(moment, usegmt=True)) == moment.timestamp()
    assert unix_seconds(moment.isoformat()) == moment.timestamp()


WRITTEN = st.builds(
    "{}{}{}{}".format,
    st.builds(datetime.strftime, MOMENTS, st.sampled_from(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"])),
    st.sampled_from(["", ".5", ".000"]),
    st.sampled_from(["Z", "+00:00", "+0000", "-01:30"]),
    st.sampled_from(["", " "]),
)


@given(WRITTEN)
def test_a_moment_as_the_api_writes_it_is_told_again_letter_for_letter(text: str) -> None:
    if (seconds := unix_seconds(text)) is not None:
        assert (moment_text(seconds) == text) == is_usual(text)


@given(st.one_of(st.integers(-62_135_596_800, 253_402_300_799), st.floats(), st.integers()))
def test_unix_seconds_are_written_as_the_calendar_has_them(seconds: float) -> None:
    text = moment_text(seconds)
    try:
        wanted = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (ValueError, OverflowError, OSError):
        wanted = None
    assert text == (wanted if seconds % 1 == 0 else None)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "now",
        "Wed, 31 Feb 2026 17:00:00 GMT",
        "Wed, 25 Now 2026 17:00:00 GMT",
        "Wed, 25 Nov 2026 17:00:00 +0100",
    ],
)
def test_a_date_that_is_none_is_no_moment(text: str | None) -> None:
    assert http_date(text) is None


@pytest.mark.parametrize("text", [None, "", "2024-02-30T10:00:00Z", "2024-02-29T10:00:00", "٢٠٢٤-02-29T10:00:00Z"])
def test_an_unreadable_moment_is_no_guess(text: str | None) -> None:
    assert unix_seconds(text) is None
