"""Sets of row numbers, against Python's own sets."""

from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.row_set import RowSet


@st.composite
def pairs(draw: st.DrawFn) -> tuple[int, set[int], set[int]]:
    size = draw(st.integers(0, 70))
    numbers = st.sets(st.integers(0, size - 1)) if size else st.just(set[int]())
    return size, draw(numbers), draw(numbers)


@given(pairs())
def test_combinations_are_those_of_sets(drawn: tuple[int, set[int], set[int]]) -> None:
    size, first, second = drawn
    a, b = RowSet.of(first, size), RowSet.of(second, size)
    assert set(a & b) == first & second
    assert set(a | b) == first | second
    assert set(a - b) == first - second
    assert set(~a) == set(range(size)) - first
    assert ((a & b) == a) == (first <= second)


@given(pairs())
def test_a_set_knows_its_members_in_order_however_it_was_made(drawn: tuple[int, set[int], set[int]]) -> None:
    size, first, _ = drawn
    for made in (RowSet.of(first, size), ~~RowSet.of(first, size), RowSet(RowSet.of(first, size).flags)):
        assert list(made) == sorted(first)
        assert (made.count, bool(made), made.size) == (len(first), bool(first), size)
        assert made.is_everything == (len(first) == size)
        assert [number in made for number in range(size)] == [number in first for number in range(size)]
        assert hash(made) == hash(RowSet.of(first, size))


def test_everything_is_everything() -> None:
    assert list(RowSet.everything(3)) == [0, 1, 2]
    assert RowSet.everything(3).is_everything
    assert not (~RowSet.everything(3))
