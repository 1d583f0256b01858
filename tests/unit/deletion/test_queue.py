"""Deletion queue: batches one after the other, what they refuse, and what is left when it ends."""

import asyncio

import pytest

from snaptui.deletion.batch import Batch, ImpossibleError
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.queue import RefusedPlanError, unfinished
from snaptui.deletion.states import Event, State
from snaptui.digitalocean.api.errors import (
    ConflictError,
)
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make


async def test_asking_for_what_the_table_does_not_allow_is_refused(make: Make) -> None:
    scene = make(grace=5.0)
    scene.queue.submit(plan_of(ROWS[:1]))
    with pytest.raises(ImpossibleError):
        scene.queue.resume("p")
    await scene.time.of(scene.queue.cancel("p"))
    await scene.until(State.ENDED)
    for ask in (scene.queue.cancel, scene.queue.pause, scene.queue.take_back):
        with pytest.raises(ImpossibleError):
            await ask("p")
    with pytest.raises(ImpossibleError, match="nothing of it failed"):
        scene.queue.retry("p")


async def test_batches_run_one_after_the_other_and_a_paused_one_lets_the_next_go(make: Make) -> None:
    scene = make()
    paused: list[asyncio.Task[Batch]] = []

    async def pause_the_first() -> None:
        if not paused:
            paused.append(asyncio.create_task(scene.queue.pause("one")))

    scene.api.at["answer"] = pause_the_first
    scene.queue.submit(plan_of(ROWS[:4], "one"))
    scene.queue.submit(plan_of(ROWS[4:8], "two"))
    await scene.until(State.RUNNING, batch_id="one")
    assert scene.batch("two").state is State.QUEUED
    await scene.until(State.ENDED, batch_id="two")
    assert scene.batch("one").state is State.PAUSED
    assert scene.outcomes("two") == [Outcome.DELETED] * 4
    scene.queue.resume("one")
    assert scene.batch("one").state is State.WAITING
    await scene.until(State.ENDED, batch_id="one")
    assert scene.outcomes("one") == [Outcome.DELETED] * 4


async def test_a_resumed_batch_waits_for_the_one_that_has_the_turn(make: Make) -> None:
    scene = make()
    scene.queue.submit(plan_of(ROWS[:4], "one"))
    await scene.until(State.RUNNING, batch_id="one")
    await scene.time.of(scene.queue.pause("one"))
    scene.queue.submit(plan_of(ROWS[4:8], "two"))
    await scene.until(State.RUNNING, batch_id="two")
    scene.queue.resume("one")
    sent = len(scene.api.sent)
    await scene.until(State.ENDED, batch_id="two")
    assert set(scene.api.sent_ids[sent:]) <= {"4", "5", "6", "7"}
    await scene.until(State.ENDED, batch_id="one")


async def test_what_is_resumed_before_it_began_counts_down_while_another_has_the_turn(make: Make) -> None:
    scene = make(grace=2.0)
    held = asyncio.Event()
    scene.api.at["look"] = lambda: waited(held)
    scene.queue.submit(plan_of(ROWS[:1], "long"))
    scene.queue.submit(plan_of(ROWS[1:2], "next"))
    await scene.until(State.RUNNING, batch_id="long")
    await scene.until(State.QUEUED, batch_id="next")
    await scene.time.of(scene.queue.pause("next"))
    scene.queue.resume("next")
    await scene.until(State.QUEUED, batch_id="next")
    assert scene.batch("long").state is State.RUNNING
    held.set()
    await scene.until(State.ENDED, batch_id="next")


async def waited(event: asyncio.Event) -> None:
    await event.wait()


async def test_the_newest_that_can_be_is_taken_back_and_then_the_next(make: Make) -> None:
    scene = make(grace=10.0)
    for number, name in enumerate(("one", "two", "three")):
        scene.queue.submit(plan_of(ROWS[number * 2 : number * 2 + 2], name))
    taken: list[str] = []
    while (batch := scene.queue.next_to_take_back) is not None:
        taken.append(batch.id)
        await scene.time.of(scene.queue.take_back(batch.id))
    assert taken == ["three", "two", "one"]
    assert scene.api.asked == []
    await scene.until(State.ENDED, batch_id="one")


async def test_who_saw_a_batch_that_can_be_taken_back_means_that_one_and_the_next_only_after_it(make: Make) -> None:
    scene = make(grace=2.0)
    for plan_id, row in (("held", 0), ("shown", 1), ("newer", 2)):
        scene.queue.submit(plan_of(ROWS[row : row + 1], plan_id))
    await scene.time.of(scene.queue.pause("held"))
    await scene.time.of(scene.queue.take_back("newer"))
    meant = scene.queue.meant_to_take_back("newer")
    assert meant is not None
    assert meant.id == "shown"
    await scene.until(State.RUNNING, batch_id="shown")
    assert scene.queue.meant_to_take_back("shown") == scene.batch("shown")
    assert scene.batch("shown").why_not(Event.TAKE_BACK) == "it has begun; cancelling sends nothing more of it"
    assert scene.queue.meant_to_take_back("of another session") is None
    await scene.until(State.ENDED, batch_id="shown")


async def test_what_is_in_an_unfinished_batch_cannot_be_planned_again(make: Make) -> None:
    scene = make(grace=10.0)
    scene.queue.submit(plan_of(ROWS[:2], "one"))
    assert scene.queue.ids_in_unfinished == {"0", "1"}
    with pytest.raises(RefusedPlanError, match="1 is in a deletion that has not ended"):
        scene.queue.submit(plan_of(ROWS[1:3], "two"))
    with pytest.raises(RefusedPlanError, match="begun already"):
        scene.queue.submit(plan_of(ROWS[5:6], "one"))
    await scene.until(State.ENDED, batch_id="one")
    assert scene.queue.ids_in_unfinished == frozenset()
    assert unfinished(scene.queue.batches) == 0


async def test_what_failed_is_tried_again_as_a_batch_of_its_own(make: Make) -> None:
    scene = make()
    scene.api.fails["answer"].append(ConflictError("busy", status=409))
    await scene.done()
    assert scene.outcomes().count(Outcome.FAILED) == 1
    scene.queue.submit(plan_of(ROWS[5:6], "other"))
    with pytest.raises(ImpossibleError, match="it is still going on"):
        scene.queue.retry("other")
    again = scene.queue.retry("p")
    assert again.id not in ("p", None)
    assert len(again.items) == 1
    assert again.plan.created == scene.time.wall()
    await scene.until(State.ENDED, batch_id=again.id)
    assert scene.outcomes(again.id) == [Outcome.DELETED]


async def test_nothing_is_begun_read_only(make: Make) -> None:
    scene = make(guards=Guards(read_only=True))
    with pytest.raises(RefusedPlanError, match="read-only"):
        scene.queue.submit(plan_of(ROWS[:1]))
    assert scene.journal.history() == []


async def test_a_plan_that_cannot_be_written_down_is_refused(make: Make) -> None:
    scene = make()
    scene.disk.full = True
    with pytest.raises(RefusedPlanError, match="disk is full"):
        scene.queue.submit(plan_of(ROWS[:1]))
    assert scene.queue.batches == ()


@pytest.mark.parametrize("cancel", [True, False])
async def test_leaving_sends_nothing_more_and_leaves_open_what_is_not_certain(make: Make, cancel: bool) -> None:
    scene = make()
    reached = asyncio.Event()

    async def stay() -> None:
        reached.set()
        await asyncio.Event().wait()

    scene.api.at["answer"] = stay
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(reached.is_set)
    await scene.queue.close(cancel=cancel)
    assert len(scene.api.sent) <= 2
    ((recorded, file),) = scene.journal.unfinished().batches
    file.close()
    assert sorted(recorded.unknown_ids) == sorted(scene.api.sent_ids)
    assert {line.outcome for line in recorded.outcomes.values()} == ({Outcome.CANCELLED} if cancel else set())
    unknown = [item for item in scene.batch().items if item.outcome is Outcome.UNKNOWN]
    assert {item.reason for item in unknown} == {"snaptui was left before the answer came"}
    assert not any(item.sending for item in scene.batch().items)
    assert [item.snapshot.id for item in unknown] == sorted(scene.api.sent_ids)


async def test_a_batch_left_in_its_grace_is_offered_again_or_cancelled(make: Make) -> None:
    for cancel in (True, False):
        scene = make(grace=10.0)
        scene.queue.submit(plan_of(ROWS[:2], f"cancel-{cancel}"))
        await scene.queue.close(cancel=cancel)
        found = scene.journal.unfinished().batches
        for _, file in found:
            file.close()
        assert len(found) == (0 if cancel else 1)
        assert scene.api.asked == []


async def test_progress_tells_rate_time_left_and_what_was_freed(make: Make) -> None:
    scene = make()
    scene.queue.submit(plan_of(ROWS))
    assert scene.queue.progress("p").seconds_left is None
    await scene.time.until(lambda: scene.batch().done >= 6)
    progress = scene.queue.progress("p")
    assert (progress.done, progress.total) == (scene.batch().done, 12)
    assert progress.per_second == pytest.approx(10.0, rel=0.5)
    assert progress.seconds_left == pytest.approx((12 - progress.done) / progress.per_second, rel=0.2)
    assert progress.freed.gigabytes == pytest.approx(2.5 * progress.done)
    await scene.until(State.ENDED)
    assert scene.queue.progress("p").seconds_left == 0.0


async def test_what_is_tried_again_keeps_what_was_confirmed_of_the_account_and_the_way_of_looking(
    make: Make,
) -> None:
    scene = make()
    scene.api.fails["answer"].extend([ConflictError("busy", status=409)] * 12)
    scene.queue.submit(plan_of(ROWS, account=None), listed=12, unproven_account_confirmed=True)
    await scene.until(State.ENDED)
    again = scene.queue.retry("p")
    await scene.until(State.ENDED, batch_id=again.id)
    assert scene.api.asked == ["list", "list"]
    assert scene.outcomes(again.id) == [Outcome.DELETED] * 12


async def test_leaving_with_outcomes_that_could_not_be_written_shows_them(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:8]))
    await scene.until(State.BLOCKED)
    await scene.time.until(lambda: sum("not written" in item.reason for item in scene.batch().items) == 2)
    await scene.time.of(scene.queue.close(cancel=False))
    assert Outcome.DELETED in scene.outcomes()
    assert Outcome.UNKNOWN not in scene.outcomes()


@pytest.mark.parametrize("step", ["account", "lease", "look", "connect", "answer"])
async def test_a_halt_sends_nothing_more_of_any_batch_and_leaves_all_to_the_next_start(make: Make, step: str) -> None:
    scene = make()
    sent: list[int] = []

    async def halt() -> None:
        if not sent:
            scene.queue.halt()
            sent.append(len(scene.api.sent))

    scene.api.at[step] = halt
    scene.queue.submit(plan_of(ROWS[:4], "one"))
    scene.queue.submit(plan_of(ROWS[4:8], "two"))
    await scene.time.until(lambda: bool(sent))
    for _ in range(20):
        await scene.time.of(scene.time.sleep(1.0))
    assert len(scene.api.sent) == sent[0]
    assert not any(item.outcome for batch_id in ("one", "two") for item in scene.batch(batch_id).items)
    with pytest.raises(RefusedPlanError, match=r"^snaptui is ending$"):
        scene.queue.submit(plan_of(ROWS[8:9], "three"))
    await scene.time.of(scene.queue.close(cancel=False))
    assert [len(found.plan.items) for found, _ in scene.journal.unfinished().batches if found.plan] == [4, 4]
