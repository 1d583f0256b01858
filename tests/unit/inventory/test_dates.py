"""Dates of a list against sorting it by hand: newest first, what has no believable date last, one moment by id."""

from collections import defaultdict
from math import inf

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.inventory.snapshots import BELIEVED_SECONDS, Snapshots
from snaptui.model.snapshot import Snapshot
from tests.unit.audit.rows import DAY, NOW, lists

CLOCKS = st.sampled_from((None, NOW, NOW - 3 * DAY, NOW - 400 * DAY))


@st.composite
def shuffled(draw: st.DrawFn) -> list[Snapshot]:
    """Snapshots of few moments, with ids in no order."""
    rows = draw(lists())
    ids = draw(st.permutations([f"{number:02d}" for number in range(len(rows))]))
    days = draw(st.lists(st.sampled_from((None, -2.0, 0.0, 1.0, 500.0)), min_size=len(rows), max_size=len(rows)))
    return [
        replace(one, id=own, created=None if day is None else NOW - day * DAY)
        for one, own, day in zip(rows, ids, days, strict=True)
    ]


def moment_of(row: Snapshot, clock: float | None) -> float:
    if row.created is None or (clock is not None and row.created > clock + BELIEVED_SECONDS):
        return -inf
    return row.created


@given(shuffled(), CLOCKS)
def test_all_rows_are_newest_first_and_those_of_one_moment_by_id(rows: list[Snapshot], clock: float | None) -> None:
    dates = Snapshots(rows).dated_by(clock).places.dates
    ordered = sorted(rows, key=lambda row: (-moment_of(row, clock), row.id))
    assert [rows[number].id for number in dates.newest_first] == [row.id for row in ordered]
    assert list(dates.moments) == [moment_of(row, clock) for row in rows]
    assert {rows[number].id for number in dates.undated} == {row.id for row in rows if moment_of(row, clock) == -inf}


@given(shuffled(), CLOCKS)
def test_the_snapshots_of_each_source_stand_as_in_the_whole_list(rows: list[Snapshot], clock: float | None) -> None:
    places = Snapshots(rows).dated_by(clock).places
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number in places.dates.newest_first:
        row = rows[number]
        if row.resource_id is not None:
            wanted[row.resource_type, row.resource_id].append(row.id)
    assert sorted([rows[number].id for number in group] for group in places.by_source) == sorted(wanted.values())
    for row in rows:
        place = places.source_place(row)
        assert (place is None) == (row.resource_id is None)
        if place is not None and row.resource_id is not None:
            members = wanted[row.resource_type, row.resource_id]
            nth = None if moment_of(row, clock) == -inf else members.index(row.id) + 1
            assert (place.nth, place.of) == (nth, len(members))


def test_thousands_of_one_moment_stand_by_id() -> None:
    one = Snapshot("", "web", None, NOW, (), 1, 1.0, "7", "droplet", ())
    rows = [replace(one, id=f"{number * 7_919 % 10_000:05d}", name=str(number)) for number in range(10_000)]
    numbers = Snapshots(rows).places.dates.newest_first
    assert [rows[number].id for number in numbers] == sorted(row.id for row in rows)
