"""The last moments before a DELETE: a stop counts in each of them, and so does the age of what was seen."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from snaptui.deletion.answers import MOST_TRIES
from snaptui.deletion.batch import Batch, Stop, StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal_lines import ConfirmedLine, IntentLine, Line
from snaptui.deletion.plan import KeptGroup
from snaptui.deletion.queue import DeletionQueue
from snaptui.deletion.states import State
from snaptui.digitalocean.api.departure import LOOK_SECONDS
from snaptui.digitalocean.api.errors import NotAuthenticatedError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.query import QueryContext, parse
from tests.support.deleting import Disk, FullJournal, Pretended, Timeline, plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(4))
NO_RULES = Guards()


class SlowDisk(Disk):
    """A disk that takes its time to write an intent: something happens meanwhile, and is over before it is written."""

    meanwhile: Callable[[], object] = lambda: None

    def take(self, line: Line | ConfirmedLine) -> None:
        super().take(line)
        if isinstance(line, IntentLine):
            self.meanwhile()


class Watched(Pretended):
    """An API at which something happens in the moment in which a look is answered."""

    answering: Callable[[], object] = staticmethod(lambda: None)

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        answer = await super().get_snapshot(snapshot_id, lease)
        self.answering()
        return answer


def queue_of(
    time: Timeline,
    api: Pretended,
    folder: Path,
    *,
    disk: Disk | None = None,
    guards: Guards = NO_RULES,
    judging: Callable[[], object] = lambda: None,
    few: int = 40,
) -> DeletionQueue:
    """A queue; `judging` is done whenever the guards judge something."""

    def context() -> QueryContext:
        judging()
        return QueryContext(time.wall())

    return DeletionQueue(
        api,
        FullJournal(folder / "deletions", disk or Disk()),
        guards,
        clock=time.wall,
        boot=time.clock,
        sleep=time.sleep,
        context=context,
        workers=1,
        few=few,
    )


@pytest.mark.parametrize("thought", ["cancel", "pause"])
async def test_what_is_stopped_while_its_intent_is_being_written_is_not_sent(tmp_path: Path, thought: str) -> None:
    time = Timeline()
    api, disk = Pretended(time, ROWS), SlowDisk()
    queue = queue_of(time, api, tmp_path, disk=disk)
    loop, answered = asyncio.get_running_loop(), asyncio.Event()
    asked: list[asyncio.Task[Batch]] = []

    async def think() -> None:
        if not asked:
            asked.append(asyncio.create_task(queue.cancel("p") if thought == "cancel" else queue.pause("p")))
            asked[0].add_done_callback(lambda _: answered.set())
            await asyncio.sleep(0)

    disk.meanwhile = lambda: asyncio.run_coroutine_threadsafe(think(), loop).result()
    queue.submit(plan_of(ROWS))
    await time.until(answered.is_set)
    for _ in range(20):
        await time.of(time.sleep(1.0))
    assert api.sent == []
    assert queue.batches[0].state is (State.ENDED if thought == "cancel" else State.PAUSED)
    assert {item.outcome for item in queue.batches[0].items} == {Outcome.CANCELLED if thought == "cancel" else None}


async def test_a_rule_is_judged_by_what_was_seen_last(tmp_path: Path) -> None:
    time = Timeline()
    api = Pretended(time, ROWS)
    seen = replace(ROWS[0], min_disk_size=99)
    api.rows["0"] = seen
    queue = queue_of(time, api, tmp_path, guards=Guards(protect=(parse("min_disk>90"),)))
    queue.submit(plan_of(ROWS[:1]))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert api.sent == []
    assert queue.batches[0].items[0].outcome is not Outcome.DELETED


@pytest.mark.parametrize("thought", ["cancel", "pause"])
async def test_a_stop_that_comes_together_with_the_answer_of_the_look_counts(tmp_path: Path, thought: str) -> None:
    time = Timeline()
    api = Watched(time, ROWS)
    queue = queue_of(time, api, tmp_path)
    asked: list[asyncio.Task[Batch]] = []

    def think() -> None:
        if not asked:
            asked.append(asyncio.create_task(queue.cancel("p") if thought == "cancel" else queue.pause("p")))

    api.answering = think
    queue.submit(plan_of(ROWS))
    await time.until(lambda: bool(asked) and asked[0].done())
    for _ in range(20):
        await time.of(time.sleep(1.0))
    assert api.sent == []


async def test_time_that_passes_while_the_guards_judge_makes_the_look_older(tmp_path: Path) -> None:
    time = Timeline()
    api = Pretended(time, ROWS)
    gaps = iter([60.0, 3.0])
    queue = queue_of(time, api, tmp_path, judging=lambda: time.gap(next(gaps, 0.0)))
    queue.submit(plan_of(ROWS[:1]))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert api.asked == ["account", "get 0", "get 0"]
    assert [sent.age for sent in api.sent] == [3.0]


async def test_a_listing_counts_from_its_beginning(tmp_path: Path) -> None:
    time = Timeline()
    rows = tuple(snapshot(str(n)) for n in range(30))
    api = Pretended(time, rows)
    api.list_seconds = 3.0
    queue = queue_of(time, api, tmp_path, few=0)
    queue.submit(plan_of(rows), listed=30)
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert "list" in api.asked
    assert min(sent.age for sent in api.sent) >= 3.0
    assert max(sent.age for sent in api.sent) <= 5.0


async def test_what_a_listing_is_too_old_for_is_not_even_intended(tmp_path: Path) -> None:
    time = Timeline()
    rows = tuple(snapshot(str(n)) for n in range(12))
    api, disk = Pretended(time, rows, latency=3.0), Disk(written={})
    queue = queue_of(time, api, tmp_path, disk=disk, few=0)
    queue.submit(plan_of(rows), listed=12)
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert len(api.sent) == 12
    assert "list" in api.asked
    assert (disk.written["IntentLine"], disk.written.get("WithdrawnLine", 0)) == (12, 0)


async def test_a_refusal_of_the_last_item_says_why_the_batch_ended(tmp_path: Path) -> None:
    time = Timeline()
    api = Pretended(time, ROWS)
    api.fails["connect"].append(NotAuthenticatedError("the token is not valid", status=401))
    queue = queue_of(time, api, tmp_path)
    queue.submit(plan_of(ROWS[:1]))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert queue.batches[0].items[0].outcome is Outcome.FAILED
    assert queue.batches[0].stop == Stop(StopKind.NOT_AUTHENTICATED, "the token is not valid (HTTP 401).")


async def test_what_a_slow_disk_makes_every_look_too_old_for_fails_after_a_few_rounds_and_says_why(
    tmp_path: Path,
) -> None:
    time = Timeline()
    api, disk = Pretended(time, ROWS), SlowDisk(written={})
    disk.meanwhile = lambda: time.gap(6.0)
    queue = queue_of(time, api, tmp_path, disk=disk)
    queue.submit(plan_of(ROWS[:2]))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert api.sent == []
    assert disk.written["IntentLine"] == disk.written["WithdrawnLine"] == 2 * MOST_TRIES
    assert {(item.outcome, item.reason) for item in queue.batches[0].items} == {
        (
            Outcome.FAILED,
            "it was looked at 6.0 s ago, too long for a DELETE to rest on; the snapshot is still there",
        )
    }


async def test_a_listing_on_which_nothing_could_leave_gives_way_to_gets(tmp_path: Path) -> None:
    time = Timeline()
    rows = tuple(snapshot(str(n)) for n in range(12))
    api, disk = Pretended(time, rows), SlowDisk(written={})
    api.list_seconds = 4.0
    disk.meanwhile = lambda: time.gap(1.5)
    queue = queue_of(time, api, tmp_path, disk=disk, few=0)
    queue.submit(plan_of(rows), listed=12)
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert [item.outcome for item in queue.batches[0].items] == [Outcome.DELETED] * 12
    assert api.asked.count("list") == 1


KEPT = (KeptGroup("web", ("0", "1"), ("2",)),)


class SlowGets(Pretended):
    """An API whose answer to some GETs takes its time."""

    slow: frozenset[str] = frozenset()
    taken: float = 0.0

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        if snapshot_id in self.slow and self.taken:
            self.slow -= {snapshot_id}
            await self.time.sleep(self.taken)
        return await super().get_snapshot(snapshot_id, lease)


@pytest.mark.parametrize("seconds", [4.0, 8.0, 28.0])
async def test_a_delete_rests_on_the_older_look_of_its_own_and_of_what_is_kept(tmp_path: Path, seconds: float) -> None:
    time = Timeline()
    api = SlowGets(time, ROWS)
    api.slow, api.taken = frozenset({"0"}), seconds
    asked_at: dict[str, float] = {}
    queue = queue_of(time, api, tmp_path)

    async def note() -> None:
        if api.asked[-1] == "get 2":
            asked_at.setdefault("2", time.clock())

    api.at["look"] = note
    queue.submit(replace(plan_of(ROWS[:1]), keeps=KEPT))
    await time.until(lambda: "2" in asked_at)
    await time.of(time.sleep(1.0))
    if seconds > LOOK_SECONDS:
        api.rows.pop("2")  # while the item is still being looked at
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    (item,) = queue.batches[0].items
    if seconds > LOOK_SECONDS:
        assert (api.sent, item.outcome) == ([], Outcome.CHANGED)
    else:
        assert item.outcome is Outcome.DELETED
        assert [sent.age for sent in api.sent] == [pytest.approx(seconds)]


async def test_looks_at_what_is_kept_have_places_of_the_rate_limit_as_all_others(tmp_path: Path) -> None:
    time = Timeline()
    api = Pretended(time, ROWS)
    queue = queue_of(time, api, tmp_path)
    queue.submit(replace(plan_of(ROWS[:2]), keeps=KEPT))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert "get 2" in api.asked
    assert api.without_lease == []
    assert sorted(api.sent_ids) == ["0", "1"]
    assert (api.leases, api.held) == ([(3, 3)] * 2, 0)


async def test_a_row_that_a_listing_omits_rests_on_the_listing_for_what_is_kept(tmp_path: Path) -> None:
    time = Timeline()
    rows = tuple(snapshot(str(n)) for n in range(12))
    api = Pretended(time, rows)
    api.list_seconds, api.omitted = 3.0, {"0"}
    queue = queue_of(time, api, tmp_path, few=0)
    kept = (KeptGroup("web", ("0",), ("11",)),)
    queue.submit(replace(plan_of(rows[:11]), keeps=kept), listed=12)
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert "get 0" in api.asked
    assert "get 11" not in api.asked
    assert next(sent.age for sent in api.sent if sent.snapshot_id == "0") >= 3.0


async def test_what_is_gone_is_so_although_what_is_kept_is_still_being_looked_at(tmp_path: Path) -> None:
    time = Timeline()
    api = SlowGets(time, ROWS)
    api.slow, api.taken = frozenset({"2"}), 4.0
    api.rows.pop("0")
    queue = queue_of(time, api, tmp_path)
    queue.submit(replace(plan_of(ROWS[:1]), keeps=KEPT))
    await time.until(lambda: queue.batches[0].state is State.ENDED)
    assert [item.outcome for item in queue.batches[0].items] == [Outcome.ALREADY_GONE]
    assert (queue.batches[0].stop, api.held) == (None, 0)
