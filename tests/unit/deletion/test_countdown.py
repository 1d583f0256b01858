"""Countdown: nothing is sent, and only time in which the program ran counts."""

import pytest

from snaptui.deletion.items import Outcome
from snaptui.deletion.states import Event, State
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make


async def test_nothing_is_asked_or_sent_in_the_grace_and_its_seconds_are_told(make: Make) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().grace_left <= 4.0)
    assert scene.time.now == pytest.approx(1_006.0, abs=0.3)
    assert scene.api.asked == []
    await scene.until(State.ENDED)
    assert scene.api.sent[0].at >= 1_010.0


@pytest.mark.parametrize("gap", [1.5, 60.0, 3_600.0])
async def test_a_grace_counts_only_time_in_which_the_program_ran(make: Make, gap: float) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().grace_left <= 2.0)
    scene.time.gap(gap)
    continued = scene.time.now
    await scene.time.until(lambda: scene.batch().grace_left > 9.0)
    assert scene.batch().may(Event.TAKE_BACK)
    await scene.until(State.ENDED)
    assert scene.api.sent[0].at >= continued + 10.0


@pytest.mark.parametrize("jump", [3_600.0, -3_600.0])
async def test_setting_the_clock_neither_shortens_nor_lengthens_the_grace(make: Make, jump: float) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().grace_left <= 5.0)
    scene.time.offset += jump
    await scene.until(State.ENDED)
    assert scene.api.sent[0].at == pytest.approx(1_010.0, abs=0.5)


async def test_a_pause_in_the_grace_keeps_taking_back_possible_and_one_key_goes_on(make: Make) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:2]))
    await scene.time.until(lambda: scene.batch().grace_left <= 5.0)
    assert (await scene.queue.pause("p")).state is State.HELD
    for _ in range(30):
        await scene.time.of(scene.time.sleep(1.0))
    assert scene.api.asked == []
    assert scene.batch().may(Event.TAKE_BACK)
    assert scene.batch().grace_left == 10.0
    scene.queue.resume("p")
    assert scene.batch().state is State.GRACE
    await scene.time.of(scene.queue.take_back("p"))
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.CANCELLED] * 2
    assert scene.api.asked == []
    assert scene.batch().items[0].reason == "taken back before anything was sent"


async def test_resuming_gives_the_whole_countdown_again_at_once(make: Make) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().grace_left <= 5.0)
    changes = scene.changes
    await scene.queue.pause("p")
    assert scene.changes == changes + 1, "a pause is told at once"
    assert scene.queue.resume("p").grace_left == 10.0
    assert scene.changes == changes + 2
