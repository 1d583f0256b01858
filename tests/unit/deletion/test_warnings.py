"""Warnings that mean something: the newest and the last of a family, what is left of it, what is in use."""

from hypothesis import given
from hypothesis import strategies as st

from snaptui.deletion.warnings import warnings_for
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import AutoscalePool, PoolList, Resource, SourceList, Sources
from tests.unit.audit.rows import NOW, SOURCES, lists, row

GONE = Sources(SourceList({}, None), SourceList({}, None), PoolList((), None))


def warned(rows: list[Snapshot], doomed: set[str], sources: Sources = GONE) -> dict[str, tuple[str, ...]]:
    items = [one for one in rows if one.id in doomed]
    return dict(warnings_for(items, Snapshots(rows), sources, frozenset(), NOW))


def images(count: int) -> list[Snapshot]:
    """Images of one family, each of a builder of its own that is gone, newest first."""
    return [row(str(n), f"web-image-{1_790_000_000 - n}", source=str(900 + n), days=2 + n) for n in range(1, count + 1)]


def test_an_older_image_whose_builder_is_gone_is_no_last_copy() -> None:
    assert warned(images(18), {"7"}) == {}


def test_the_newest_of_a_family_is_said() -> None:
    assert warned(images(18), {"1"}) == {"1": ("the newest of the 18 of web-image",)}


def test_what_is_left_of_a_family_is_said_once() -> None:
    said = warned(images(18), {str(number) for number in range(3, 19)})
    assert said == {"3": ("leaves 2 of 18 of web-image",)}
    said = warned(images(18), {str(number) for number in range(1, 17)})
    assert said == {"1": ("the newest of the 18 of web-image", "leaves 2 of 18 of web-image")}


def test_a_whole_family_whose_sources_are_gone_is_the_last_copy_said_once() -> None:
    said = warned(images(3), {"1", "2", "3"})
    assert said == {"1": ("LAST COPY: its source is gone, and this leaves none of the 3 of web-image",)}


def test_the_only_one_of_its_name_whose_source_is_gone_is_the_last_copy() -> None:
    rows = [row("1", "golden", source="9", days=5), row("2", "web-2", source="8", days=5)]
    assert "LAST COPY" in warned(rows, {"1"})["1"][0]


def test_another_copy_of_the_same_source_is_a_copy_whatever_its_name() -> None:
    rows = [row("1", "golden", source="9", days=5), row("2", "before-upgrade", source="9", days=3)]
    assert warned(rows, {"1"}) == {}


def test_names_of_nothing_but_stamps_are_no_family() -> None:
    rows = [row("1", "2024-01-01", source="8", days=5), row("2", "2024-02-01", source="9", days=3)]
    assert "LAST COPY" in warned(rows, {"1"})["1"][0]


def test_a_source_that_exists_and_loses_all_its_snapshots_is_said_once() -> None:
    exists = Sources(SourceList({"9": "db"}, None), SourceList({}, None), PoolList((), None))
    a, b = row("1", "a-2024-01-01", source="9", days=5), row("2", "b", source="9", days=4)
    rows = [a, b, row("3", "a-2024-02-01", source="8", days=3)]
    said = warned(rows, {"1", "2"}, exists)
    assert said == {"1": ("leaves none of the 2 snapshots of its source",)}


def test_droplets_and_pools_that_were_built_from_it_are_named() -> None:
    built = [Resource(str(n), f"web-{n}", image_id="2") for n in range(1, 5)]
    pools = PoolList((AutoscalePool("p", "api", image_id="3"),), None)
    sources = Sources(SourceList.of(built, None), SourceList({}, None), pools)
    rows = images(5)
    assert warned(rows, {"2"}, sources) == {"2": ("in use: web-1, web-2, web-3 and 1 more were built from it",)}
    assert warned(rows, {"3"}, sources) == {"3": ("in use: autoscale pool api starts droplets from it",)}


def test_up_to_three_users_are_named_and_the_number_of_the_others() -> None:
    def used_by(droplets: int, pools: int) -> tuple[str, ...]:
        built = [Resource(str(n), f"web-{n}", image_id="2") for n in range(droplets)]
        starting = tuple(AutoscalePool(str(n), f"api-{n}", image_id="2") for n in range(pools))
        sources = Sources(SourceList.of(built, None), SourceList({}, None), PoolList(starting, None))
        return warned(images(5), {"2"}, sources).get("2", ())

    assert used_by(0, 0) == ()
    assert used_by(1, 0) == ("in use: web-0 was built from it",)
    assert used_by(2, 0) == ("in use: web-0, web-1 were built from it",)
    assert used_by(3, 0) == ("in use: web-0, web-1, web-2 were built from it",)
    assert used_by(5, 0) == ("in use: web-0, web-1, web-2 and 2 more were built from it",)
    assert used_by(0, 2) == ("in use: autoscale pool api-0, api-1 starts droplets from it",)


@given(lists(), SOURCES, st.data())
def test_nothing_is_called_the_last_copy_while_another_of_its_family_or_source_is_left(
    rows: list[Snapshot], sources: Sources, data: st.DataObject
) -> None:
    doomed = data.draw(st.frozensets(st.sampled_from([one.id for one in rows] or ["1"])))
    for snapshot_id, texts in warned(rows, set(doomed), sources).items():
        one = next(row for row in rows if row.id == snapshot_id)
        if any("LAST COPY" in text for text in texts):
            left = [other for other in rows if other.id not in doomed]
            assert one.resource_id is not None
            assert not [other for other in left if other.resource_id == one.resource_id]
            same = [other for other in left if family_of(other.name) == family_of(one.name)]
            assert family_of(one.name) == "*" or not same


@given(lists(), SOURCES)
def test_each_family_is_spoken_of_once_at_most(rows: list[Snapshot], sources: Sources) -> None:
    texts = [text for said in warned(rows, {one.id for one in rows}, sources).values() for text in said]
    for family in {family_of(one.name) for one in rows}:
        assert sum(text.endswith(f" of {family}") and "leaves" in text for text in texts) <= 1
