"""Progress of a command: what is said where, and how often."""

from io import StringIO
from threading import Event

import pytest

from snaptui.cli.progress import QUIET_SECONDS, Progress
from snaptui.digitalocean.api.rate_limit import Wait


class Watch:
    """Time that passes when it is looked at, and stands still when enough of it has passed, which is the end."""

    def __init__(self, step: float, until: float) -> None:
        self.now = 0.0
        self._step = step
        self._until = until
        self.over = Event()

    def __call__(self) -> float:
        if self.now < self._until:
            self.now += self._step
        else:
            self.over.set()
        return self.now


class Terminal(StringIO):
    """A file that is a terminal."""

    def isatty(self) -> bool:
        return True


def said(capsys: pytest.CaptureFixture[str], wait: Wait | None, seconds: float) -> list[str]:
    """Return the lines of a log in which so many seconds pass."""
    watch = Watch(step=1.0, until=seconds)
    with Progress(StringIO(), lambda: "deleting: 3 of 9", lambda: wait, watch, tick_seconds=0.001):
        assert watch.over.wait(20)
    return capsys.readouterr().err.splitlines()


def test_in_a_log_a_quick_command_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, None, QUIET_SECONDS - 2) == []


def test_in_a_log_something_is_said_at_least_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, None, 10 * QUIET_SECONDS)
    assert set(lines) == {"snaptui: deleting: 3 of 9"}
    assert 9 <= len(lines) <= 10


def test_in_a_log_a_wait_is_said_when_it_begins_and_then_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, Wait("rate limit", 100_000.0), 3.5 * QUIET_SECONDS)
    assert len(lines) == 4
    assert all("; rate limit: waiting " in line and line.endswith(" h") for line in lines)


def test_in_a_log_many_short_waits_are_a_line_every_half_minute(capsys: pytest.CaptureFixture[str]) -> None:
    watch = Watch(step=1.0, until=3.5 * QUIET_SECONDS)

    def again_and_again() -> Wait | None:
        return Wait("rate limit", watch.now + 5) if watch.now % 6 < 5 else None

    with Progress(StringIO(), lambda: "deleting: 3 of 9", again_and_again, watch, tick_seconds=0.001):
        assert watch.over.wait(20)
    lines = capsys.readouterr().err.splitlines()
    assert 3 <= len(lines) <= 5
    assert all("rate limit" in line for line in lines)


def test_in_a_log_waits_that_are_over_at_once_still_say_why_nothing_happens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    watch = Watch(step=1.0, until=2.5 * QUIET_SECONDS)

    def short() -> Wait:
        return Wait("rate limit", watch.now + 0.7)

    with Progress(StringIO(), lambda: "deleting: 0 of 3", short, watch, tick_seconds=0.001):
        assert watch.over.wait(20)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["snaptui: deleting: 0 of 3; rate limit: waiting again and again"] * 2


def test_a_wait_of_less_than_a_second_is_not_worth_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, Wait("trying again", 0.5), 20) == []


def test_on_a_terminal_one_line_is_replaced_and_gone_at_the_end() -> None:
    watch, terminal = Watch(step=0.001, until=0.02), Terminal()
    wait = Wait("rate\x1b limit", 50.0)
    progress = Progress(terminal, lambda: "deleting: 3 of 9", lambda: wait, watch, tick_seconds=0.001)
    with progress:
        assert watch.over.wait(20)
        progress.above(lambda: print("deleted 7", file=terminal))
    text = terminal.getvalue()
    assert "\rdeleting: 3 of 9; rate␛ limit: waiting 50 s" in text
    assert "\n" not in text.replace("deleted 7\n", "")
    before = text.partition("deleted 7\n")[0]
    assert before.endswith("\r")
    assert before.rstrip("\r").endswith("  ")
    assert text.endswith("\r")
    assert text.rpartition("\r")[0].rpartition("\r")[2].strip() == ""
