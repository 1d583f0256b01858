import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.model.arranged import Arranged
from snaptui.model.selection import selecting
from snaptui.model.snapshot import Snapshot
from snaptui.model.sorting import Ordering, Sort, SortKey, natural


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
    arranged = Arranged(whole, bytes(selecting(some, len(rows))))
    assert list(arranged) == [row for row in whole if row in some]


def test_choosing_the_same_column_again_reverses_it() -> None:
    by_size = Sort().chosen(SortKey.SIZE)
    assert by_size == Sort(SortKey.SIZE, descending=True)
    assert by_size.chosen(SortKey.SIZE) == Sort(SortKey.SIZE, descending=False)


def test_a_sort_is_read_from_the_command_line() -> None:
    assert Sort.parse("-size") == Sort(SortKey.SIZE, descending=True)
    with pytest.raises(ValueError, match="cannot sort by 'colour'; the keys are name, type, size"):
        Sort.parse("colour")
