"""Worker: what a cancel or pause withdraws, what is waited for, and what becomes of lost answers."""

import asyncio

import pytest

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Outcome
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    ServerError,
)
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make

STEPS = ["lease", "look", "connect"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("thought", ["cancel", "pause"])
async def test_what_is_cancelled_or_paused_before_it_leaves_never_leaves(make: Make, step: str, thought: str) -> None:
    scene = make()
    answered: list[asyncio.Task[Batch]] = []

    async def think() -> None:
        if not answered:
            work = scene.queue.cancel("p") if thought == "cancel" else scene.queue.pause("p")
            answered.append(asyncio.create_task(work))
            await asyncio.sleep(0)

    scene.api.at[step] = think
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: bool(answered) and answered[0].done())
    assert scene.api.sent == []
    (recorded,) = scene.journal.history()
    assert recorded.unknown_ids == []
    if thought == "pause":
        assert scene.batch().state is State.PAUSED
        scene.time.gap(60)
        scene.queue.resume("p")
        await scene.until(State.ENDED)
        assert scene.outcomes() == [Outcome.DELETED] * 4
        assert max(sent.age for sent in scene.api.sent) == 0.0
    else:
        await scene.until(State.ENDED)
        assert scene.outcomes() == [Outcome.CANCELLED] * 4
        assert {item.reason for item in scene.batch().items} == {"cancelled before it was sent"}
        assert scene.api.sent == []
    assert scene.api.held == 0


@pytest.mark.parametrize("thought", ["cancel", "pause"])
async def test_what_is_on_the_wire_is_waited_for_and_nothing_follows(make: Make, thought: str) -> None:
    scene = make()
    answered: list[asyncio.Task[Batch]] = []

    async def think() -> None:
        if not answered:
            work = scene.queue.cancel("p") if thought == "cancel" else scene.queue.pause("p")
            answered.append(asyncio.create_task(work))

    scene.api.at["answer"] = think
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(lambda: bool(answered) and answered[0].done())
    on_the_wire = len(scene.api.sent)
    assert on_the_wire == 2
    for _ in range(20):
        await scene.time.of(scene.time.sleep(1.0))
    assert len(scene.api.sent) == on_the_wire
    assert scene.outcomes().count(Outcome.DELETED) == on_the_wire
    assert scene.batch().state is (State.ENDED if thought == "cancel" else State.PAUSED)


@pytest.mark.parametrize(("acted", "outcome"), [(True, Outcome.DELETED), (False, Outcome.FAILED)])
async def test_what_may_have_been_deleted_is_looked_at_before_a_cancel_ends_it(
    make: Make, acted: bool, outcome: Outcome
) -> None:
    scene = make()
    scene.queue.submit(plan_of(ROWS[:1]))
    (scene.api.lost_after_acting if acted else scene.api.fails["answer"]).append(ServerError("boom", status=500))
    await scene.time.until(lambda: len(scene.api.sent) == 1 and scene.api.held == 0)
    await scene.time.of(scene.queue.cancel("p"))
    await scene.until(State.ENDED)
    assert scene.outcomes() == [outcome]
    assert "boom" in scene.batch().items[0].reason
    assert len(scene.api.sent) == 1


async def test_what_may_have_been_deleted_and_cannot_be_looked_at_is_unknown_after_a_cancel(make: Make) -> None:
    scene = make()
    scene.queue.submit(plan_of(ROWS[:1]))
    scene.api.lost_after_acting.append(ServerError("boom", status=500))
    await scene.time.until(lambda: len(scene.api.sent) == 1 and scene.api.held == 0)
    scene.api.always["look"] = ServerError("down", status=500)
    await scene.time.of(scene.queue.cancel("p"))
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.UNKNOWN]
    assert scene.batch().items[0].reason == "boom (HTTP 500); it may or may not be deleted"
