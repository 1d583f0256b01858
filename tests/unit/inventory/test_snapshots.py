import gc
import weakref

from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.orders import SortKey
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import Place

ROWS = st.builds(
    Snapshot,
    id=st.sampled_from([f"id-{n}" for n in range(12)]),
    name=st.sampled_from(["web-2", "web-10", "Web-2", "", "db"]),
    written=st.none(),
    created=st.sampled_from([None, 1.0, 2.0, 3.0]),
    regions=st.just(("nyc1",)),
    min_disk_size=st.sampled_from([None, 25]),
    size_gigabytes=st.sampled_from([None, 0.0, 1.5, 20.0]),
    resource_id=st.sampled_from([None, "1", "2"]),
    resource_type=st.sampled_from(["droplet", "volume"]),
    tags=st.sampled_from([None, (), ("web",)]),
)
IDS = st.sets(st.sampled_from([f"id-{n}" for n in range(12)]))
Change = tuple[list[Snapshot], set[str], set[str]]
CHANGES = st.lists(st.tuples(st.lists(ROWS, max_size=6), IDS, IDS), max_size=4)


def facts(snapshots: Snapshots) -> object:
    """Everything that can be asked of a list."""
    return (
        list(snapshots),
        [snapshots.get(row.id) for row in snapshots],
        [[snapshots.rows[n] for n in snapshots.indexes.ordering(key).rows(descending=True)] for key in SortKey],
        [snapshots.indexes.having(needle) for needle in ("web", "2", "id-1", "nyc")],
        [[snapshots.rows[n].id for n in snapshots.places.siblings(row)] for row in snapshots],
        [snapshots.places.source_place(row) for row in snapshots],
        [snapshots.places.family_place(row) for row in snapshots],
        snapshots.sums.totals,
        "id-0" in snapshots,
    )


@given(CHANGES)
def test_a_list_that_grew_out_of_others_is_as_one_made_at_once_and_leaves_the_others_alone(
    changes: list[Change],
) -> None:
    lists = [Snapshots()]
    wanted: list[dict[str, Snapshot]] = [{}]
    for rows, dropped, kept in changes:
        merged, less = lists[-1].merged(rows), lists[-1].merged(rows).without(dropped)
        lists += [merged, less, less.keeping(kept)]
        all_rows = wanted[-1] | {row.id: row for row in rows}
        left = {row_id: row for row_id, row in all_rows.items() if row_id not in dropped}
        wanted += [all_rows, left, {row_id: row for row_id, row in left.items() if row_id in kept}]
    for snapshots, rows_by_id in zip(lists, wanted, strict=True):
        assert facts(snapshots) == facts(Snapshots(rows_by_id.values()))


@given(st.lists(ROWS, max_size=6), st.lists(ROWS, max_size=6), st.lists(ROWS, max_size=6))
def test_two_lists_that_grow_out_of_the_same_one_do_not_meet(
    first: list[Snapshot], one: list[Snapshot], other: list[Snapshot]
) -> None:
    common = Snapshots(first)
    grown = [common.merged(one), common.merged(other)]
    for snapshots, added in zip(grown, (one, other), strict=True):
        assert facts(snapshots) == facts(Snapshots([*{row.id: row for row in [*first, *added]}.values()]))
    assert facts(common) == facts(Snapshots(first))


@given(st.lists(ROWS, max_size=12))
def test_a_place_counts_the_siblings_from_the_newest(rows: list[Snapshot]) -> None:
    snapshots = Snapshots(rows)
    for row in snapshots:
        siblings = [snapshots.rows[number] for number in snapshots.places.siblings(row)]
        moments = [other.created for other in siblings if other.created is not None]
        assert moments == sorted(moments, reverse=True)
        assert all(other.created is not None for other in siblings[: len(moments)])
        place = snapshots.places.source_place(row)
        assert (place is None) == (not siblings)
        if place is not None:
            nth = None if row.created is None else siblings.index(row) + 1
            assert place == Place(nth, len(siblings), doubtful=len(moments) < len(siblings))


def test_a_list_that_was_replaced_leaves_memory_at_once_whatever_was_asked_of_it() -> None:
    before = Snapshots([Snapshot("1", "web", None, 1.0, ("nyc1",), 25, 1.5, "7", "droplet", ("web",))])
    before.prepare()
    before.sort_ahead(SortKey)
    after = before.without({"1"})
    watched = weakref.ref(before)
    gc.disable()
    try:
        del before
        assert watched() is None
    finally:
        gc.enable()
    assert not len(after)
