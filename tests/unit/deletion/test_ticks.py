"""Ticks: a wait for the rate limit that can bring nothing any more ends."""

from snaptui.deletion.batch import StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    RateLimitedError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from tests.support.deleting import (
    HOURS_OF_WAKES,
    plan_of,
)

from .conftest import ROWS, Make, Scene


async def test_after_65_minutes_without_any_request_let_through_the_rest_has_failed(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always["look"] = RateLimitedError("slow down", status=429)
    began = scene.time.now
    batch = await scene.done()
    assert scene.outcomes() == [Outcome.FAILED] * 3
    assert all(item.reason == "rate limit: no DELETE was let through for 65 minutes" for item in batch.items)
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


async def test_a_429_to_every_delete_ends_after_65_minutes_although_every_look_is_let_through(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always["answer"] = RateLimitedError("slow down", status=429)
    began = scene.time.now
    batch = await scene.done()
    assert scene.outcomes() == [Outcome.FAILED] * 3
    assert {item.reason for item in batch.items} == {"rate limit: no DELETE was let through for 65 minutes"}
    assert scene.api.sent != []
    assert set(scene.api.rows) == {row.id for row in ROWS}
    assert 65 * 60 <= scene.time.now - began < 66 * 60


async def test_so_it_does_where_listings_do_the_looking(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always["answer"] = RateLimitedError("slow down", status=429)
    batch = await scene.done(plan_of(ROWS), listed=12)
    assert "list" in scene.api.asked
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.RATE_LIMIT
    assert scene.time.now < 1_000 + 66 * 60


def let_one_through_every(scene: Scene, seconds: float) -> None:
    denied = RateLimitedError("slow down", status=429, rate_limit=RateLimit(retry_after_seconds=60.0))
    free = scene.time.now + seconds

    async def gate() -> None:
        nonlocal free
        if scene.time.now < free:
            raise denied
        free = scene.time.now + seconds

    scene.api.at["answer"] = gate


async def test_each_item_that_ends_begins_the_65_minutes_anew(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    began = scene.time.now
    let_one_through_every(scene, 40 * 60.0)
    await scene.done()
    assert scene.outcomes() == [Outcome.DELETED] * 3
    assert scene.time.now - began > 120 * 60


async def test_a_batch_that_was_paused_for_longer_than_65_minutes_goes_on(make: Make) -> None:
    scene = make()
    scene.api.latency = 0.6
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(lambda: bool(scene.api.sent))
    await scene.time.of(scene.queue.pause("p"))
    await scene.time.until(lambda: scene.api.held == 0)
    scene.time.gap(2 * 3_600)
    scene.queue.resume("p")
    batch = await scene.until(State.ENDED)
    assert batch.stop is None
    assert set(scene.outcomes()) == {Outcome.DELETED}


async def test_a_batch_whose_turn_comes_after_more_than_65_minutes_is_worked_off(make: Make) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    let_one_through_every(scene, 40 * 60.0)
    scene.queue.submit(plan_of(ROWS[:2]))
    scene.queue.submit(plan_of(ROWS[2:5], "second"))
    await scene.until(State.ENDED)
    assert scene.time.now > 1_000 + 80 * 60
    scene.api.at.clear()
    scene.api.latency = 0.6
    batch = await scene.until(State.ENDED, batch_id="second")
    assert batch.stop is None
    assert scene.outcomes("second") == [Outcome.DELETED] * 3


async def test_time_in_which_the_program_did_not_run_is_not_waited_for_the_rate_limit(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = RateLimitedError("slow down", status=429)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().waits_until > 0)
    scene.time.gap(2 * 3_600)
    scene.api.always.clear()
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]
