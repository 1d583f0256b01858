"""Selected rows in an order, read in any pieces, against a list made at once."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.arranged import Arranged
from snaptui.inventory.row_set import RowSet

MOST = 5_000
"""More than two of the blocks in which the order is gone through."""


@given(st.integers(0, 40), st.lists(st.integers(0, MOST), max_size=6))
def test_every_piece_is_that_of_the_whole(one_in: int, places: list[int]) -> None:
    order = array("i", range(MOST, -1, -1))
    wanted = RowSet(bytes(number % (one_in + 1) == 0 for number in range(MOST + 1)))
    whole = [number for number in order if number in wanted]
    arranged = Arranged(order, wanted)
    assert len(arranged) == len(whole)
    for place in places:
        assert list(arranged.slice(place, place + 3)) == whole[place : place + 3]
        assert arranged.position_of(place) == (whole.index(place) if place in wanted else None)
    assert list(arranged) == whole


def test_the_nearest_rows_come_first_those_below_before_those_above() -> None:
    order = array("i", (4, 2, 0, 1, 3))
    arranged = Arranged(order, RowSet.of((0, 1, 2, 3), 5))
    assert list(arranged.around(0, RowSet.of((1, 2, 3, 4), 5))) == [1, 3, 2]
    assert list(arranged.around(3, RowSet.of((4,), 5))) == []
