"""Whatever trouble a server has for ever, at whatever step: a batch ends within 65 minutes, and says why in words."""

import pytest

from snaptui.deletion.answers import FIRST_BACKOFF_SECONDS
from snaptui.deletion.items import GONE, Outcome
from snaptui.deletion.states import State
from snaptui.deletion.worker import SETTLING_SECONDS
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConflictError,
    ConnectionFailedError,
    LookTooOldError,
    NoAnswerInTimeError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    NotSentError,
    RateLimitedError,
    ServerError,
    UnexpectedStatusError,
    UnprocessableError,
    UnreadableAnswerError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.client.pacer import LEAST_LEASE
from tests.support.deleting import HOURS_OF_WAKES, plan_of, snapshot

from .conftest import ROWS, Make

LIMIT = 65 * 60 + SETTLING_SECONDS + 60
TROUBLE: dict[str, ApiError] = {
    "429": RateLimitedError("slow down", status=429),
    "429 for a year": RateLimitedError(
        "slow down", status=429, rate_limit=RateLimit.from_headers({"retry-after": "31536000"})
    ),
    "429 until a year": RateLimitedError("slow down", status=429, rate_limit=RateLimit(remaining=0, reset=10**12)),
    "500": ServerError("boom", status=500),
    "503": ServerError("down for maintenance", status=503),
    "pending (409)": ConflictError("an action is pending", status=409),
    "pending (422)": UnprocessableError("an action is pending", status=422),
    "redirect": UnexpectedStatusError("a redirect", status=302),
    "nonsense": UnreadableAnswerError("it is no JSON"),
    "no answer": NoAnswerInTimeError("no answer in time", sent=True),
    "broken": ConnectionFailedError("the connection broke", sent=True),
    "no connection": ConnectionFailedError("no connection", sent=False),
    "401": NotAuthenticatedError("bad token", status=401),
    "403": NotPermittedError("not allowed", status=403),
    "404": NotFoundError("there is none", status=404),
}
TROUBLE_OF_THE_CLIENT: dict[str, ApiError] = {"too old": LookTooOldError("it was looked at 6.0 s ago")}


@pytest.mark.parametrize("listed", [0, 12])
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        *((step, kind) for step in ("look", "list", "answer") for kind in TROUBLE),
        ("connect", "too old"),
    ],
)
async def test_trouble_without_end_ends(make: Make, step: str, kind: str, listed: int) -> None:
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always[step] = (TROUBLE | TROUBLE_OF_THE_CLIENT)[kind]
    began = scene.time.now
    batch = await scene.done(plan_of(ROWS), listed=listed)
    assert scene.time.now - began < LIMIT
    for item in batch.items:
        assert item.outcome is not None
        assert item.outcome in GONE or item.reason


@pytest.mark.parametrize("kind", TROUBLE)
async def test_two_kinds_of_trouble_in_turn_end_as_one_does(make: Make, kind: str) -> None:
    """Of a look and of a DELETE, so that the one does not count for the other."""
    scene = make()
    scene.time.most_wakes = HOURS_OF_WAKES
    scene.api.always["answer"] = TROUBLE["429"]
    rounds = 0

    async def every_other() -> None:
        nonlocal rounds
        rounds += 1
        if rounds % 2:
            raise TROUBLE[kind]

    scene.api.at["look"] = every_other
    began = scene.time.now
    batch = await scene.done(plan_of(ROWS[:2]))
    assert scene.time.now - began < LIMIT
    assert all(item.outcome is not None and (item.outcome in GONE or item.reason) for item in batch.items)


async def test_snapshots_that_differ_at_every_look_are_left_alone(make: Make) -> None:
    scene = make()
    number = 0

    async def other_name() -> None:
        nonlocal number
        number += 1
        for row_id in scene.api.rows:
            scene.api.rows[row_id] = snapshot(row_id, f"name {number}")

    scene.api.at["look"] = other_name
    await scene.done()
    assert scene.outcomes() == [Outcome.CHANGED] * 3
    assert scene.api.sent == []


async def test_lists_that_are_never_whole_give_way_to_single_looks(make: Make) -> None:
    scene = make()
    scene.api.incomplete = True
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.asked.count("list") == 1


async def test_lists_that_use_up_the_places_of_their_deletes_give_way_to_single_looks(make: Make) -> None:
    scene = make()

    async def used_up_by_a_list() -> None:
        if max(scene.api.leases[-1]) > LEAST_LEASE:
            raise NotSentError("no place of the rate limit is held for it")

    scene.api.at["connect"] = used_up_by_a_list
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.asked.count("list") == 1


async def test_what_the_client_keeps_back_is_not_tried_again_at_once(make: Make) -> None:
    scene = make()
    scene.api.fails["connect"].append(NotSentError("the rate limit is used up"))
    await scene.done(plan_of(ROWS[:1]))
    assert scene.api.sent[0].at >= 1_000 + FIRST_BACKOFF_SECONDS + 2 * scene.api.latency


async def test_at_the_end_what_may_be_deleted_is_looked_at_for_two_minutes_and_is_unknown_then(make: Make) -> None:
    scene = make()
    scene.api.always["answer"] = TROUBLE["no answer"]
    scene.queue.submit(plan_of(ROWS), listed=12)
    await scene.time.until(lambda: len(scene.api.sent) == 12 and scene.api.held == 0)
    began, asked = scene.time.now, len(scene.api.asked)

    async def slow() -> None:
        await scene.time.sleep(SETTLING_SECONDS * 0.75)
        raise TROUBLE["no answer"]

    scene.api.at["look"] = slow
    await scene.time.of(scene.queue.cancel("p"))
    batch = await scene.until(State.ENDED)
    assert scene.time.now - began < 2 * SETTLING_SECONDS
    assert len(scene.api.asked) - asked == 2
    assert scene.outcomes() == [Outcome.UNKNOWN] * 12
    assert {item.reason for item in batch.items} == {"no answer in time; it may or may not be deleted"}
    assert batch.stop is None
