"""Previews: what a policy never removes, and sums."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from snaptui.audit.calendar import Calendar, Span
from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.audit.policy import Policy
from snaptui.audit.preview import Preview
from snaptui.audit.retention import History, Rules
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import monthly_cents
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext
from tests.unit.audit.rows import NOW, lists, row
from tests.unit.audit.test_retention import POLICIES

LAST = Policy(last=1)


def nothing_refused(_snapshot: Snapshot) -> str | None:
    return None


def preview(
    rows: list[Snapshot],
    policy: Policy = LAST,
    by: GroupBy = GroupBy.SOURCE,
    *,
    refusal: Callable[[Snapshot], str | None] = nothing_refused,
    matching: bytes = b"",
    unjudged: bytes = b"",
) -> Preview:
    scope = Scope(Snapshots(rows), RowSet(matching or b"\1" * len(rows)), RowSet(unjudged))
    refusable = RowSet(bytes(refusal(one) is not None for one in rows))
    asked = Preview(Histories(scope, by, NOW), policy, QueryContext(NOW), refusal=refusal, refusable=refusable)
    assert asked.removed == Preview(Histories(scope, by, NOW), policy, QueryContext(NOW), refusal=refusal).removed
    return asked


def reasons(found: Preview) -> dict[str, tuple[str, ...]]:
    return {judged.snapshot.id: judged.reasons for judged in found.slice(0, len(found))}


def removed(found: Preview) -> set[str]:
    return {snapshot.id for snapshot in found.removed}


def naive_key(one: Snapshot, by: GroupBy) -> object:
    match by:
        case GroupBy.SOURCE:
            return None if one.resource_id is None else (one.resource_type, one.resource_id)
        case GroupBy.FAMILY:
            return family_of(one.name)
        case GroupBy.TAG:
            return None if one.tags is None else frozenset(one.tags)
        case GroupBy.NONE:
            return 0


@given(lists(), POLICIES, st.sampled_from(GroupBy), st.data())
def test_a_preview_removes_exactly_what_judging_each_group_alone_removes(
    rows: list[Snapshot], policy: Policy, by: GroupBy, data: st.DataObject
) -> None:
    states = data.draw(st.lists(st.sampled_from("yn?"), min_size=len(rows), max_size=len(rows)))
    kept_by_rule = data.draw(st.frozensets(st.sampled_from([one.id for one in rows] or ["1"])))
    found = preview(
        rows,
        policy,
        by,
        refusal=lambda one: "protected" if one.id in kept_by_rule else None,
        matching=bytes(state == "y" for state in states),
        unjudged=bytes(state == "?" for state in states),
    )
    wanted: set[str] = set()
    chosen = [one for one, state in zip(rows, states, strict=True) if state == "y" and not one.damage]
    dated = [one for one in chosen if one.created is not None and one.created <= NOW and naive_key(one, by) is not None]
    for key in {naive_key(one, by) for one in dated}:
        members = sorted(
            (one for one in dated if naive_key(one, by) == key), key=lambda one: (-(one.created or 0), one.id)
        )
        history = History([0, len(members)], [one.created or 0 for one in members], members)
        for one, bits in zip(members, Rules(policy, Calendar()).judge(history), strict=True):
            if not bits and one.id not in kept_by_rule and not (policy.tags and one.tags is None):
                wanted.add(one.id)
    assert removed(found) == wanted
    assert {one for one, said in reasons(found).items() if not said} == wanted
    assert set(reasons(found)) == {one.id for one, state in zip(rows, states, strict=True) if state != "n"}
    assert found.kept_count + len(found.removed) == len(found) == len(reasons(found))
    assert found.removed_count == len(found.removed)


@given(lists(), POLICIES, st.sampled_from(GroupBy))
def test_groups_add_up_to_the_total_to_the_cent(rows: list[Snapshot], policy: Policy, by: GroupBy) -> None:
    found = preview(rows, policy, by)
    gone = [one for one in rows if one.id in removed(found)]
    assert sum(outcome.cents for outcome in found.outcomes()) == sum(monthly_cents(one) or 0 for one in gone)
    assert [one for outcome in found.outcomes() for one in outcome.goes] == found.removed
    assert found.cents == sum(monthly_cents(one) or 0 for one in gone)
    costs = [outcome.cents for outcome in found.outcomes()]
    assert costs == sorted(costs, reverse=True)


@given(lists(), st.sampled_from(GroupBy))
def test_a_policy_that_counts_keeps_something_of_every_group(rows: list[Snapshot], by: GroupBy) -> None:
    assert all(outcome.stays for outcome in preview(rows, LAST, by).outcomes())


def test_what_cannot_be_judged_is_kept_and_says_why() -> None:
    found = preview(
        [
            row("1", days=1),
            row("2", days=2),
            row("3", days=None),
            row("4", days=3, damage="no size"),
            row("5", days=-1),
            row("6", days=4, source=None),
            row("7", days=5),
        ],
        unjudged=b"\0\0\0\0\0\0\1",
        matching=b"\1\1\1\1\1\1\0",
    )
    assert reasons(found) == {
        "1": ("last snapshot",),
        "2": (),
        "3": ("age unknown",),
        "4": ("damaged row (no size)",),
        "5": ("dated in the future",),
        "6": ("source unknown",),
        "7": ("cannot be told whether the query matches it",),
    }


def test_dates_in_the_future_and_damaged_rows_use_up_no_count() -> None:
    found = preview([row("1", days=-3), row("2", days=0, damage="odd"), row("3", days=1), row("4", days=2)])
    assert removed(found) == {"4"}


def test_a_span_is_counted_back_from_the_newest_that_is_not_in_the_future() -> None:
    found = preview(
        [row("1", days=-30), row("2", days=10), row("3", days=12), row("4", days=14)], Policy(within=Span(days=3))
    )
    assert removed(found) == {"4"}


def test_unknown_tags_are_kept_where_the_policy_or_the_grouping_asks_for_tags() -> None:
    rows = [row("1", days=1), row("2", days=2, tags=None), row("3", days=3)]
    by_policy = preview(rows, Policy(last=1, tags=(("a",),)))
    assert reasons(by_policy) == {"1": ("last snapshot",), "2": ("tags unknown",), "3": ()}
    assert reasons(preview(rows, LAST, GroupBy.TAG))["2"] == ("tags unknown",)
    assert removed(preview(rows)) == {"2", "3"}


def test_protected_ones_are_kept_with_the_rule_as_a_reason_beside_the_policys() -> None:
    found = preview([row("1", days=1), row("2", days=2)], refusal=lambda one: "protected by tag:keep")
    assert reasons(found) == {"1": ("last snapshot", "protected by tag:keep"), "2": ("protected by tag:keep",)}


def test_groups_by_tag_are_sets_of_tags() -> None:
    rows = [row("1", days=1, tags=("a", "b")), row("2", days=2, tags=("b", "a", "a")), row("3", days=3, tags=("a",))]
    assert removed(preview(rows, LAST, GroupBy.TAG)) == {"2"}


def test_one_snapshot_groups_are_counted_because_a_policy_keeps_each_of_them() -> None:
    rows = [
        row(str(number), f"web-{1_600_000_000 + number}", source=str(number), days=number) for number in range(1, 6)
    ]
    found = preview(rows)
    assert (found.group_count, found.groups_of_one, found.removed) == (5, 5, [])
    assert (preview(rows, LAST, GroupBy.FAMILY).groups_of_one, len(preview(rows, LAST, GroupBy.FAMILY).removed)) == (
        0,
        4,
    )


def test_equal_moments_are_told_apart_by_their_ids() -> None:
    assert removed(preview([row("3"), row("1"), row("2")])) == {"2", "3"}


def test_days_are_those_of_the_chosen_time_zone() -> None:
    # 1 July 2024, 21:59 and 22:00 UTC: in Berlin the second is on the next day.
    rows = [row("1", days=(NOW - 1_719_871_200) / 86_400), row("2", days=(NOW - 1_719_871_140) / 86_400)]
    policy = Policy(daily=1)
    scope = Scope(Snapshots(rows), RowSet(b"\1\1"))
    there = Calendar(ZoneInfo("Europe/Berlin"))
    found = Preview(
        Histories(scope, GroupBy.SOURCE, NOW), policy, QueryContext(NOW), refusal=nothing_refused, calendar=there
    )
    assert reasons(found) == {"1": ("daily snapshot",), "2": ()}


def test_of_the_same_moment_the_lowest_id_is_the_newest_whatever_its_name() -> None:
    rows = [row("2", "a"), row("1", "b"), row("3", "c", days=5)]
    for by in (GroupBy.NONE, GroupBy.TAG, GroupBy.SOURCE):
        assert removed(preview(rows, LAST, by)) == {"2", "3"}


def test_the_last_of_one_group_and_the_first_of_the_next_are_no_tie() -> None:
    rows = [row("9", "a", days=1, tags=("x",)), row("8", "b", days=3, tags=("x",)), row("1", "c", days=3, tags=("y",))]
    assert removed(preview(rows, LAST, GroupBy.TAG)) == {"8"}
    judged = preview(rows, LAST, GroupBy.TAG).slice(0, 3)
    assert {(one.snapshot.id, one.group) for one in judged} == {("9", "x"), ("8", "x"), ("1", "y")}
