"""Sums over a list, in whole cents."""

from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot

SIZES = st.lists(st.none() | st.sampled_from([0.0, 0.25, 2.25, 1e308]) | st.integers(0, 10**6).map(lambda n: n / 100))


@given(SIZES, st.sampled_from([0.0, 0.06, 0.05]), st.data())
def test_the_totals_of_a_list_are_those_of_its_rows_at_its_price(
    sizes: list[float | None], price: float, data: st.DataObject
) -> None:
    rows = [Snapshot(str(n), "a", None, 0.0, (), None, size, "2", "droplet", ()) for n, size in enumerate(sizes)]
    chosen = bytes(data.draw(st.booleans()) for _ in rows)
    totals = Snapshots(rows, price).sums.of(RowSet(chosen))
    wanted = Totals.of([row for row, flag in zip(rows, chosen, strict=True) if flag], price)
    assert (totals.count, totals.cents, totals.unsized) == (wanted.count, wanted.cents, wanted.unsized)
    assert Snapshots(rows, price).sums.totals.cents == Totals.of(rows, price).cents
