"""Selection by numbers and moments, cut out of an order where there is one, and by months."""

from bisect import bisect_left, bisect_right
from math import isnan
from typing import Final

from snaptui.inventory.indexes import DAY_SECONDS, NO_DAY
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.siblings import Siblings
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.verdicts import Verdicts
from snaptui.model.snapshot import month_of
from snaptui.query.causes import DATE_MISSING, lacking_cause
from snaptui.query.context import QueryContext
from snaptui.query.matching import asks_for_absent, meter, tester
from snaptui.query.terms import FieldTerm, Measure, MeasureTerm

_SORTED: Final = {
    Measure.SIZE: SortKey.SIZE,
    Measure.COST: SortKey.SIZE,
    Measure.AGE: SortKey.AGE,
    Measure.CREATED: SortKey.AGE,
    Measure.MIN_DISK: SortKey.MIN_DISK,
}
_ATTRIBUTES: Final = {
    Measure.SIZE: "size_gigabytes",
    Measure.COST: "size_gigabytes",
    Measure.AGE: "created",
    Measure.CREATED: "created",
    Measure.MIN_DISK: "min_disk_size",
}


def measured(term: MeasureTerm, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    """Return the verdicts on a comparison with an amount."""
    bounds = term.amount.bounds(term.operator)
    if term.measure in _ATTRIBUTES:
        yes = _between(term.measure, bounds, snapshots, left, context)
    elif term.measure is Measure.OF:
        yes = snapshots.places.by_source.counting(*bounds)
    elif term.measure is Measure.GROWTH:
        least, beyond = bounds
        yes = RowSet(bytes([least <= growth < beyond for growth in snapshots.places.by_source.growths]))
    else:
        yes = _siblings(term.measure, snapshots).between(*bounds)
    return Verdicts.because(yes, without(term.measure, snapshots), lacking_cause(term.measure))


def without(measure: Measure, snapshots: Snapshots) -> RowSet:
    """Return the rows without a value for a measure."""
    if measure in _ATTRIBUTES:
        return snapshots.indexes.lacking(_ATTRIBUTES[measure])
    if measure is Measure.OF:
        return ~snapshots.places.by_source.grouped
    if measure is Measure.GROWTH:
        return RowSet(bytes(map(isnan, snapshots.places.by_source.growths)))
    return ~_siblings(measure, snapshots).placed


def _siblings(measure: Measure, snapshots: Snapshots) -> Siblings:
    return snapshots.places.by_family if measure is Measure.FAMILY_NTH else snapshots.places.by_source


def _between(
    measure: Measure, bounds: tuple[float, float], snapshots: Snapshots, left: RowSet, context: QueryContext
) -> RowSet:
    """Cut what is between the bounds out of an order that is already there, or else ask the rows that are left."""
    read, (least, beyond) = meter(measure, context), bounds
    ordering = snapshots.indexes.sorted_already(_SORTED[measure])
    if ordering is None:
        rows, numbers = snapshots.rows, left
        values = ((number, read(rows[number])) for number in numbers)
        return RowSet.of(
            (number for number, value in values if value is not None and least <= value < beyond), left.size
        )
    order, known, rows = ordering.rows(descending=False), ordering.known, snapshots.rows
    if measure is Measure.CREATED:  # in the order of ages the newest come first
        start = bisect_right(order, -beyond, 0, known, key=lambda number: -(read(rows[number]) or 0.0))
        stop = bisect_right(order, -least, 0, known, key=lambda number: -(read(rows[number]) or 0.0))
    else:
        start = bisect_left(order, least, 0, known, key=lambda number: read(rows[number]) or 0.0)
        stop = bisect_left(order, beyond, 0, known, key=lambda number: read(rows[number]) or 0.0)
    if 2 * (stop - start) < len(order):
        return RowSet.of(order[start:stop], len(order))
    return ~RowSet.of(order[:start] + order[stop:], len(order))


def in_months(term: FieldTerm, snapshots: Snapshots) -> Verdicts:
    """Return the verdicts on `month:`; the month of each day is made out once."""
    undated = snapshots.indexes.lacking("created")
    yes = snapshots.indexes.remembered(term, lambda: _of_months(term, snapshots))
    yes = yes | undated if asks_for_absent(term) else yes
    return Verdicts.because(yes, undated - yes, DATE_MISSING)


def _of_months(term: FieldTerm, snapshots: Snapshots) -> RowSet:
    tests = [tester(term.field, value) for value in term.values]
    days = snapshots.indexes.days
    months = {day: month_of(day * DAY_SECONDS) for day in set(days) if day != NO_DAY}
    wanted = {day for day, month in months.items() if month is not None and any(test(month) for test in tests)}
    return RowSet(bytes(map(wanted.__contains__, days)))
