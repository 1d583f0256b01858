"""Siblings: the place of each snapshot among those of its source, and what is not known of it."""

from math import inf

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import Place

DAY = 86_400.0


def row(row_id: str, source: str | None, days: float | None) -> Snapshot:
    created = None if days is None else days * DAY
    return Snapshot(row_id, row_id, None, created, (), 1, 1.0, source, "droplet", ())


ROWS = [
    row("old", "1", 10),
    row("alone", "2", 10.5),
    row("newest", "1", 12.5),
    row("morning", "1", 12.1),
    row("none", None, 13),
    row("undated", "3", None),
    row("dated", "3", 5),
]
SNAPSHOTS = Snapshots(ROWS)
SIBLINGS = SNAPSHOTS.places.by_source
NUMBER = {each.id: number for number, each in enumerate(SNAPSHOTS.rows)}


def ids(numbers: object) -> list[str]:
    assert hasattr(numbers, "__iter__")
    return [SNAPSHOTS.rows[number].id for number in numbers]


def place(row_id: str) -> Place | None:
    return SIBLINGS.place_of(NUMBER[row_id])


def test_the_newest_of_a_source_is_its_first() -> None:
    assert place("newest") == Place(1, 3)
    assert place("morning") == Place(2, 3)
    assert place("old") == Place(3, 3)
    assert place("alone") == Place(1, 1)
    assert ids(SIBLINGS.everyone(NUMBER["old"])) == ["newest", "morning", "old"]


def test_a_snapshot_without_a_date_has_no_place_and_makes_the_others_doubtful() -> None:
    assert place("undated") == Place(None, 2, doubtful=True)
    assert place("dated") == Place(1, 2, doubtful=True)
    assert ids(SIBLINGS.everyone(NUMBER["dated"])) == ["dated", "undated"]
    assert ids(SIBLINGS.dated(NUMBER["undated"])) == ["dated"]
    assert set(ids(SIBLINGS.doubtful)) == {"dated", "undated"}


def test_a_snapshot_without_a_source_is_among_none() -> None:
    assert place("none") is None
    assert ids(SIBLINGS.everyone(NUMBER["none"])) == []
    assert "none" not in ids(SIBLINGS.grouped)
    assert len(ids(SIBLINGS.grouped)) == len(ROWS) - 1


def test_rows_are_found_by_their_place_and_by_the_size_of_their_group() -> None:
    assert set(ids(SIBLINGS.between(2, inf))) == {"morning", "old"}
    assert set(ids(SIBLINGS.between(1, 2))) == {"newest", "alone", "dated"}
    assert set(ids(SIBLINGS.placed)) == {"newest", "morning", "old", "alone", "dated"}
    assert ids(SIBLINGS.only) == ["alone"]
    assert set(ids(SIBLINGS.counting(3, inf))) == {"newest", "morning", "old"}


def test_the_older_of_one_day_and_source_is_told() -> None:
    assert ids(SIBLINGS.same_day) == ["morning"]


def test_places_beyond_255_are_told_apart() -> None:
    many = Snapshots([row(f"{number:04d}", "1", 1000 - number) for number in range(300)])
    places = many.places.by_source
    for least, beyond in ((254, 256), (255, 256), (256, 258), (290, inf), (1, 300)):
        wanted = {f"{number - 1:04d}" for number in range(1, 301) if least <= number < beyond}
        assert {many.rows[number].id for number in places.between(least, beyond)} == wanted
