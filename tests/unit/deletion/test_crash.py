"""A bug in the run of a batch: the batch ends on the screen and stays open on disk."""

import asyncio
from pathlib import Path

import pytest

from snaptui.deletion.batch import Batch, StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal import Journal
from snaptui.deletion.states import Event
from tests.support.deleting import plan_of
from tests.unit.deletion.scene import ROWS, BugError, Scene

UNSENT = "snaptui failed before it was sent; it is left to the next start"


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def left_on_disk(journal: Journal) -> list[tuple[str, list[str]]]:
    found = journal.unfinished().batches
    for _, file in found:
        file.close()
    return [(recorded.plan.id if recorded.plan else "", recorded.unknown_ids) for recorded, _ in found]


@pytest.mark.parametrize("step", ["account", "lease", "look"])
async def test_a_crash_before_anything_was_sent_ends_the_batch_and_leaves_it_to_the_next_start(
    scene: Scene, step: str
) -> None:
    scene.breaks_at(step)
    scene.queue.submit(plan_of(ROWS[:4]))
    batch = await scene.ended()
    assert [(item.outcome, item.reason) for item in batch.items] == [(Outcome.FAILED, UNSENT)] * 4
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.CRASHED
    assert batch.stop.message == "snaptui failed (BugError); what is open is left to the next start"
    assert batch.ended == scene.time.wall()
    assert not scene.queue.busy
    assert scene.queue.ids_in_unfinished == frozenset()
    assert left_on_disk(scene.journal) == [("p", [])]


@pytest.mark.parametrize("step", ["connect", "answer"])
async def test_what_may_have_been_sent_when_it_crashed_is_unknown_and_the_rest_is_left(scene: Scene, step: str) -> None:
    scene.breaks_at(step)
    scene.queue.submit(plan_of(ROWS[:4]))
    batch = await scene.ended()
    unknown = {item.snapshot.id: item.reason for item in batch.items if item.outcome is Outcome.UNKNOWN}
    assert unknown
    assert set(unknown.values()) == {"snaptui failed before the answer came"}
    assert set(scene.api.sent_ids) <= set(unknown)
    assert {item.reason for item in batch.items if item.outcome is not Outcome.UNKNOWN} == {UNSENT}
    assert not any(item.sending for item in batch.items)
    ((_, ids),) = left_on_disk(scene.journal)
    assert sorted(ids) == sorted(unknown)


async def test_the_next_batch_has_its_turn_after_a_crash_and_what_failed_can_be_tried_again(scene: Scene) -> None:
    scene.breaks_at("look")
    scene.queue.submit(plan_of(ROWS[:2]))
    await scene.ended()
    scene.mend()
    scene.queue.submit(plan_of(ROWS[4:6], "next"))
    assert [item.outcome for item in (await scene.ended("next")).items] == [Outcome.DELETED] * 2
    assert scene.batch().may(Event.RETRY)
    again = scene.queue.retry("p")
    assert [item.outcome for item in (await scene.ended(again.id)).items] == [Outcome.DELETED] * 2


async def test_whoever_waits_for_a_batch_that_crashed_is_told_the_bug(scene: Scene) -> None:
    scene.breaks_at("account")
    scene.queue.submit(plan_of(ROWS[:2]))
    with pytest.raises(BugError):
        await scene.time.of(scene.queue.ended("p"))


@pytest.mark.parametrize("thought", ["cancel", "pause"])
async def test_a_cancel_or_pause_that_meets_a_crash_is_answered_and_the_end_stands(scene: Scene, thought: str) -> None:
    asked: list[asyncio.Task[Batch]] = []
    ask = scene.queue.cancel if thought == "cancel" else scene.queue.pause

    async def bug() -> None:
        if not asked:
            asked.append(asyncio.create_task(ask("p")))
            await asyncio.sleep(0)
        raise BugError

    scene.api.at["look"] = bug
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: bool(asked) and asked[0].done())
    batch = await scene.ended()
    assert asked[0].exception() is None
    assert all(item.outcome is not None for item in batch.items)
    assert scene.api.sent == []


async def test_outcomes_that_could_not_be_written_are_shown_after_a_crash(scene: Scene) -> None:
    scene.disk.full_at = {"OutcomeLine": 1}

    async def bug() -> None:
        if scene.disk.full:
            raise BugError

    scene.queue.submit(plan_of(ROWS[:4]))
    scene.api.at["answer"] = bug
    await scene.ended()
    outcomes = [item.outcome for item in scene.batch().items]
    assert outcomes.count(Outcome.DELETED) == 1
    assert None not in outcomes
    assert not any(item.sending for item in scene.batch().items)


async def test_a_crash_of_what_ticks_stops_the_batch_and_is_said_and_nothing_more_is_sent(tmp_path: Path) -> None:
    bugs: list[BugError] = []

    def changed() -> None:
        if bugs:
            raise bugs.pop()

    scene = Scene(tmp_path, changed=changed)
    connecting: list[float] = []

    async def stay() -> None:
        connecting.append(scene.time.now)
        await scene.time.sleep(3.0)

    scene.api.at["connect"] = stay
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: len(connecting) == 2)
    # Everything waits for its connection: what tells of a change next is a tick.
    bugs.append(BugError("token=secret"))
    batch = await scene.ended()
    assert batch.stop is not None
    assert batch.stop.message == "snaptui failed (BugError); what is open is left to the next start"
    for _ in range(10):
        await scene.time.of(scene.time.sleep(1.0))
    assert scene.api.sent == []
    assert scene.api.held == 0
    assert None not in [item.outcome for item in batch.items]
    ((_, ids),) = left_on_disk(scene.journal)
    assert {item.snapshot.id for item in batch.items if item.outcome is Outcome.UNKNOWN} == set(ids)
