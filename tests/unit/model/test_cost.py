"""Costs in whole cents."""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given
from hypothesis import strategies as st

from snaptui.model.cost import Totals, cents_of_each, monthly_cents, monthly_usd
from snaptui.model.snapshot import Snapshot


def of_size(size: float | None) -> Snapshot:
    return Snapshot("1", "a", None, 0.0, (), None, size, "2", "droplet", ())


@given(st.integers(0, 10**7), st.integers(0, 10_000))
def test_a_row_costs_what_decimal_arithmetic_says_rounded_half_up_and_at_least_a_cent(
    hundredths: int, price: int
) -> None:
    size, usd = hundredths / 100, price / 10_000
    exact = Decimal(hundredths) / 100 * Decimal(price) / 10_000 * 100
    assert monthly_cents(of_size(size), usd) == max(1, int(exact.quantize(Decimal(1), ROUND_HALF_UP)))


def test_half_a_cent_is_a_cent_more() -> None:
    assert [monthly_cents(of_size(size), 0.06) for size in (2.24, 2.25, 0.25, 0.0)] == [13, 14, 2, 1]


def test_an_unknown_size_has_no_cost_and_an_absurd_one_has_a_number() -> None:
    assert monthly_cents(of_size(None)) is None
    assert monthly_cents(of_size(1e308), 1_000.0) == 10**15


SIZES = st.lists(st.none() | st.sampled_from([0.0, 0.25, 2.25, 1e308]) | st.integers(0, 10**6).map(lambda n: n / 100))


@given(SIZES, st.sampled_from([0.0, 0.06, 0.05, 1_000.0]))
def test_a_total_is_the_sum_of_what_the_rows_say(sizes: list[float | None], price: float) -> None:
    rows = [of_size(size) for size in sizes]
    totals = Totals.of(rows, price)
    assert totals.cents == sum(monthly_cents(row, price) or 0 for row in rows)
    assert totals.unsized == sizes.count(None)
    known = [size for size in sizes if size is not None]
    assert cents_of_each(known, price) == [monthly_cents(of_size(size), price) for size in known]
    assert all(
        monthly_usd(row, price) == (None if row.size_gigabytes is None else cents / 100)
        for row, cents in zip(rows, (monthly_cents(row, price) or 0 for row in rows), strict=True)
    )
