"""Groups against adding up one snapshot after the other, and against what their queries select."""

import random
from collections import defaultdict
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.audit.dimensions import Dimension
from snaptui.audit.groups import Grouping
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import monthly_cents
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources, SourceState
from snaptui.query import QueryContext, parse
from snaptui.query.vocabulary import Vocabulary
from tests.unit.audit.rows import NOW, SOURCES, lists, row

KNOWN = Sources(SourceList({"100": "web-1"}, None), SourceList({"200": "db"}, None))


def grouped(
    rows: list[Snapshot], dimension: Dimension, sources: Sources = KNOWN, selected: RowSet | None = None
) -> Grouping:
    snapshots = Snapshots(rows)
    return Grouping(
        snapshots,
        RowSet.everything(len(rows)) if selected is None else selected,
        dimension,
        QueryContext(NOW, sources=sources),
    )


def keys_of(one: Snapshot, dimension: Dimension, sources: Sources) -> set[Hashable]:
    """The groups of a snapshot, said plainly; what cannot be said this way is left to other tests."""
    match dimension:
        case Dimension.SOURCE:
            return {(one.resource_type, one.resource_id)}
        case Dimension.FAMILY:
            return {family_of(one.name)}
        case Dimension.TAG:
            return {("unknown",)} if one.tags is None else set(one.tags) or {("none",)}
        case Dimension.REGION:
            return set(one.regions) or {("none",)}
        case Dimension.TYPE:
            return {one.resource_type}
        case Dimension.STATE:
            return {sources.state_of(one)}
    raise AssertionError(dimension)


PLAIN = (Dimension.SOURCE, Dimension.FAMILY, Dimension.TAG, Dimension.REGION, Dimension.TYPE, Dimension.STATE)


@given(lists(), SOURCES, st.sampled_from(PLAIN), st.data())
def test_groups_hold_what_adding_up_one_by_one_gives(
    rows: list[Snapshot], sources: Sources, dimension: Dimension, data: st.DataObject
) -> None:
    selected = RowSet(bytes(data.draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows)))))
    found = grouped(rows, dimension, sources, selected)
    wanted: dict[Hashable, list[Snapshot]] = defaultdict(list)
    chosen = [one for one, here in zip(rows, selected.flags, strict=True) if here]
    for one in chosen:
        for key in keys_of(one, dimension, sources):
            wanted[key].append(one)
    assert sorted(summed(members) for members in wanted.values()) == sorted(
        (group.count, group.cents, round(group.gigabytes, 6), group.unsized, group.oldest or 0, group.newest or 0)
        for group in found
    )
    assert found.count == len(chosen)
    assert found.cents == sum(monthly_cents(one) or 0 for one in chosen)


def summed(members: list[Snapshot]) -> tuple[int, int, float, int, float, float]:
    moments = [one.created for one in members if one.created is not None]
    costs = [monthly_cents(one) for one in members]
    return (
        len(members),
        sum(cost or 0 for cost in costs),
        round(sum(one.size_gigabytes or 0.0 for one in members), 6),
        costs.count(None),
        min(moments, default=0) or 0,
        max(moments, default=0) or 0,
    )


@given(lists(), SOURCES, st.sampled_from(Dimension))
def test_every_snapshot_is_in_a_group_and_only_overlapping_dimensions_count_twice(
    rows: list[Snapshot], sources: Sources, dimension: Dimension
) -> None:
    found = grouped(rows, dimension, sources)
    members = [one.id for place in range(len(found)) for one in found.chosen(place).members]
    assert set(members) == {one.id for one in rows}
    assert found.overlaps == (len(members) > len(rows))
    assert [len(found.chosen(place).members) for place in range(len(found))] == [group.count for group in found]


@given(lists(), SOURCES, st.sampled_from(Dimension), st.randoms())
def test_dearest_first_whatever_order_the_rows_came_in(
    rows: list[Snapshot], sources: Sources, dimension: Dimension, chance: random.Random
) -> None:
    rows = [replace(one, name=f"{one.name} {one.id}") for one in rows]
    found = grouped(rows, dimension, sources)
    costs = [(-group.cents, -group.count) for group in found]
    assert costs == sorted(costs)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert list(grouped(shuffled, dimension, sources)) == list(found)


@given(lists(), SOURCES, st.sampled_from(Dimension))
def test_the_query_of_a_group_selects_exactly_its_rows(
    rows: list[Snapshot], sources: Sources, dimension: Dimension
) -> None:
    snapshots = Snapshots(rows)
    context = QueryContext(NOW, places=snapshots.places, sources=sources)
    found = Grouping(snapshots, RowSet.everything(len(rows)), dimension, context)
    for place, group in enumerate(found):
        selected = select(parse(group.query, Vocabulary(snapshots.indexes.types)), snapshots, context).matching
        members = {one.id for one in found.chosen(place).members}
        assert {snapshots.rows[number].id for number in selected} == members, group.query


def test_a_snapshot_with_two_tags_is_under_each_and_the_total_counts_it_once() -> None:
    found = grouped([row("1", tags=("a", "b"), size=10), row("2", tags=("a",), size=20)], Dimension.TAG)
    assert [(group.label, group.count, group.cents) for group in found] == [("a", 2, 180), ("b", 1, 60)]
    assert (found.overlaps, found.count, found.cents) == (True, 2, 180)


def test_a_tag_said_twice_counts_once() -> None:
    found = grouped([row("1", tags=("a", "a"))], Dimension.TAG)
    assert ([group.count for group in found], found.overlaps) == ([1], False)


def test_sources_are_called_by_their_names_or_when_gone_by_their_snapshots_family() -> None:
    gone = row("2", "old-db-2024-01-01", source="999", days=9)
    found = grouped([row("1", size=99), gone, row("3", source=None, size=1)], Dimension.SOURCE)
    assert [(group.label, group.query, group.naming.state) for group in found] == [
        ("web-1", "source:=100", SourceState.EXISTS),
        ("old-db", "source:=999", SourceState.GONE),
        ("source unknown", "source:none type:droplet", SourceState.UNKNOWN),
    ]


def test_from_an_incomplete_list_of_sources_nothing_is_gone() -> None:
    partial = Sources(SourceList({"100": "web-1"}, "page 2 failed"), SourceList({}, "403"))
    found = grouped([row("1"), row("2", source="999"), row("3", source="999", kind="volume")], Dimension.STATE, partial)
    assert {group.naming.state for group in found} == {SourceState.EXISTS, SourceState.UNKNOWN}


@pytest.mark.parametrize(
    ("days", "query"),
    [
        (-1, "age<7d"),
        (7, "age>=7d age<30d"),
        (30, "age>=30d age<90d"),
        (365, "age>=1y age<2y"),
        (1825, "age>=5y"),
        (None, "age:unknown"),
    ],
)
def test_a_band_of_ages_begins_with_its_first_second(days: float | None, query: str) -> None:
    assert [group.query for group in grouped([row("1", days=days)], Dimension.AGE)] == [query]


def test_months_are_those_of_the_calendar_in_utc() -> None:
    last, first = 1_704_067_199.0, 1_704_067_200.0  # the last second of 2023, and the next one
    rows = [row("1", days=(NOW - last) / 86_400, size=2), row("2", days=(NOW - first) / 86_400)]
    assert [group.label for group in grouped(rows, Dimension.MONTH)] == ["2024-01", "2023-12"]


def test_groups_that_cost_the_same_stand_in_the_order_of_names() -> None:
    rows = [row("1", "b"), row("2", "a"), row("3", "c")]
    assert [group.label for group in grouped(rows, Dimension.FAMILY)] == ["a", "b", "c"]
