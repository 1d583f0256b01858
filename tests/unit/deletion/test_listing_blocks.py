"""Blocks by listing: taken where they cost less, confirmed where a listing omits, given up where it is slow."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Stop, StopKind
from snaptui.deletion.items import Outcome
from snaptui.deletion.plan import KeptGroup
from snaptui.digitalocean.api.errors import (
    NotAuthenticatedError,
    NotPermittedError,
    RateLimitedError,
    ServerError,
)
from snaptui.digitalocean.api.rate_limit import RateLimit
from tests.support.deleting import (
    plan_of,
)

from .conftest import ROWS, Make


async def test_a_block_is_looked_at_by_one_listing_where_that_takes_fewer_requests(make: Make) -> None:
    scene = make()
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.api.asked == ["account", "list"]
    assert scene.api.leases == [(13, 9)]
    assert scene.api.without_lease == []
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.held == 0


@pytest.mark.parametrize(("places", "listings"), [(2, 11), (5, 3)])
async def test_of_a_block_only_as_many_are_sent_as_places_are_held(make: Make, places: int, listings: int) -> None:
    scene = make()
    scene.api.places = places
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.outcomes() == [Outcome.DELETED] * 12
    assert scene.api.asked.count("list") >= listings
    assert (scene.disk.written["IntentLine"], scene.disk.written.get("WithdrawnLine", 0)) == (12, 0)


async def test_a_token_that_is_refused_at_a_listing_stops_the_batch(make: Make) -> None:
    scene = make()
    scene.api.always["list"] = NotAuthenticatedError("bad token", status=401)
    batch = await scene.done(plan_of(ROWS), listed=12)
    assert batch.stop == Stop(StopKind.NOT_AUTHENTICATED, "bad token (HTTP 401).")
    assert scene.api.asked == ["account", "list"]
    assert scene.api.sent == []


async def test_a_rate_limit_at_a_listing_is_waited_for(make: Make) -> None:
    scene = make()
    limit = RateLimit(retry_after_seconds=7.0)
    scene.api.fails["list"].append(RateLimitedError("slow down", status=429, rate_limit=limit))
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.api.asked == ["account", "list", "list"]
    assert scene.api.sent[0].at >= 1_007.0


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


async def test_what_the_listing_omits_after_an_answer_that_was_lost_says_that_a_delete_was_sent(make: Make) -> None:
    scene = make()
    scene.api.always["look"] = NotPermittedError("needs block_storage_snapshot:read", status=403)

    async def then_omit() -> None:
        scene.api.omitted = {"0"}

    scene.api.at["answer"] = then_omit
    scene.api.fails["answer"].append(ServerError("boom", status=500))
    await scene.done(plan_of(ROWS[:1]))
    (item,) = scene.batch().items
    assert item.outcome is Outcome.UNKNOWN
    assert item.reason.endswith("; an earlier DELETE may have been acted on (boom (HTTP 500))")


async def test_a_row_that_the_listing_omits_rests_on_the_get_that_found_it(make: Make) -> None:
    scene = make()
    scene.api.list_seconds, scene.api.omitted = 3.0, {"0"}
    await scene.done(plan_of(ROWS), listed=12)
    assert scene.api.asked.count("get 0") == 1
    assert next(sent.age for sent in scene.api.sent if sent.snapshot_id == "0") == 0.0


async def test_a_row_that_the_listing_omits_is_not_sent_without_what_is_kept_of_its_group(make: Make) -> None:
    scene = make()
    scene.api.omitted = {"0"}
    kept = (KeptGroup("web", ("0",), ("gone",)),)
    await scene.done(replace(plan_of(ROWS), keeps=kept), listed=12)
    assert scene.api.asked.count("get 0") == 1
    assert scene.outcomes() == [Outcome.CHANGED] + [Outcome.DELETED] * 11


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


@pytest.mark.parametrize(("items", "listings"), [(5, 0), (6, 1)])
async def test_each_of_a_few_is_looked_at_by_itself_whatever_a_listing_would_save(
    make: Make, items: int, listings: int
) -> None:
    scene = make(few=5)
    await scene.done(plan_of(ROWS[:items]), listed=12)
    assert scene.api.asked.count("list") == listings
    assert scene.outcomes() == [Outcome.DELETED] * items
