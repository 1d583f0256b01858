"""Ticks: a wait for the rate limit that can bring nothing any more ends."""

from snaptui.deletion.batch import Outcome, StopKind
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    RateLimitedError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from tests.support.deleting import (
    HOURS_OF_WAKES,
    plan_of,
)

from .conftest import ROWS, Make


async def test_after_65_minutes_without_any_request_let_through_the_rest_has_failed(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always["look"] = RateLimitedError("slow down", status=429)
    began = scene.time.now
    batch = await scene.done()
    assert scene.outcomes() == [Outcome.FAILED] * 3
    assert all(item.reason == "rate limit: no request was let through for 65 minutes" for item in batch.items)
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.RATE_LIMIT
    assert 65 * 60 <= scene.time.now - began < 66 * 60


async def test_a_wait_for_a_lease_that_never_comes_ends_after_65_minutes_too(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES

    async def for_ever() -> None:
        await scene.time.sleep(1e9)

    scene.api.at["lease"] = for_ever
    await scene.done()
    assert scene.outcomes() == [Outcome.FAILED] * 3
    assert scene.time.now < 1_000 + 66 * 60


async def test_one_request_let_through_begins_the_65_minutes_anew(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    began = scene.time.now
    denied = RateLimitedError("slow down", status=429, rate_limit=RateLimit(retry_after_seconds=60.0))
    scene.api.fails["look"].extend([denied] * 50)
    scene.api.fails["answer"].extend([denied] * 60)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.time.now - began > 65 * 60


async def test_time_in_which_the_program_did_not_run_is_not_waited_for_the_rate_limit(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = RateLimitedError("slow down", status=429)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().waits_until > 0)
    scene.time.gap(2 * 3_600)
    scene.api.always.clear()
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]
