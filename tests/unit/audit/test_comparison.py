"""Comparisons of two listings: what is said to be new and gone, and the change in cost."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.audit.comparison import Comparison, GroupChange, Side, compare
from snaptui.audit.dimensions import Dimension
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals, monthly_cents
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext
from tests.unit.audit.rows import NOW, lists, row


def side(rows: list[Snapshot], *, complete: bool = True, matching: bytes | None = None) -> Side:
    return Side(Snapshots(rows), RowSet(matching if matching is not None else b"\1" * len(rows)), complete)


def compared(before: Side, now: Side, dimension: Dimension = Dimension.FAMILY) -> Comparison:
    return compare(before, now, dimension, QueryContext(NOW))


@given(lists(), lists(), st.sampled_from((Dimension.FAMILY, Dimension.TYPE, Dimension.SOURCE, Dimension.MONTH)))
def test_the_change_is_the_difference_of_the_sums_to_the_cent(
    before: list[Snapshot], now: list[Snapshot], dimension: Dimension
) -> None:
    found = compared(side(before), side(now), dimension)
    then, later = ({one.id: one for one in some if one.size_gigabytes is not None} for some in (before, now))
    unsized = {one.id for one in before if one.id not in then} | {one.id for one in now if one.id not in later}
    cost = sum(monthly_cents(one) or 0 for one in now if one.id not in unsized)
    cost -= sum(monthly_cents(one) or 0 for one in before if one.id not in unsized)
    assert found.cents == cost
    assert sum(group.cents for group in found.groups) == cost
    old, new = {one.id for one in before}, {one.id for one in now}
    assert found.gone is not None
    assert (found.added.count, found.gone.count) == (len(new - old), len(old - new))


def test_what_came_and_went_is_told_by_group_the_largest_change_first() -> None:
    kept, gone = row("1", "web-2024-01-01"), row("2", "db", size=100)
    found = compared(side([kept, gone]), side([kept, row("3", "web-2024-02-01", size=20)]))
    assert found.groups == (GroupChange("db", 0, 1, -600), GroupChange("web", 1, 0, 120))
    assert (found.added, found.gone) == (Totals(1, 20, 120), Totals(1, 100, 600))


def test_from_an_incomplete_newer_list_nothing_is_said_to_be_gone() -> None:
    found = compared(side([row("1"), row("2")]), side([row("1")], complete=False))
    assert (found.gone, found.groups, found.cents) == (None, (), 0)


def test_with_an_incomplete_earlier_list_what_is_new_is_unsure() -> None:
    assert compared(side([row("1")], complete=False), side([row("1"), row("2")])).added_unsure
    assert not compared(side([row("1")]), side([row("1"), row("2")])).added_unsure


def test_what_only_stops_matching_is_not_gone_nor_is_what_begins_to_match_new() -> None:
    rows = [row("1"), row("2")]
    found = compared(side(rows, matching=b"\1\0"), side(rows, matching=b"\0\1"))
    assert found.gone is not None
    assert (found.added.count, found.gone.count) == (0, 0)


def test_another_size_is_a_change_of_the_cost_alone() -> None:
    found = compared(side([row("1", size=10)]), side([replace(row("1"), size_gigabytes=20.0)]))
    assert (found.resized, found.cents, found.groups) == (1, 60, (GroupChange("web", 0, 0, 60),))


def test_one_with_two_tags_is_told_under_each_but_changes_the_sum_once() -> None:
    found = compared(side([]), side([row("1", tags=("a", "b"))]), Dimension.TAG)
    assert {group.label: group.cents for group in found.groups} == {"a": 60, "b": 60}
    assert found.cents == 60


def test_a_size_that_is_not_known_on_one_side_is_no_change_of_cost_and_is_counted() -> None:
    known, lost = [row("1", size=100), row("2", size=5)], [row("1", size=None), row("2", size=5)]
    for before, now in ((known, lost), (lost, known)):
        found = compared(side(before), side(now))
        assert (found.resized, found.cents, found.groups, found.size_unsure) == (0, 0, (), 1)
    assert compared(side(lost), side(lost)).size_unsure == 0
    assert compared(side(known), side([])).size_unsure == 0
