"""Waits end by the clock that measures durations, whatever the wall clock shows, and are told by the wall clock."""

import asyncio
from pathlib import Path

import pytest

from snaptui.deletion.batch import Batch
from snaptui.deletion.batch_file import BatchFile
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.halt import Halt, HaltedError
from snaptui.deletion.waits import LONGEST_WAIT_SECONDS, NO_HINT_SECONDS, Waits
from snaptui.digitalocean.api.errors import RateLimitedError
from snaptui.digitalocean.api.rate_limit import RateLimit
from tests.support.deleting import plan_of, snapshot

WALL = 1_000_000.0
"""Seconds that the wall clock is ahead of the other."""


class Waiting:
    """Waits of a batch in a time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        batch = Batch.of(plan_of([snapshot("1")]), WALL, 0.0)
        self.owner = BatchOwner(batch, BatchFile(Path("none"), -1), clock=self.wall)
        self.halt = Halt()
        self.waits = Waits(self.owner, self.halt, clock=lambda: self.now, wall=self.wall, sleep=self.sleep)

    def wall(self) -> float:
        return WALL + self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def limited(limit: RateLimit | None) -> RateLimitedError:
    return RateLimitedError("too many requests", status=429, rate_limit=limit)


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        (None, NO_HINT_SECONDS),
        (RateLimit(), NO_HINT_SECONDS),
        (RateLimit(retry_after_seconds=12.0), 12.0),
        (RateLimit(retry_after_seconds=0.0), 0.0),
        (RateLimit(remaining=0, reset=int(WALL) + 130), 30.0),
        (RateLimit(remaining=7, reset=int(WALL) + 130), NO_HINT_SECONDS),
        (RateLimit(retry_after_seconds=LONGEST_WAIT_SECONDS + 1), LONGEST_WAIT_SECONDS),
    ],
)
async def test_a_429_is_waited_for_as_long_as_it_says_and_that_is_shown(
    limit: RateLimit | None, seconds: float
) -> None:
    one = Waiting()
    one.waits.rate_limited(limited(limit))
    assert one.owner.batch.waits_until == WALL + 100.0 + seconds
    await one.waits.over()
    assert sum(one.slept) == seconds


async def test_the_longest_of_several_waits_counts() -> None:
    one = Waiting()
    one.waits.rate_limited(limited(RateLimit(retry_after_seconds=20.0)))
    one.waits.rate_limited(limited(RateLimit(retry_after_seconds=3.0)))
    one.waits.at_least(2.0)
    assert one.owner.batch.waits_until == WALL + 120.0
    await one.waits.over()
    assert one.now == 120.0


async def test_nothing_is_waited_for_without_a_reason() -> None:
    one = Waiting()
    await one.waits.over()
    assert one.slept == []


async def test_a_sleep_that_ends_early_is_gone_on_with() -> None:
    one = Waiting()

    async def half(seconds: float) -> None:
        one.slept.append(seconds)
        one.now += max(1.0, seconds / 2)

    waits = Waits(one.owner, one.halt, clock=lambda: one.now, wall=one.wall, sleep=half)
    waits.at_least(8.0)
    await waits.over()
    assert one.now >= 108.0
    assert one.slept == [8.0, 4.0, 2.0, 1.0]


async def test_a_halt_ends_a_wait() -> None:
    one = Waiting()

    async def forever(_seconds: float) -> None:
        await asyncio.Event().wait()

    waits = Waits(one.owner, one.halt, clock=lambda: one.now, wall=one.wall, sleep=forever)
    waits.at_least(1.0)
    waiting = asyncio.create_task(waits.over())
    await asyncio.sleep(0)
    one.halt.ask()
    with pytest.raises(HaltedError):
        await waiting
