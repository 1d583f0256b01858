import asyncio
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch, ImpossibleError, Outcome, StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import KeptGroup, Plan
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, UnprovenAccountError, gone_ids, unfinished
from snaptui.deletion.states import Event, State
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotPermittedError,
    NotSentError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
    UnexpectedStatusError,
    UnreadableAnswerError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.query import QueryContext, parse
from tests.support.deleting import (
    HOURS_OF_WAKES,
    Disk,
    FullJournal,
    Pretended,
    Timeline,
    plan_of,
    snapshot,
)

ROWS = tuple(snapshot(str(n)) for n in range(12))


class Scene:
    """A queue with its API, its journal and its time."""

    def __init__(self, folder: Path, grace_seconds: float, guards: Guards) -> None:
        self.time = Timeline()
        self.api = Pretended(self.time, ROWS)
        self.disk = Disk()
        self.journal = FullJournal(folder / "deletions", self.disk)
        self.changes = 0
        self.queue = DeletionQueue(
            self.api,
            self.journal,
            guards,
            clock=self.time.wall,
            boot=self.time.clock,
            sleep=self.time.sleep,
            context=lambda: QueryContext(self.time.wall()),
            changed=self._changed,
            workers=2,
            few=0,
            grace_seconds=grace_seconds,
        )

    def _changed(self) -> None:
        self.changes += 1

    def batch(self, batch_id: str = "p") -> Batch:
        return next(batch for batch in self.queue.batches if batch.id == batch_id)

    async def until(self, *states: State, batch_id: str = "p") -> Batch:
        await self.time.until(lambda: self.batch(batch_id).state in states)
        return self.batch(batch_id)

    async def done(self, plan: Plan | None = None, listed: int = 0) -> Batch:
        batch = self.queue.submit(plan or plan_of(ROWS[:3]), listed=listed)
        return await self.until(State.ENDED, batch_id=batch.id)

    def outcomes(self, batch_id: str = "p") -> list[Outcome | None]:
        return [item.outcome for item in self.batch(batch_id).items]

    def on_disk(self, batch_id: str = "p") -> dict[str, Outcome]:
        (recorded,) = [one for one in self.journal.history() if one.plan is not None and one.plan.id == batch_id]
        return {row_id: line.outcome for row_id, line in recorded.outcomes.items()}


Make = Callable[..., Scene]


@pytest.fixture
async def make(tmp_path: Path) -> Make:
    def scene(**settings: object) -> Scene:
        grace, guards = settings.get("grace", 0.0), settings.get("guards", Guards())
        assert isinstance(grace, float)
        assert isinstance(guards, Guards)
        return Scene(tmp_path, grace, guards)

    return scene


# What is sent


async def test_what_was_confirmed_is_deleted_and_is_on_disk(make: Make) -> None:
    scene = make()
    batch = await scene.done()
    assert scene.outcomes() == [Outcome.DELETED] * 3
    assert sorted(scene.api.sent_ids) == ["0", "1", "2"]
    assert scene.on_disk() == {"0": Outcome.DELETED, "1": Outcome.DELETED, "2": Outcome.DELETED}
    assert batch.ended is not None
    assert not scene.journal.unfinished().batches
    assert gone_ids(scene.queue.batches) == {"0", "1", "2"}
    assert not scene.queue.busy
    assert scene.changes > 0


async def test_each_delete_has_a_lease_and_a_look_of_its_own_and_gives_back_what_is_not_used(make: Make) -> None:
    scene = make()
    scene.api.rows.pop("1")
    await scene.done()
    assert scene.api.asked == ["account", "get 0", "get 1", "get 2"]
    assert scene.api.leases == [(2, 2)] * 3
    assert scene.api.without_lease == []
    assert scene.batch().items[0].reason == ""
    assert scene.api.held == 0
    assert max(sent.age for sent in scene.api.sent) == 0.0
    assert scene.outcomes() == [Outcome.DELETED, Outcome.ALREADY_GONE, Outcome.DELETED]
    assert scene.batch().items[1].reason == "it was gone before anything was sent"


async def test_what_changed_or_became_protected_since_is_not_sent(make: Make) -> None:
    scene = make(guards=Guards(protect=(parse("tag:keep"),)))
    kept = snapshot("9", tags=("keep",))
    scene.api.rows["9"] = kept
    scene.api.change("1", ("other",))
    await scene.done(plan_of([ROWS[0], ROWS[1], kept]))
    assert scene.outcomes() == [Outcome.DELETED, Outcome.CHANGED, Outcome.PROTECTED]
    assert scene.batch().items[1].reason == "tags changed since it was reviewed"
    assert "tag:keep" in scene.batch().items[2].reason
    assert scene.api.sent_ids == ["0"]


async def test_the_intent_stands_on_disk_before_the_delete_leaves(make: Make) -> None:
    scene = make()
    seen: list[list[str]] = []

    async def look_at_the_disk() -> None:
        seen.append(scene.journal.history()[0].unknown_ids)

    scene.api.at["connect"] = look_at_the_disk
    await scene.done(plan_of(ROWS[:1]))
    assert seen == [["0"]]


# Order, again, after what is not a clear answer

LOST: list[ApiError] = [
    ServerError("boom", status=500),
    ServerError("late", status=504),
    UnreadableAnswerError("the answer is too large"),
    UnexpectedStatusError("teapot", status=418),
    ConnectionFailedError("reset", sent=True),
]


@pytest.mark.parametrize("error", LOST)
async def test_a_delete_that_may_have_been_acted_on_is_looked_at_and_was_ours(make: Make, error: ApiError) -> None:
    scene = make()
    scene.api.lost_after_acting.append(error)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.batch().items[0].reason == f"{str(error).rstrip('.')}; the snapshot is gone"
    assert scene.api.asked.count("get 0") == 2
    assert scene.api.sent_ids == ["0"]


@pytest.mark.parametrize("error", LOST)
async def test_a_delete_that_was_not_acted_on_goes_through_the_whole_order_again(make: Make, error: ApiError) -> None:
    scene = make()
    scene.api.fails["answer"].append(error)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.api.asked.count("get 0") == 2
    assert scene.api.sent_ids == ["0", "0"]
    assert scene.api.sent[1].at - scene.api.sent[0].at >= 0.5
    assert scene.api.sent[1].age == 0.0


async def test_a_server_that_always_fails_is_given_up_after_four_tries_and_a_last_look(make: Make) -> None:
    scene = make()
    scene.api.always["answer"] = ServerError("boom", status=500)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.FAILED]
    assert scene.batch().items[0].reason == "boom (HTTP 500); the snapshot is still there"
    moments = [sent.at for sent in scene.api.sent]
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps == pytest.approx([0.7, 1.2, 2.2], abs=0.05)
    assert scene.api.asked.count("get 0") == 5


async def test_a_lost_answer_and_no_look_is_unknown_and_keeps_the_batch_open_on_disk(make: Make) -> None:
    scene = make()
    scene.api.lost_after_acting.append(ConnectionFailedError("reset", sent=True))

    async def then_fail() -> None:
        scene.api.always["look"] = ServerError("down", status=500)

    scene.api.at["answer"] = then_fail
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.UNKNOWN]
    assert "reset" in scene.batch().items[0].reason
    ((recorded, file),) = scene.journal.unfinished().batches
    assert recorded.unknown_ids == ["0"]
    file.close()


async def test_a_look_that_always_fails_is_a_failure_and_nothing_was_sent(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = ServerError("down", status=503, request_id="r1")
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.FAILED]
    assert scene.batch().items[0].reason.startswith("it could not be looked at, and was not deleted: down")
    assert scene.batch().items[0].request_id == "r1"
    assert scene.api.asked.count("get 0") == 4
    assert scene.api.sent == []


@pytest.mark.parametrize("error", [ConflictError("busy", status=409, request_id="r1")])
async def test_a_clear_no_is_a_failure_at_once(make: Make, error: ApiError) -> None:
    scene = make()
    scene.api.fails["answer"].append(error)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.FAILED]
    assert scene.batch().items[0].request_id == "r1"
    assert scene.batch().items[0].reason == str(error)
    assert len(scene.api.sent) == 1


@pytest.mark.parametrize("there", [True, False])
async def test_a_clear_no_after_an_answer_that_was_lost_is_no_failure_before_another_look(
    make: Make, there: bool
) -> None:
    scene = make()
    scene.api.fails["answer"].extend([ServerError("late", status=504), ConflictError("busy", status=409)])

    async def acted_on_late() -> None:
        if len(scene.api.sent) == 2 and not there:
            del scene.api.rows["0"]

    scene.api.at["answer"] = acted_on_late
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.batch().items[0].reason == "late (HTTP 504); the snapshot is gone"
    assert len(scene.api.sent) == (3 if there else 2)


@pytest.mark.parametrize("error", [NotAuthenticatedError("no", status=401), NotPermittedError("no", status=403)])
async def test_a_token_that_is_refused_after_an_answer_that_was_lost_leaves_unknown_what_cannot_be_looked_at(
    make: Make, error: ApiError
) -> None:
    scene = make()
    scene.api.fails["answer"].extend([ServerError("late", status=504), error])

    async def no_looks_any_more() -> None:
        if len(scene.api.sent) == 2:
            scene.api.always["look"] = error

    scene.api.at["answer"] = no_looks_any_more
    batch = await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.UNKNOWN]
    assert batch.stop is not None


async def test_a_connection_that_fails_before_it_is_used_is_tried_again_and_its_intent_withdrawn(make: Make) -> None:
    scene = make()
    scene.api.fails["connect"].append(ConnectionFailedError("no connection", sent=False))
    unknown: list[list[str]] = []

    async def look_at_the_disk() -> None:
        unknown.append(scene.journal.history()[0].unknown_ids)

    scene.api.at["look"] = look_at_the_disk
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert unknown == [[], []]
    assert len(scene.api.sent) == 1


async def test_what_is_gone_at_its_delete_was_gone_already(make: Make) -> None:
    scene = make()

    async def somebody_else() -> None:
        scene.api.rows.pop("0", None)

    scene.api.at["connect"] = somebody_else
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.ALREADY_GONE]


# Rate limit


@pytest.mark.parametrize(
    ("limit", "waits"),
    [
        (RateLimit(retry_after_seconds=7.0), 7.0),
        (RateLimit(limit=5_000, remaining=0, reset=1_020), 20.0),
        (None, 5.0),
        (RateLimit(retry_after_seconds=900.0), 60.0),
    ],
)
@pytest.mark.parametrize("step", ["answer", "look"])
async def test_a_429_waits_as_long_as_it_says_and_looks_again(
    make: Make, step: str, limit: RateLimit | None, waits: float
) -> None:
    scene = make()
    scene.api.fails[step].append(RateLimitedError("slow down", status=429, rate_limit=limit))
    began = scene.time.now
    scene.queue.submit(plan_of(ROWS[:1]))
    await scene.time.until(lambda: scene.batch().waits_until > 0)
    assert scene.batch().waits_until == pytest.approx(began + waits, abs=0.3)
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.api.asked.count("get 0") == 2
    assert scene.api.sent[-1].at >= began + waits
    assert scene.api.sent[-1].age == 0.0


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


# What stops a batch by itself

STOPS = [
    (NotAuthenticatedError("bad token", status=401, request_id="r1"), StopKind.NOT_AUTHENTICATED),
    (NotPermittedError("no scope", status=403, request_id="r1"), StopKind.NOT_PERMITTED),
    (ReadOnlyError("read-only"), StopKind.NOT_PERMITTED),
]


@pytest.mark.parametrize(("error", "kind"), STOPS)
async def test_what_concerns_the_token_stops_the_batch_by_its_type(make: Make, error: ApiError, kind: StopKind) -> None:
    scene = make()
    scene.api.always["answer"] = error
    batch = await scene.done(plan_of(ROWS[:6]))
    assert batch.stop is not None
    assert batch.stop.kind is kind
    assert len(scene.api.sent) <= 2
    assert set(scene.outcomes()) == {Outcome.FAILED, Outcome.CANCELLED}
    assert batch.items[-1].reason == f"stopped: {error}"
    assert batch.stop.message == str(error)
    failed = next(item for item in batch.items if item.outcome is Outcome.FAILED)
    assert (failed.reason, failed.request_id) == (str(error), error.request_id)
    assert scene.on_disk()["5"] is Outcome.CANCELLED


async def test_a_token_that_is_refused_at_a_look_stops_the_batch_and_nothing_is_sent(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = NotAuthenticatedError("bad token", status=401)
    batch = await scene.done()
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.NOT_AUTHENTICATED
    assert scene.api.sent == []
    assert scene.outcomes() == [Outcome.CANCELLED] * 3


@pytest.mark.parametrize(
    ("account", "kind"),
    [
        (Account("other", "other@example.com", "active"), StopKind.OTHER_ACCOUNT),
        (NotPermittedError("no account:read", status=403), StopKind.UNPROVEN_ACCOUNT),
        (ServerError("down", status=500), StopKind.UNPROVEN_ACCOUNT),
        (NotAuthenticatedError("bad token", status=401), StopKind.NOT_AUTHENTICATED),
    ],
)
async def test_another_account_or_one_that_cannot_be_read_is_not_the_same(
    make: Make, account: Account | ApiError, kind: StopKind
) -> None:
    scene = make()
    scene.api.account = account
    batch = await scene.done()
    assert batch.stop is not None
    assert batch.stop.kind is kind
    assert scene.api.sent == []
    assert scene.api.asked == ["account"]


async def test_a_plan_without_a_proven_account_has_to_be_confirmed_as_such(make: Make) -> None:
    scene = make()
    with pytest.raises(UnprovenAccountError):
        scene.queue.submit(plan_of(ROWS[:1], account=None))
    scene.queue.submit(plan_of(ROWS[:1], account=None), unproven_account_confirmed=True)
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]


async def test_an_account_that_cannot_be_read_any_more_does_when_that_was_confirmed(make: Make) -> None:
    scene = make()
    scene.api.account = NotPermittedError("no account:read", status=403)
    scene.queue.submit(plan_of(ROWS[:1]), unproven_account_confirmed=True)
    await scene.until(State.ENDED)
    assert scene.outcomes() == [Outcome.DELETED]


# Second thoughts

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


async def test_what_may_have_been_deleted_is_unknown_where_neither_listing_nor_get_serves(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = NotPermittedError("needs block_storage_snapshot:read", status=403)
    scene.api.lost_after_acting.append(ServerError("boom", status=500))

    async def then_break() -> None:
        scene.api.incomplete = True

    scene.api.at["answer"] = then_break
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.UNKNOWN]
    assert scene.batch().items[0].reason.startswith("boom (HTTP 500); it cannot be looked at")


async def test_a_connection_that_never_comes_about_is_a_failure_that_says_so(make: Make) -> None:
    scene = make()
    scene.api.always["connect"] = ConnectionFailedError("no connection", sent=False)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.FAILED]
    assert scene.batch().items[0].reason == "no connection; the snapshot is still there"
    assert scene.api.sent == []


async def test_a_rule_about_age_is_judged_by_the_moment_of_the_delete(make: Make) -> None:
    scene = make(guards=Guards(protect=(parse("age<1h"),)))
    scene.time.offset = 3_600.0
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    scene.time.offset = 0.0
    await scene.done(plan_of(ROWS[1:2], "young"))
    assert scene.outcomes("young") == [Outcome.PROTECTED]


@pytest.mark.parametrize("listed", [0, 12])
async def test_what_a_policy_keeps_of_a_group_must_still_be_there(make: Make, listed: int) -> None:
    scene = make()
    scene.api.rows.pop("11")
    kept = (KeptGroup("web", tuple("0123"), ("11",)),)
    await scene.done(replace(plan_of(ROWS[:6]), keeps=kept), listed=listed)
    assert scene.outcomes() == [Outcome.CHANGED] * 4 + [Outcome.DELETED] * 2
    assert sorted(scene.api.sent_ids) == ["4", "5"]


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


# Grace


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


# Several batches


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


# The disk


async def test_a_plan_that_cannot_be_written_down_is_refused(make: Make) -> None:
    scene = make()
    scene.disk.full = True
    with pytest.raises(RefusedPlanError, match="disk is full"):
        scene.queue.submit(plan_of(ROWS[:1]))
    assert scene.queue.batches == ()


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


# Listing or GETs


async def test_a_block_is_looked_at_by_one_listing_where_that_takes_fewer_requests(make: Make) -> None:
    scene = make()
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.api.asked == ["account", "list"]
    assert scene.api.leases == [(13, 9)]
    assert scene.api.without_lease == []
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.held == 0


async def test_of_a_block_only_as_many_are_sent_as_places_are_held(make: Make) -> None:
    scene = make()
    scene.api.places = 5
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.asked.count("list") >= 3


async def test_a_listing_that_is_too_old_is_taken_again(make: Make) -> None:
    scene = make()
    scene.api.latency = 3.0
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert max(sent.age for sent in scene.api.sent) <= 5.0
    # The next blocks are as large as this one was able to send.
    assert [wanted for wanted, _ in scene.api.leases] == [13, 5, 5]


async def test_a_row_that_the_listing_omits_is_confirmed_by_a_get(make: Make) -> None:
    scene = make()
    scene.api.omitted = {"3", "4"}
    scene.api.rows.pop("4")
    await scene.done(plan_of(ROWS), listed=12)
    expected = [Outcome.DELETED] * 12
    expected[4] = Outcome.ALREADY_GONE
    assert scene.outcomes() == expected
    # A confirmed row needs two places, so that the last of the block has none and goes through the order again.
    assert sorted(asked for asked in scene.api.asked if asked.startswith("get")) == ["get 11", "get 3", "get 4"]


async def test_without_the_right_to_read_one_snapshot_the_listing_serves_and_what_it_omits_is_unknown(
    make: Make,
) -> None:
    scene = make()
    scene.api.always["look"] = NotPermittedError("needs block_storage_snapshot:read", status=403, request_id="r1")
    scene.api.omitted = {"1"}
    await scene.done()
    assert scene.outcomes() == [Outcome.DELETED, Outcome.UNKNOWN, Outcome.DELETED]
    assert "whether it is gone cannot be told" in scene.batch().items[1].reason
    assert scene.batch().items[1].request_id == "r1"


@pytest.mark.parametrize("trouble", ["slow", "incomplete", "failing"])
async def test_a_listing_that_nothing_can_rest_on_gives_way_to_gets(make: Make, trouble: str) -> None:
    scene = make()
    scene.api.incomplete = trouble == "incomplete"
    scene.api.list_seconds = 5.5 if trouble == "slow" else 0.1
    if trouble == "failing":
        scene.api.always["list"] = ServerError("down", status=500)
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.asked.count("list") == 1
    assert sum(asked.startswith("get") for asked in scene.api.asked) == 12
    assert max(sent.age for sent in scene.api.sent) == 0.0


async def test_where_neither_listing_nor_get_serves_nothing_is_sent_and_it_is_said(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = NotPermittedError("needs block_storage_snapshot:read", status=403)
    scene.api.incomplete = True
    await scene.done()
    assert scene.outcomes() == [Outcome.FAILED] * 3
    reason = scene.batch().items[0].reason
    assert reason.startswith("it cannot be looked at before it is deleted: the list is not complete, needs block")
    assert scene.api.asked.count("list") == 4
    assert scene.api.sent == []


async def test_a_delete_that_is_kept_back_at_the_last_moment_goes_through_the_order_again(make: Make) -> None:
    scene = make()
    scene.api.fails["connect"].append(NotSentError("too old"))
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert scene.api.asked.count("get 0") == 2


@pytest.mark.parametrize("seconds", [5.5, 3_600.0])
async def test_a_machine_that_was_suspended_between_look_and_delete_looks_again(make: Make, seconds: float) -> None:
    scene = make()
    suspended: list[bool] = []

    async def suspend() -> None:
        if not suspended:
            suspended.append(True)
            scene.time.gap(seconds)

    scene.api.at["connect"] = suspend
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.DELETED]
    assert [sent.age for sent in scene.api.sent] == [0.0]
    assert scene.api.asked.count("get 0") == 2


async def test_setting_the_clock_back_does_not_make_a_look_fresh(make: Make) -> None:
    scene = make()
    scene.queue.submit(plan_of(ROWS), listed=12)
    await scene.until(State.RUNNING)
    await scene.time.of(scene.queue.pause("p"))
    for row in ROWS:
        if row.id in scene.api.rows:
            scene.api.change(row.id, ("keep",))
    scene.time.offset -= 3_600
    sent = len(scene.api.sent)
    scene.queue.resume("p")
    await scene.until(State.ENDED)
    assert len(scene.api.sent) == sent


# Leaving


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


# Progress


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
