"""Places among what is left once some snapshots are gone."""

from msgspec.structs import replace

from snaptui.inventory.snapshots import Snapshots
from snaptui.query.context import Place
from tests.support.deleting import snapshot

ROWS = tuple(replace(snapshot(str(n), name=f"web-{n}"), created=float(n)) for n in range(3))


def test_places_are_counted_without_what_is_gone() -> None:
    places = Snapshots(ROWS).places
    assert places.without(set()).source_place(ROWS[0]) == Place(3, 3)
    left = places.without({"2"})
    assert left.source_place(ROWS[1]) == Place(1, 2)
    assert left.source_place(ROWS[0]) == Place(2, 2)
    assert left.without({"1"}).source_place(ROWS[0]) == Place(1, 1)


def test_what_is_gone_itself_has_the_place_that_it_had_among_what_is_left() -> None:
    assert Snapshots(ROWS).places.without({"0", "2"}).source_place(ROWS[0]) == Place(2, 2)


def test_what_is_in_no_group_or_not_there_has_no_place() -> None:
    alone = replace(ROWS[0], id="alone", resource_id=None)
    left = Snapshots((*ROWS, alone)).places.without({"2"})
    assert left.source_place(alone) is None
    assert left.source_place(snapshot("elsewhere")) is None


def test_a_date_that_is_not_known_leaves_doubt_only_while_it_is_there() -> None:
    undated = replace(ROWS[2], created=None)
    places = Snapshots((*ROWS[:2], undated)).places
    assert places.without({"0"}).source_place(ROWS[1]) == Place(1, 2, doubtful=True)
    assert places.without({"2"}).source_place(ROWS[1]) == Place(1, 2)


def test_families_are_counted_likewise() -> None:
    rows = tuple(replace(row, name=f"db-2026-01-0{n}", resource_id=str(n)) for n, row in enumerate(ROWS, 1))
    assert Snapshots(rows).places.without({"2"}).family_place(rows[0]) == Place(2, 2)
