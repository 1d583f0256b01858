"""A disk that is full: nothing is lost, nothing is sent, and the batch goes on by itself."""

import asyncio
from concurrent.futures import Future
from pathlib import Path
from shutil import rmtree

import pytest

from snaptui.deletion.batch import Batch, StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal_lines import ConfirmedLine, Line, OutcomeLine
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    NotAuthenticatedError,
    NotSentError,
)
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make


@pytest.mark.parametrize("line", ["IntentLine", "OutcomeLine", "WithdrawnLine"])
async def test_a_disk_that_fills_up_blocks_the_batch_which_goes_on_by_itself_looking_anew(
    make: Make, line: str
) -> None:
    scene = make()
    if line == "WithdrawnLine":
        scene.api.fails["connect"].extend([NotSentError("too old")] * 3)
    scene.disk.full_at = {line: 3}
    scene.queue.submit(plan_of(ROWS[:8]))
    batch = await scene.until(State.BLOCKED)
    assert batch.unwritable == "the disk is full"
    assert batch.stop is None
    sent = len(scene.api.sent)
    for _ in range(10):
        await scene.time.of(scene.time.sleep(1.0))
    shown = {item.snapshot.id: item.outcome for item in scene.batch().items if item.outcome is not None}
    assert shown == scene.on_disk()
    assert set(scene.api.sent_ids) <= scene.journal.history()[0].intended, "each has its intent on disk"
    assert len(scene.api.sent) <= sent + 2
    sent = len(scene.api.sent)
    still_there = [row for row in ROWS[:8] if row.id in scene.api.rows]
    scene.api.change(still_there[-1].id, ("keep",))
    scene.disk.full = False
    await scene.until(State.ENDED)
    assert scene.api.asked.count("account") == 2
    assert scene.outcomes().count(Outcome.CHANGED) == 1
    assert scene.outcomes().count(Outcome.DELETED) == 7
    assert len(scene.on_disk()) == 8
    assert scene.batch().unwritable is None
    assert max(one.age for one in scene.api.sent) == 0.0


async def test_whoever_waits_for_a_batch_waits_a_minute_for_a_disk_that_stays_full(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:8]))
    ended = asyncio.create_task(scene.queue.ended("p"))
    await scene.until(State.BLOCKED)
    blocked = scene.time.now
    assert not ended.done()
    await scene.time.until(ended.done)
    assert scene.time.now - blocked == pytest.approx(60.0, abs=0.3)
    assert ended.result().state is State.BLOCKED
    assert ended.result().unwritable == "the disk is full"
    assert scene.queue.busy


async def test_a_disk_that_was_full_for_less_than_a_minute_is_no_end_for_who_waits(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:8]))
    ended = asyncio.create_task(scene.queue.ended("p"))
    for _ in range(2):
        await scene.until(State.BLOCKED)
        await scene.time.of(scene.time.sleep(50.0))
        scene.disk.full_at = {"OutcomeLine": scene.disk.written["OutcomeLine"] + 3}
        scene.disk.full = False
        await scene.until(State.RUNNING)
    await scene.until(State.BLOCKED)
    scene.disk.full = False
    await scene.time.until(ended.done)
    assert ended.result().state is State.ENDED


async def test_outcomes_that_could_not_be_written_are_written_as_soon_as_there_is_room(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:8]))
    await scene.until(State.BLOCKED)
    assert scene.on_disk() == {}
    assert any("not written down yet" in item.reason for item in scene.batch().items)
    await scene.time.of(scene.queue.pause("p"))
    assert scene.batch().state is State.PAUSED
    sent = len(scene.api.sent)
    scene.disk.full = False
    await scene.time.until(lambda: len(scene.on_disk()) > 1)
    for _ in range(10):
        await scene.time.of(scene.time.sleep(1.0))
    assert scene.batch().state is State.PAUSED
    assert scene.batch().unwritable is None
    assert len(scene.api.sent) == sent
    assert {item.snapshot.id for item in scene.batch().items if item.outcome} == set(scene.on_disk())


async def test_resuming_on_a_disk_that_is_still_full_sends_nothing(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:8]))
    await scene.until(State.BLOCKED)
    await scene.time.of(scene.queue.pause("p"))
    sent, asked = len(scene.api.sent), len(scene.api.asked)
    scene.queue.resume("p")
    await scene.until(State.BLOCKED)
    assert len(scene.api.sent) == sent
    assert len(scene.api.asked) == asked


async def test_a_batch_that_is_blocked_lets_the_next_have_its_turn(make: Make) -> None:
    scene = make()
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:4], "one"))
    scene.queue.submit(plan_of(ROWS[4:8], "two"))
    await scene.until(State.BLOCKED, batch_id="two")
    scene.disk.full = False
    await scene.until(State.ENDED, batch_id="one")
    await scene.until(State.ENDED, batch_id="two")
    assert scene.outcomes("one") + scene.outcomes("two") == [Outcome.DELETED] * 8


async def test_a_token_that_is_refused_is_said_although_the_disk_was_full_meanwhile(make: Make) -> None:
    scene = make()
    scene.api.always["answer"] = NotAuthenticatedError("bad token", status=401)
    scene.disk.full_at = {"OutcomeLine": 1}
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(lambda: scene.batch().unwritable is not None)
    scene.disk.full = False
    batch = await scene.until(State.ENDED)
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.NOT_AUTHENTICATED
    assert batch.items[-1].reason == f"stopped: {batch.stop.message}"


async def test_a_cancel_on_a_full_disk_is_written_when_there_is_room_and_sends_nothing(make: Make) -> None:
    scene = make()
    await asyncio.sleep(0)
    scene.queue.submit(plan_of(ROWS[:8]))
    await scene.until(State.RUNNING)
    scene.disk.full = True
    await scene.time.of(scene.queue.cancel("p"))
    sent = len(scene.api.sent)
    for _ in range(10):
        await scene.time.of(scene.time.sleep(1.0))
    assert scene.batch().state is State.STOPPING
    assert len(scene.api.sent) == sent
    scene.disk.full = False
    await scene.until(State.ENDED)
    assert Outcome.CANCELLED in scene.outcomes()
    assert len(scene.on_disk()) == 8


@pytest.mark.parametrize("what", ["the file", "the folder"])
async def test_a_journal_that_is_removed_in_mid_batch_is_put_back_and_the_batch_goes_on(make: Make, what: str) -> None:
    scene = make()
    seen: list[Path] = []

    async def remove() -> None:
        if len(scene.api.sent) == 2 and not seen:
            seen.extend(scene.journal.paths())
            seen[0].unlink() if what == "the file" else rmtree(seen[0].parent)

    scene.api.at["look"] = remove
    scene.queue.submit(plan_of(ROWS[:8]))
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED] * 8
    assert len(scene.on_disk()) == 8
    assert scene.journal.paths() == seen
    assert scene.journal.history()[0].ended is not None


async def test_while_a_removed_journal_cannot_be_put_back_nothing_is_sent_and_then_it_goes_on_by_itself(
    make: Make,
) -> None:
    scene = make()
    seen: list[Path] = []

    async def remove() -> None:
        if len(scene.api.sent) == 2 and not seen:
            seen.extend(scene.journal.paths())
            rmtree(seen[0].parent)
            seen[0].parent.write_bytes(b"in its way")

    scene.api.at["look"] = remove
    scene.queue.submit(plan_of(ROWS[:8]))
    batch = await scene.until(State.BLOCKED)
    assert batch.unwritable is not None
    assert batch.unwritable.startswith(f"the journal {seen[0]} cannot be written (")
    for _ in range(10):
        await scene.time.of(scene.time.sleep(1.0))
    assert len(scene.api.sent) == 2
    assert scene.batch().state is State.BLOCKED
    seen[0].parent.unlink()
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED] * 8
    assert len(scene.on_disk()) == 8


async def test_a_batch_resumed_on_a_full_disk_before_its_last_answer_writes_what_is_held_before_it_goes_on(
    make: Make,
) -> None:
    scene = make()
    first, second = asyncio.Event(), asyncio.Event()
    answers = iter([first, second])

    async def answered() -> None:
        if (answer := next(answers, None)) is not None:
            await answer.wait()

    scene.api.at["answer"] = answered
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: len(scene.api.sent) == 2)
    await scene.time.of(scene.queue.pause("p"))
    scene.disk.full = True
    first.set()
    await scene.time.until(lambda: scene.batch().unwritable is not None)
    assert scene.batch().state is State.PAUSED
    scene.queue.resume("p")
    scene.disk.full = False
    second.set()
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED] * 4
    assert len(scene.on_disk()) == 4


async def test_a_pause_while_what_was_held_is_written_keeps_the_batch_from_its_turn(make: Make) -> None:
    scene = make()
    first, second = asyncio.Event(), asyncio.Event()
    answers = iter([first, second])
    loop, pauses = asyncio.get_running_loop(), list[Future[Batch]]()

    async def answered() -> None:
        if (answer := next(answers, None)) is not None:
            await answer.wait()

    def pause_again(line: Line | ConfirmedLine) -> None:
        if isinstance(line, OutcomeLine) and line.id == scene.api.sent[0].snapshot_id and not scene.disk.full:
            pauses.append(asyncio.run_coroutine_threadsafe(scene.queue.pause("p"), loop))

    scene.api.at["answer"] = answered
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: len(scene.api.sent) == 2)
    await scene.time.of(scene.queue.pause("p"))
    scene.disk.full = True
    first.set()
    await scene.time.until(lambda: scene.batch().unwritable is not None)
    scene.queue.resume("p")
    scene.disk.full = False
    scene.disk.before = pause_again
    second.set()
    await scene.time.until(lambda: len(pauses) == 1 and pauses[0].done())
    assert scene.batch().state is State.PAUSED
    assert scene.batch().done == 2
    assert len(scene.api.sent) == 2
    scene.queue.resume("p")
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED] * 4
