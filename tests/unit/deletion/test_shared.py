"""Rules about other copies are judged without what the queue's batches have deleted or are about to."""

from msgspec.structs import replace

from snaptui.deletion.guards import Guards
from snaptui.deletion.shared import Shared
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import QueryContext, parse
from tests.support.deleting import Pretended, Timeline, snapshot

COPIES = tuple(replace(snapshot(name), resource_id="one source") for name in ("1", "2", "3"))
LISTED = QueryContext(5.0, marked=frozenset({"2"}), places=Snapshots(COPIES).places)


def shared(context: QueryContext) -> Shared:
    time = Timeline()
    return Shared(
        Pretended(time, COPIES),
        Guards(protect=(parse("is:only"),)),
        lambda: context,
        wall=time.wall,
        clock=time.clock,
        sleep=time.sleep,
        changed=lambda: None,
        workers=2,
        few=0,
        grace_seconds=0.0,
        gone_or_leaving=set(),
    )


def refused(means: Shared) -> list[str]:
    return [row.id for row in COPIES if means.guards.refusal(row, means.context_of_rest()) is not None]


async def test_the_last_copy_is_the_one_that_is_left_when_the_others_have_passed() -> None:
    means = shared(LISTED)
    assert refused(means) == []
    means.gone_or_leaving.update(["1", "3"])
    assert "2" in refused(means)


async def test_what_has_passed_and_is_not_deleted_counts_again() -> None:
    means = shared(LISTED)
    means.gone_or_leaving.update(["1", "3"])
    means.gone_or_leaving.discard("1")
    assert "2" not in refused(means)


async def test_moment_and_marks_stay_as_they_were_given() -> None:
    means = shared(LISTED)
    means.gone_or_leaving.add("1")
    assert replace(means.context_of_rest(), places=None) == replace(LISTED, places=None)


async def test_without_a_list_there_is_nothing_to_leave_out() -> None:
    context = QueryContext(5.0)
    means = shared(context)
    means.gone_or_leaving.add("1")
    assert means.context_of_rest() is context
