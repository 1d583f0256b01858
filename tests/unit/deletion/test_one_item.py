"""One item on its way: look, guards, intent and DELETE, in this order and each time anew."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.plan import KeptGroup
from snaptui.deletion.queue import gone_ids
from snaptui.deletion.states import State
from snaptui.digitalocean.api.errors import ConflictError, LookTooOldError, NotSentError, ServerError
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import parse
from tests.support.deleting import (
    plan_of,
    snapshot,
)

from .conftest import ROWS, Make


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


@pytest.mark.parametrize(("tags", "outcome"), [(("other",), Outcome.CHANGED), (("keep",), Outcome.PROTECTED)])
async def test_what_changed_or_became_protected_after_a_lost_answer_says_that_a_delete_was_sent(
    make: Make, tags: tuple[str, ...], outcome: Outcome
) -> None:
    scene = make(guards=Guards(protect=(parse("tag:keep age>1h"),)))
    row = snapshot("20", tags=tags)
    scene.api.rows["20"] = row
    scene.time.offset = 1_000.0

    async def answer() -> None:
        """The server takes the DELETE and does nothing yet; somebody changes the snapshot."""
        scene.time.offset += 10_000.0
        if outcome is Outcome.CHANGED:
            scene.api.change("20", ("others",))

    scene.api.at["answer"] = answer
    scene.api.fails["answer"].append(ServerError("broken", status=500))
    await scene.done(plan_of([row]))
    (item,) = scene.batch().items
    assert (item.outcome, len(scene.api.sent)) == (outcome, 1)
    assert item.reason.endswith("; an earlier DELETE may have been acted on (broken (HTTP 500))")


async def test_what_is_given_up_for_another_reason_than_a_lost_answer_says_that_a_delete_was_sent(make: Make) -> None:
    scene = make()
    scene.api.fails["answer"].append(ServerError("broken", status=500))

    async def too_old() -> None:
        if scene.api.sent:
            raise LookTooOldError("it is too old")

    scene.api.at["connect"] = too_old
    await scene.done(plan_of(ROWS[:1]))
    (item,) = scene.batch().items
    assert (item.outcome, len(scene.api.sent)) == (Outcome.FAILED, 1)
    sent_before = "an earlier DELETE may have been acted on (broken (HTTP 500))"
    assert item.reason == f"it is too old; the snapshot is still there; {sent_before}"


async def test_the_intent_stands_on_disk_before_the_delete_leaves(make: Make) -> None:
    scene = make()
    seen: list[list[str]] = []

    async def look_at_the_disk() -> None:
        seen.append(scene.journal.history()[0].unknown_ids)

    scene.api.at["connect"] = look_at_the_disk
    await scene.done(plan_of(ROWS[:1]))
    assert seen == [["0"]]


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


@pytest.mark.parametrize("listed", [0, 12])
async def test_a_rule_that_protects_the_last_copy_keeps_one_of_a_batch_of_all_copies(make: Make, listed: int) -> None:
    scene = make(guards=Guards(protect=(parse("is:only"),)))
    scene.places = Snapshots(ROWS).places  # all of one source
    await scene.done(plan_of(ROWS), listed=listed)
    assert scene.outcomes().count(Outcome.DELETED) == len(ROWS) - 1
    assert scene.outcomes().count(Outcome.PROTECTED) == len(scene.api.rows) == 1


async def test_what_could_not_be_deleted_counts_as_a_copy_again(make: Make) -> None:
    scene = make(guards=Guards(protect=(parse("is:only"),)))
    scene.places = Snapshots(ROWS).places
    scene.api.fails["answer"].append(ConflictError("busy", status=409))
    await scene.done(plan_of(ROWS))
    assert scene.outcomes().count(Outcome.DELETED) == len(ROWS) - 1
    assert scene.outcomes().count(Outcome.FAILED) == len(scene.api.rows) == 1


async def test_what_may_have_been_deleted_is_no_copy_that_another_batch_could_leave(make: Make) -> None:
    scene = make(guards=Guards(protect=(parse("is:only"),)))
    scene.places = Snapshots(ROWS[:2]).places
    scene.api.fails["answer"].append(ServerError("boom", status=500))

    async def keep_back_the_second() -> None:
        if scene.api.sent:
            raise NotSentError("too old")

    scene.api.at["connect"] = keep_back_the_second
    scene.queue.submit(plan_of(ROWS[:1], "one"))
    await scene.time.until(lambda: "OutcomeLine" in scene.disk.written)
    await scene.time.of(scene.queue.pause("one"))
    assert scene.outcomes("one") == [None]
    scene.api.at.clear()
    await scene.done(plan_of(ROWS[1:2], "two"))
    assert scene.outcomes("two") == [Outcome.PROTECTED]
    assert scene.api.sent_ids == ["0"]
