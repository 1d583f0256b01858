import random
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.arranged import Arranged
from snaptui.inventory.orders import Ordering, Sort, SortKey, in_order, inserted, natural, naturals
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot


def snapshot(name: str, size: float | None = 1.0) -> Snapshot:
    return Snapshot(name, name, None, None, (), 1, size, "1", "droplet", ())


def test_numbers_in_names_sort_by_value() -> None:
    names = ["web-10", "web-2", "web-1", "WEB-3", "db"]
    assert sorted(names, key=natural) == ["db", "web-1", "web-2", "WEB-3", "web-10"]


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_any_two_numbers_compare_as_numbers(one: int, other: int) -> None:
    assert (natural(f"x{one}") < natural(f"x{other}")) == (one < other)


def test_unknown_values_come_last_in_both_directions() -> None:
    rows = [snapshot("a", 2.0), snapshot("b", None), snapshot("c", 1.0)]
    ordering = Ordering.of(SortKey.SIZE, rows, range(3))
    assert list(ordering.rows(descending=False)) == [2, 0, 1]
    assert list(ordering.rows(descending=True)) == [0, 2, 1]


@given(st.lists(st.sampled_from([None, 1.0, 2.0, 3.0])), st.booleans(), st.data())
def test_arranging_some_rows_agrees_with_the_whole_order(
    sizes: list[float | None], descending: bool, data: st.DataObject
) -> None:
    rows = [snapshot(str(n), size) for n, size in enumerate(sizes)]
    ordering = Ordering.of(SortKey.SIZE, rows, range(len(rows)))
    some = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    whole = ordering.rows(descending=descending)
    arranged = Arranged(whole, RowSet.of(some, len(rows)))
    assert list(arranged) == [row for row in whole if row in some]


def test_choosing_the_same_column_again_reverses_it() -> None:
    by_size = Sort().chosen(SortKey.SIZE)
    assert by_size == Sort(SortKey.SIZE, descending=True)
    assert by_size.chosen(SortKey.SIZE) == Sort(SortKey.SIZE, descending=False)


def test_a_sort_is_read_from_the_command_line() -> None:
    assert Sort.parse("-size") == Sort(SortKey.SIZE, descending=True)
    with pytest.raises(ValueError, match="cannot sort by 'colour'; the keys are name, type, size"):
        Sort.parse("colour")


ROWS = st.builds(
    lambda n, name, created, size, words, source: Snapshot(
        str(n), name, None, created, words, None, size, source, "droplet", words or None
    ),
    st.integers(0, 999),
    st.sampled_from(["web-2", "WEB-2", "web-10", "web-02", "", "two\nlines 3"]),
    st.sampled_from([None, 1.0, 2.0]),
    st.sampled_from([None, 0.0, 1.0]),
    st.sampled_from([(), ("a",), ("a", "b"), ("a b",), ("",)]),
    st.sampled_from([None, "7", "07", "x"]),
)


def sortable(value: object) -> tuple[float, str]:
    return (value, "") if isinstance(value, int | float) else (0.0, str(value))


def wanted(key: SortKey, row: Snapshot) -> object:
    """Return the value that a row is sorted by; `None` when there is none."""
    if key in (SortKey.NAME, SortKey.ID, SortKey.SOURCE):
        return natural({SortKey.NAME: row.name, SortKey.ID: row.id}.get(key, row.resource_id or "")) or None
    if key in (SortKey.REGIONS, SortKey.TAGS):
        return " ".join(row.regions) or None
    age = None if row.created is None else -row.created
    numbers = {SortKey.AGE: age, SortKey.CREATED: row.created, SortKey.MIN_DISK: row.min_disk_size}
    return row.resource_type if key is SortKey.TYPE else numbers.get(key, row.size_gigabytes)


@given(st.lists(ROWS, max_size=9, unique_by=lambda row: row.id), st.sampled_from(SortKey))
def test_equal_values_keep_the_order_of_names_and_unknown_ones_come_last(rows: list[Snapshot], key: SortKey) -> None:
    snapshots = Snapshots(rows)
    by_name = sorted(range(len(rows)), key=lambda number: (natural(rows[number].name), rows[number].id))
    values = {number: wanted(key, rows[number]) for number in by_name}
    known = [number for number in by_name if key is SortKey.NAME or values[number] is not None]
    expected = sorted(known, key=lambda number: sortable(values[number]))
    expected += [number for number in by_name if number not in known]
    assert list(snapshots.indexes.ordering(key).rows(descending=False)) == expected


@given(st.lists(ROWS, max_size=9, unique_by=lambda row: row.id), st.sampled_from(SortKey), st.booleans(), st.randoms())
def test_an_order_does_not_depend_on_how_the_rows_arrived(
    rows: list[Snapshot], key: SortKey, descending: bool, chance: random.Random
) -> None:
    shuffled = chance.sample(rows, len(rows))
    grown = Snapshots(shuffled[:4]).merged(shuffled[4:])
    orders = [
        [snapshots.rows[number].id for number in snapshots.indexes.ordering(key).rows(descending=descending)]
        for snapshots in (Snapshots(rows), Snapshots(shuffled), grown)
    ]
    assert orders[0] == orders[1] == orders[2]


NUMBERS = random.Random(7)


@pytest.mark.parametrize("distinct", [1, 3, 100, 10**9])
def test_many_rows_are_sorted_in_runs_and_equal_ones_stay_as_they_were(distinct: int) -> None:
    values = [float(NUMBERS.randrange(distinct)) for _ in range(30_000)]
    rows = array("i", NUMBERS.sample(range(30_000), 30_000))
    assert list(in_order(rows, lambda some: [values[row] for row in some])) == sorted(rows, key=values.__getitem__)


@given(st.lists(st.integers(0, 300), max_size=400), st.data())
def test_a_few_rows_are_put_in_their_places(values: list[int], data: st.DataObject) -> None:
    numbers = range(len(values))
    added = sorted(data.draw(st.sets(st.sampled_from(numbers), max_size=5))) if values else []

    def keys(some: Sequence[int]) -> Sequence[tuple[str, int]]:
        return [(f"{values[row]:03d}", row) for row in some]

    base = array("i", sorted(set(numbers) - set(added), key=lambda row: keys((row,))[0]))
    assert list(inserted(base, added, keys)) == sorted(numbers, key=lambda row: keys((row,))[0])


@given(st.lists(st.sampled_from(["web-2", "", "A1b22", "two\nlines", "\u0663", "007", "Gro\u00df-1"])))
def test_the_keys_of_many_names_are_those_of_each(names: list[str]) -> None:
    assert naturals(names) == list(map(natural, names))
