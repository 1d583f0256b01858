"""Run of a batch: its words, its moments and its ends."""

import asyncio
from pathlib import Path

import pytest

from snaptui.deletion.batch import StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Item, Outcome
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, UnprovenAccountError
from snaptui.deletion.recovery import Interrupted
from snaptui.deletion.run import BLOCKED_SECONDS
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    ApiError,
    NotAuthenticatedError,
    NotPermittedError,
    RateLimitedError,
    ServerError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.query import QueryContext
from tests.support.deleting import OURS, plan_of, snapshot
from tests.unit.deletion.scene import ROWS, Scene

OTHER = Account("other", "other@example.com", "active")
NO_SCOPE = NotPermittedError("no account:read", status=403)
UNREADABLE = "whose account the token is for cannot be read: "


@pytest.fixture
async def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (OTHER, f"the token belongs to {OTHER.label} now, not to {OURS.label}"),
        (NO_SCOPE, f"{UNREADABLE}{NO_SCOPE}"),
        (ServerError("down", status=500), f"{UNREADABLE}down (HTTP 500)."),
        (NotAuthenticatedError("bad token", status=401), "bad token (HTTP 401)."),
    ],
)
async def test_what_the_account_check_found_is_said(scene: Scene, answer: Account | ApiError, said: str) -> None:
    scene.api.account = answer
    scene.queue.submit(plan_of(ROWS[:2]))
    batch = await scene.ended()
    assert batch.stop is not None
    assert batch.stop.message == said
    assert {item.reason for item in batch.items} == {f"stopped: {said}"}
    assert {item.outcome for item in batch.items} == {Outcome.CANCELLED}


@pytest.mark.parametrize("answer", [OTHER, ServerError("down", status=500)])
async def test_that_an_account_is_unproven_was_confirmed_allows_no_other_account(
    scene: Scene, answer: Account | ApiError
) -> None:
    scene.api.account = answer
    scene.queue.submit(plan_of(ROWS[:2]), unproven_account_confirmed=True)
    batch = await scene.ended()
    assert batch.stop is not None
    assert scene.api.sent == []


async def test_a_plan_without_an_account_asks_for_none_once_that_was_confirmed(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:1], account=None), unproven_account_confirmed=True)
    await scene.ended()
    assert "account" not in scene.api.asked


async def test_a_batch_keeps_when_it_was_confirmed_began_and_ended(scene: Scene) -> None:
    scene.time.offset = 500.0
    assert scene.queue.submit(plan_of(ROWS[:4])).confirmed == 1_500.0
    await scene.time.until(lambda: bool(scene.api.sent))
    await scene.time.of(scene.queue.pause("p"))
    assert scene.batch().began == 1_500.0
    scene.time.gap(60)
    scene.queue.resume("p")
    batch = await scene.ended()
    assert batch.began == 1_500.0
    assert batch.ended == scene.time.wall() > 1_560.0


async def test_a_grace_is_told_as_it_passes_and_given_whole_after_a_gap_of_more_than_a_second(tmp_path: Path) -> None:
    scene = Scene(tmp_path, grace_seconds=10.0)
    assert scene.queue.submit(plan_of(ROWS[:1])).grace_left == 10.0
    await scene.time.until(lambda: scene.batch().grace_left == 9.75)
    assert scene.time.now == 1_000.25
    scene.time.gap(1.0)
    await scene.time.until(lambda: scene.batch().grace_left < 9.75)
    assert scene.batch().grace_left == 8.75
    scene.time.gap(1.25)
    await scene.time.until(lambda: scene.batch().grace_left != 8.75)
    assert scene.batch().grace_left == 10.0


async def test_the_last_of_a_grace_is_never_less_than_nothing(tmp_path: Path) -> None:
    scene = Scene(tmp_path, grace_seconds=0.3)
    lefts: list[float] = []
    scene.queue.submit(plan_of(ROWS[:1]))

    def over() -> bool:
        lefts.append(scene.batch().grace_left)
        return scene.batch().state is not State.GRACE

    await scene.time.until(over)
    assert min(lefts) == 0.0
    await scene.ended()
    assert scene.api.sent[0].at >= 1_000.3


async def test_a_wait_for_the_rate_limit_is_part_of_the_time_left(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(lambda: scene.batch().done >= 2)
    limited = RateLimitedError("slow", status=429, rate_limit=RateLimit(retry_after_seconds=50.0))
    scene.api.fails["look"].append(limited)
    await scene.time.until(lambda: scene.batch().waits_until > 0)
    waits = scene.batch().waits_until - scene.time.wall()
    assert scene.queue.progress("p").seconds_left == pytest.approx(waits)
    rate = scene.queue.progress("p").per_second
    await scene.time.until(lambda: scene.batch().waits_until - scene.time.wall() < 5.0)
    assert scene.queue.progress("p").per_second == pytest.approx(rate, rel=0.5)


async def test_what_is_freed_is_priced_as_asked(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.ended()
    assert scene.queue.progress("p", 0.10).freed.monthly_usd == pytest.approx(1.0)
    assert scene.queue.progress("p").freed.monthly_usd == pytest.approx(0.6)


async def test_what_is_left_when_snaptui_is_left_says_so(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:6]))
    await scene.time.until(lambda: bool(scene.api.sent))
    await scene.time.of(scene.queue.close())
    reasons = {item.reason for item in scene.batch().items if item.outcome is Outcome.CANCELLED}
    assert reasons == {"snaptui was left before it was sent"}


async def test_a_batch_that_waits_for_its_turn_is_paused_and_taken_back(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:4]))
    scene.queue.submit(plan_of(ROWS[4:], "second"))
    await scene.time.until(lambda: scene.batch("second").state is State.QUEUED)
    await scene.time.of(scene.queue.take_back("second"))
    batch = await scene.ended("second")
    assert {item.reason for item in batch.items} == {"taken back before anything was sent"}
    await scene.ended()
    assert set(scene.api.sent_ids) == {"0", "1", "2", "3"}


async def test_a_batch_held_while_it_was_queued_counts_down_anew(tmp_path: Path) -> None:
    scene = Scene(tmp_path, grace_seconds=2.0)
    scene.queue.submit(plan_of(ROWS[:4]))
    scene.queue.submit(plan_of(ROWS[4:], "second"))
    await scene.time.until(lambda: scene.batch("second").state is State.QUEUED)
    await scene.time.of(scene.queue.pause("second"))
    assert scene.batch("second").state is State.HELD
    await scene.ended()
    scene.queue.resume("second")
    resumed = scene.time.now
    await scene.ended("second")
    first = next(sent.at for sent in scene.api.sent if sent.snapshot_id in "4567")
    assert first >= resumed + 2.0


async def test_who_waits_for_a_batch_has_it_when_it_ended_or_rests(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:2]))
    ended = asyncio.create_task(scene.queue.ended("p"))
    await scene.time.until(ended.done)
    assert ended.result() == scene.batch()
    assert (await scene.queue.ended("p")).state is State.ENDED


async def test_a_pause_by_the_user_is_no_rest_for_who_waits(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:4]))
    ended = asyncio.create_task(scene.queue.ended("p"))
    await scene.time.until(lambda: bool(scene.api.sent))
    await scene.time.of(scene.queue.pause("p"))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not ended.done()
    scene.queue.resume("p")
    await scene.time.until(ended.done)
    assert ended.result().state is State.ENDED


async def test_what_is_refused_is_said_in_words(tmp_path: Path) -> None:
    scene = Scene(tmp_path, grace_seconds=5.0)
    scene.queue.submit(plan_of(ROWS[:2]))
    for plan, said in (
        (plan_of(ROWS[5:]), "this plan has been begun already"),
        (plan_of(ROWS[:2], "twice"), "0 is in a deletion that has not ended"),
        (plan_of(ROWS[5:], "none", None), "whose account it is for is not proven, and that was not confirmed"),
    ):
        with pytest.raises(RefusedPlanError) as caught:
            scene.queue.submit(plan)
        assert str(caught.value) == said
        assert isinstance(caught.value, UnprovenAccountError) is (plan.id == "none")
    read_only = DeletionQueue(
        scene.api, scene.journal, Guards(read_only=True), context=lambda: QueryContext(0.0), sleep=scene.time.sleep
    )
    with pytest.raises(RefusedPlanError) as caught:
        read_only.submit(plan_of(ROWS[5:], "other"))
    assert str(caught.value) == "snaptui was started read-only"
    await scene.time.of(scene.queue.take_back("p"))
    await scene.ended()


async def test_a_plan_that_has_ended_can_be_begun_again(scene: Scene) -> None:
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.ended()
    scene.time.gap(5)
    scene.queue.submit(plan_of(ROWS[1:2]))
    assert (await scene.ended()).items[0].snapshot.id == "1"
    assert scene.api.sent_ids == ["0", "1"]


async def test_an_interrupted_batch_goes_on_in_its_own_file(tmp_path: Path) -> None:
    scene = Scene(tmp_path, grace_seconds=3.0)
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.queue.close(cancel=False)
    before = scene.journal.paths()
    ((recorded, file),) = scene.journal.unfinished().batches
    assert recorded.as_batch is not None
    found = Interrupted(file, plan_of(ROWS[:4]), tuple(recorded.as_batch.items), 0, 0, 0, ())
    again = Scene(tmp_path, grace_seconds=3.0)
    batch = again.queue.adopt(found)
    assert (batch.confirmed, batch.grace_left, batch.state) == (1_000.0, 3.0, State.GRACE)
    await again.ended()
    assert scene.journal.paths() == before
    assert sorted(again.api.sent_ids) == ["0", "1", "2", "3"]
    assert again.api.sent[0].at >= 1_003.0


async def test_a_rate_limit_that_lets_nothing_through_ends_a_batch_by_its_own_words(scene: Scene) -> None:
    scene.time.most_wakes = 40_000
    scene.api.always["look"] = RateLimitedError("slow", status=429)
    scene.queue.submit(plan_of(ROWS[:2]))
    batch = await scene.ended()
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.RATE_LIMIT
    assert batch.stop.message == "rate limit: no DELETE was let through for 65 minutes"
    assert {item.reason for item in batch.items} == {batch.stop.message}
    assert 1_000 + 65 * 60 < scene.time.now <= 1_000 + 65 * 60 + 2


@pytest.mark.parametrize("cancel", [True, False])
async def test_leaving_waits_a_second_at_most_and_leaves_nothing_running(scene: Scene, cancel: bool) -> None:
    reached = asyncio.Event()

    async def stay() -> None:
        reached.set()
        await asyncio.Event().wait()

    scene.api.at["connect"] = stay
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(reached.is_set)
    await scene.queue.close(cancel=cancel)
    assert scene.api.held == 0
    assert scene.api.sent == []
    assert not any(item.sending for item in scene.batch().items)


async def test_an_interrupted_batch_of_an_unproven_account_goes_on_once_that_was_confirmed(scene: Scene) -> None:
    plan = plan_of(ROWS[:1], account=None)
    file = scene.journal.begin(1.0, plan)
    found = Interrupted(file, plan, (Item(ROWS[0]),), 0, 0, 0, ())
    with pytest.raises(UnprovenAccountError):
        scene.queue.adopt(found)
    scene.queue.adopt(found, unproven_account_confirmed=True)
    await scene.ended()
    assert scene.api.asked == ["get 0"]


async def test_a_cancel_says_of_what_is_still_there_why_it_was_not_tried_again(scene: Scene) -> None:
    scene.api.fails["answer"].append(ServerError("boom", status=500))
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: len(scene.api.sent) == 1 and scene.api.held == 0)
    await scene.time.of(scene.queue.cancel("p"))
    reason = "boom (HTTP 500); the snapshot is still there; cancelled before it was sent"
    assert (await scene.ended()).items[0].reason == reason


async def test_after_a_time_in_which_the_program_did_not_run_the_65_minutes_go_on(scene: Scene) -> None:
    scene.time.most_wakes = 40_000
    scene.time.now = began = 100_000.0
    scene.api.always["look"] = RateLimitedError("slow", status=429)
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().waits_until > 0)
    scene.time.gap(7_200.0)
    await scene.ended()
    assert scene.batch().items[0].outcome is Outcome.FAILED
    assert 65 * 60 <= scene.time.now - began - 7_200.0 < 66 * 60


async def test_who_waits_for_a_batch_that_can_be_written_counts_no_minute(scene: Scene) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await scene.time.sleep(seconds)

    queue = DeletionQueue(
        scene.api,
        scene.journal,
        Guards(),
        clock=scene.time.wall,
        boot=scene.time.clock,
        sleep=sleep,
        context=lambda: QueryContext(scene.time.wall()),
    )
    queue.submit(plan_of(ROWS))
    await scene.time.of(queue.ended("p"))
    assert BLOCKED_SECONDS not in waits


async def test_the_time_left_counts_the_requests_that_are_left(scene: Scene) -> None:
    rows = tuple(snapshot(f"n{n}") for n in range(200))
    scene.api.rows.update({row.id: row for row in rows})
    scene.queue.submit(plan_of(rows))
    await scene.time.until(lambda: scene.batch().done >= 60)
    # Of 280 requests 110 have a place in this minute, the others in the next one.
    left = scene.queue.progress("p").seconds_left
    assert left == pytest.approx(63.0, abs=5.0)
    await scene.time.of(scene.queue.close())


async def test_a_pause_is_reached_although_whoever_asked_for_it_waits_no_more(scene: Scene) -> None:
    go_on = asyncio.Event()

    async def connect() -> None:
        await go_on.wait()

    scene.api.at["connect"] = connect
    scene.queue.submit(plan_of(ROWS[:4]))
    await scene.time.until(lambda: any(item.sending for item in scene.batch().items))
    pausing = asyncio.create_task(scene.queue.pause("p"))
    await scene.time.until(lambda: scene.batch().state is State.PAUSING)
    pausing.cancel()
    go_on.set()
    await scene.time.until(lambda: scene.batch().state is State.PAUSED)
    assert scene.api.sent == []
    await scene.time.of(scene.queue.close())
