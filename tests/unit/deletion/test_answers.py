"""Answers while deleting: what each means for its item, or for the whole batch."""

from itertools import pairwise

import pytest

from snaptui.deletion.batch import StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotPermittedError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
    UnexpectedStatusError,
    UnreadableAnswerError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make

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
    assert scene.batch().items[0].reason == "reset; it could not be looked at: down (HTTP 500)."
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


async def test_what_is_refused_again_and_again_after_an_answer_that_was_lost_fails_with_both_reasons(
    make: Make,
) -> None:
    scene = make()
    scene.api.fails["answer"].append(ServerError("late", status=504))
    scene.api.always["answer"] = ConflictError("busy", status=409)
    await scene.done(plan_of(ROWS[:1]))
    assert scene.outcomes() == [Outcome.FAILED]
    assert scene.batch().items[0].reason == (
        "busy (HTTP 409); the snapshot is still there; an earlier DELETE may have been acted on (late (HTTP 504))"
    )
    assert len(scene.api.sent) == 4


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
