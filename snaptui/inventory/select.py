"""Which rows of a list match a term, without asking each where that can be helped: a key must not wait for 100,000."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, compress
from operator import attrgetter
from typing import Final

from snaptui.inventory.groups import Words
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import both, everything, inverse, numbers_in, selecting
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.substrings import Texts
from snaptui.model.snapshot import Snapshot
from snaptui.query.matching import SHARED, QueryContext, meter, tester, verdict
from snaptui.query.query import Query
from snaptui.query.terms import (
    Field,
    FieldTerm,
    Flag,
    FlagTerm,
    Form,
    Measure,
    MeasureTerm,
    Term,
    TextTerm,
    Value,
)

_SHARED: Final = {Field.TYPE: SortKey.TYPE, Field.REGION: SortKey.REGIONS, Field.TAG: SortKey.TAGS}
_SORTED: Final = {
    Measure.SIZE: SortKey.SIZE,
    Measure.COST: SortKey.SIZE,
    Measure.AGE: SortKey.AGE,
    Measure.CREATED: SortKey.AGE,
    Measure.MIN_DISK: SortKey.MIN_DISK,
}


def select(query: Query, snapshots: Snapshots, context: QueryContext) -> bytes:
    """Return which rows of a list match a query: one byte for each by its number, 1 or 0."""
    left: bytes | None = None
    for term in sorted(query.terms, key=_price):
        left = select_term(term, snapshots, left, context)
    return everything(len(snapshots)) if left is None else left


def _price(term: Term) -> int:
    """Cheapest terms first, so that expensive ones see fewer rows."""
    match term:
        case TextTerm(Value(_, Form.WORD)):
            return 0
        case MeasureTerm():
            return 1
        case FieldTerm(field) if field in SHARED:
            return 2
    return 3


def select_term(term: Term, snapshots: Snapshots, left: bytes | None, context: QueryContext) -> bytes:
    """Return which of the rows that are `left` match, one byte for each row; `None` leaves all of them."""
    selected = _at_once(term, snapshots, context)
    if selected is not None:
        return selected if left is None else both(left, selected)
    numbers: Sequence[int] = range(len(snapshots))
    if left is not None:
        return _one_by_one(term, snapshots, list(compress(numbers, left)), context)
    match term:
        case TextTerm(Value(_, Form.REGEX) as value, False) if value.beginning:
            return snapshots.remembered(term, lambda: _beginning_so(term, value, snapshots, context))
        case TextTerm() | FieldTerm(Field.NAME):
            return snapshots.remembered(term, lambda: _one_by_one(term, snapshots, numbers, context))
    return _one_by_one(term, snapshots, numbers, context)


def _beginning_so(term: Term, value: Value, snapshots: Snapshots, context: QueryContext) -> bytes:
    """Ask only the rows that have what the regular expression begins with."""
    left = snapshots.perhaps_having(value.beginning.casefold())
    return _one_by_one(term, snapshots, numbers_in(left), context)


def _at_once(term: Term, snapshots: Snapshots, context: QueryContext) -> bytes | None:
    """Return which rows match where something that is kept tells; `None` when the rows have to be asked."""
    match term:
        case TextTerm(Value(text, Form.WORD), negated) if Texts.can_hold(needle := text.casefold()):
            selected = snapshots.remembered(needle, lambda: snapshots.having(needle))
            return inverse(selected) if negated else selected
        case FieldTerm(field) if field in _SHARED:
            groups = snapshots.groups(_SHARED[field])
            return groups.selected(_fitting(term, groups.words))
        case FlagTerm(Flag.MARKED, negated):
            selected = bytes(selecting(snapshots.numbers_of(context.marked), len(snapshots)))
            return inverse(selected) if negated else selected
        case MeasureTerm():
            return _measured(term, snapshots, context)
    return None


def _fitting(term: FieldTerm, groups: Sequence[Words | None]) -> list[bool]:
    """Tell for the words of each group whether the term holds; it does not for words that are not known."""
    tests = [tester(value, part_is_enough=False) for value in term.values]
    words = set(chain.from_iterable(words or () for words in groups))
    wanted = {word for word in words if any(test(word) for test in tests)}
    return [words is not None and (not wanted.isdisjoint(words)) is not term.negated for words in groups]


def _measured(term: MeasureTerm, snapshots: Snapshots, context: QueryContext) -> bytes | None:
    """Cut what is between the bounds out of an order that is already there."""
    ordering = snapshots.sorted_already(_SORTED[term.measure])
    if ordering is None:
        return None
    order, known, rows = ordering.rows(descending=False), ordering.known, snapshots.rows
    read = meter(term.measure, context)
    least, beyond = term.amount.bounds(term.operator)
    if term.measure is Measure.CREATED:  # in the order of ages the newest come first
        start = bisect_right(order, -beyond, 0, known, key=lambda number: -(read(rows[number]) or 0.0))
        stop = bisect_right(order, -least, 0, known, key=lambda number: -(read(rows[number]) or 0.0))
    else:
        start = bisect_left(order, least, 0, known, key=lambda number: read(rows[number]) or 0.0)
        stop = bisect_left(order, beyond, 0, known, key=lambda number: read(rows[number]) or 0.0)
    inside, outside = order[start:stop], order[:start] + order[stop:known]
    chosen, others = (outside, inside) if term.negated else (inside, outside)
    if 2 * len(chosen) < len(order):
        return bytes(selecting(chosen, len(order)))
    return inverse(bytes(selecting(others + order[known:], len(order))))


def _one_by_one(term: Term, snapshots: Snapshots, numbers: Sequence[int], context: QueryContext) -> bytes:
    """Ask each of these rows."""
    rows = snapshots.rows
    chosen: Iterable[int]
    match term:
        case TextTerm(Value(_, Form.REGEX | Form.GLOB) as value, False) | FieldTerm(Field.NAME, (value,), False):
            fits = tester(value, part_is_enough=True)
            chosen = [number for number in numbers if fits(rows[number].name)]
        case FieldTerm(Field.SOURCE) | FlagTerm(Flag.ORPHAN):
            chosen = _of_sources(term, rows, numbers, context)
        case MeasureTerm(measure, operator, amount, negated):
            read, (least, beyond) = meter(measure, context), amount.bounds(operator)
            values = [read(rows[number]) for number in numbers]
            fitting = [value is not None and (least <= value < beyond) is not negated for value in values]
            chosen = compress(numbers, fitting)
        case _:
            chosen = [number for number in numbers if verdict(term, rows[number], context) is True]
    return bytes(selecting(chosen, len(snapshots)))


def _of_sources(term: Term, rows: Sequence[Snapshot], numbers: Sequence[int], context: QueryContext) -> Iterable[int]:
    """Judge each source once."""
    sources = list(map(attrgetter("resource_type", "resource_id"), map(rows.__getitem__, numbers)))
    one_of_each = dict(zip(sources, numbers, strict=True))
    wanted = {source for source, number in one_of_each.items() if verdict(term, rows[number], context)}
    return compress(numbers, [source in wanted for source in sources])
