"""Selection by a single term: cut out of an order or index where there is one, else each row is judged."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain, compress
from operator import attrgetter
from typing import Final

from snaptui.inventory.groups import Words
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.siblings import Siblings
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.source_select import in_states, of_source
from snaptui.inventory.substrings import Texts
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.causes import (
    DATE_DOUBTFUL,
    DATE_MISSING,
    PLACE_MISSING,
    SOURCE_MISSING,
    TAGS_MISSING,
    TAGS_UNREAD,
    Cause,
    lacking_cause,
)
from snaptui.query.context import QueryContext
from snaptui.query.matching import SHARED, asks_for, meter, orphan_verdict, state_verdict, term_verdict, tester
from snaptui.query.terms import (
    NONE,
    UNKNOWN,
    Field,
    FieldTerm,
    Flag,
    FlagTerm,
    Form,
    Measure,
    MeasureTerm,
    Term,
    TextTerm,
    UnknownTerm,
    Value,
)
from snaptui.query.tree import Expression, terms_of
from snaptui.query.units import Amount, parse_month

_SHARED: Final = {Field.TYPE: SortKey.TYPE, Field.REGION: SortKey.REGIONS, Field.TAG: SortKey.TAGS}
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


def price(expression: Expression) -> int:
    """Cheapest expressions first, so that expensive ones see fewer rows."""
    return max(map(_price_of_term, terms_of(expression)))


def _price_of_term(term: Term) -> int:
    match term:
        case TextTerm(Value(_, Form.WORD)):
            return 0
        case MeasureTerm() | UnknownTerm():
            return 1
        case FieldTerm(field) if field in SHARED:
            return 2
        case FlagTerm(flag) if flag is not Flag.ORPHAN:
            return 1
    return 3


def select_term(term: Term, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    """Return the verdicts for the rows that are `left`."""
    match term:
        case TextTerm(Value(text, Form.WORD)) if not Texts.can_hold(text.casefold()):
            found = _one_by_one(term, snapshots, left)
        case TextTerm(value):
            found = _having(term, value, snapshots, left)
        case FieldTerm():
            found = _of_field(term, snapshots, left, context)
        case MeasureTerm():
            found = _measured(term, snapshots, left, context)
        case UnknownTerm(measure):
            found = Verdicts.certain(_without(measure, snapshots))
        case FlagTerm(Flag.ORPHAN):
            found = in_states(orphan_verdict, snapshots, context.sources)
        case FlagTerm():
            found = _flagged(term, snapshots, context)
    return found.within(left)


def _of_field(term: FieldTerm, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    match term.field:
        case Field.TYPE | Field.REGION | Field.TAG:
            return _sharing(term, snapshots)
        case Field.FAMILY:
            return Verdicts.certain(_in_families(term, snapshots))
        case Field.SOURCE:
            return of_source(term, snapshots, context.sources)
        case Field.STATE:
            return in_states(lambda state: state_verdict(term, state), snapshots, context.sources)
        case Field.MONTH if (months := _months(term.values)) is not None:
            return _in_months(months, asks_for(UNKNOWN, term), snapshots, left)
    return _asked(term, snapshots, left)


def _one_by_one(term: TextTerm, snapshots: Snapshots, left: RowSet) -> Verdicts:
    """Ask each row for a word that the substring index cannot hold."""
    rows, context = snapshots.rows, QueryContext(0.0)
    yes = RowSet.of((number for number in left if term_verdict(term, rows[number], context)), left.size)
    return Verdicts.because(yes, snapshots.lacking("tags") - yes, _tags_cause(snapshots))


def _tags_cause(snapshots: Snapshots) -> Cause:
    return TAGS_MISSING if snapshots.tags_readable else TAGS_UNREAD


def _having(term: TextTerm, value: Value, snapshots: Snapshots, left: RowSet) -> Verdicts:
    """Look for a word in the substring index; ask those that have the letters of a pattern."""
    if value.is_pattern:
        ids_too = value.form is Form.GLOB
        return Verdicts.certain(_fitting(term, (value,), ("name", "id") if ids_too else ("name",), snapshots, left))
    yes = snapshots.remembered(value.folded, lambda: snapshots.having(value.folded))
    untold = snapshots.lacking("tags")
    return Verdicts.because(yes, untold - yes, _tags_cause(snapshots)) if untold else Verdicts.certain(yes)


def _fitting(
    term: TextTerm | FieldTerm, values: Sequence[Value], attributes: Sequence[str], snapshots: Snapshots, left: RowSet
) -> RowSet:
    """Return the rows that are `left` in which one of the values fits one of the texts; names and ids only."""
    field = term.field if isinstance(term, FieldTerm) else Field.NAME
    tests = [tester(field, value) for value in values]

    def ask(some: RowSet) -> RowSet:
        if len(values) == 1 and (needle := values[0].needle) and Texts.can_hold(needle):
            some = some & snapshots.perhaps_having(needle)
        rows, numbers = snapshots.rows, list(some)
        flags = bytearray(some.size)
        for attribute in attributes:
            texts = list(map(attrgetter(attribute), map(rows.__getitem__, numbers)))
            for test in tests:
                for number in compress(numbers, map(test, texts)):
                    flags[number] = 1
        return RowSet(bytes(flags))

    return snapshots.remembered(term, lambda: ask(left)) if left.is_everything else ask(left)


def _sharing(term: FieldTerm, snapshots: Snapshots) -> Verdicts:
    """Judge each group of rows that have the same tags, regions or type."""
    groups = snapshots.groups(_SHARED[term.field])
    tests = [tester(term.field, value) for value in term.values]
    words = set(chain.from_iterable(words or () for words in groups.words))
    wanted = {word for word in words if any(test(word) for test in tests)}
    no_region = term.field is Field.REGION and asks_for(NONE, term)
    absent: dict[Words | None, bool] = {(): no_region, None: asks_for(UNKNOWN, term)}

    def fits(words: Words | None) -> bool:
        return not wanted.isdisjoint(words) if words else absent[words]

    yes = groups.selected(list(map(fits, groups.words)))
    unknown = snapshots.lacking("tags") - yes if term.field is Field.TAG else RowSet(bytes(yes.size))
    return Verdicts.because(yes, unknown, _tags_cause(snapshots))


def _months(values: Sequence[Value]) -> Sequence[Amount] | None:
    """Return the months that values name; `None` when one of them is a pattern."""
    if any(value.is_pattern for value in values):
        return None
    return [parse_month(value.text) for value in values if value.folded != UNKNOWN]


def _in_months(months: Sequence[Amount], unknown_too: bool, snapshots: Snapshots, left: RowSet) -> Verdicts:
    undated = snapshots.lacking("created")
    yes = undated if unknown_too else RowSet(bytes(undated.size))
    for month in months:
        yes = yes | _between(Measure.CREATED, month.bounds("="), snapshots, left, QueryContext(0.0))
    return Verdicts.because(yes, undated - yes, DATE_MISSING)


def _in_families(term: FieldTerm, snapshots: Snapshots) -> RowSet:
    """Judge each family once."""
    tests = [tester(Field.FAMILY, value) for value in term.values]
    families = snapshots.families
    wanted = {family for family in set(families) if any(test(family) for test in tests)}
    return RowSet(bytes([family in wanted for family in families]))


def _siblings(measure: Measure, snapshots: Snapshots) -> Siblings:
    return snapshots.by_family if measure is Measure.FAMILY_NTH else snapshots.by_source


def _without(measure: Measure, snapshots: Snapshots) -> RowSet:
    """Return the rows without a value for a measure."""
    if measure in _ATTRIBUTES:
        return snapshots.lacking(_ATTRIBUTES[measure])
    return ~_siblings(measure, snapshots).placed


def _measured(term: MeasureTerm, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    bounds = term.amount.bounds(term.operator)
    if term.measure in _ATTRIBUTES:
        yes = _between(term.measure, bounds, snapshots, left, context)
    else:
        yes = _siblings(term.measure, snapshots).between(*bounds)
    return Verdicts.because(yes, _without(term.measure, snapshots), lacking_cause(term.measure))


def _between(
    measure: Measure, bounds: tuple[float, float], snapshots: Snapshots, left: RowSet, context: QueryContext
) -> RowSet:
    """Cut what is between the bounds out of an order that is already there, or else ask the rows that are left."""
    read, (least, beyond) = meter(measure, context), bounds
    ordering = snapshots.sorted_already(_SORTED[measure])
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


def _flagged(term: FlagTerm, snapshots: Snapshots, context: QueryContext) -> Verdicts:
    match term.flag:
        case Flag.MARKED:
            return Verdicts.certain(RowSet.of(snapshots.numbers_of(context.marked), len(snapshots)))
        case Flag.DAMAGED:
            return Verdicts.certain(~snapshots.lacking("damage"))
        case Flag.UNTAGGED:
            groups = snapshots.groups(SortKey.TAGS)
            yes = groups.selected([words == () for words in groups.words])
            return Verdicts.because(yes, snapshots.lacking("tags"), _tags_cause(snapshots))
    family = term.flag in (Flag.FAMILY_LATEST, Flag.FAMILY_ONLY)
    siblings = snapshots.by_family if family else snapshots.by_source
    if term.flag in (Flag.ONLY, Flag.FAMILY_ONLY):
        return Verdicts.because(siblings.only, ~siblings.grouped, SOURCE_MISSING)
    yes = siblings.between(1, 2)
    without = ~siblings.placed
    doubtful = siblings.doubtful - yes - without
    causes = {DATE_MISSING if family else PLACE_MISSING: without, DATE_DOUBTFUL: doubtful}
    return Verdicts(yes, without | doubtful, {cause: rows for cause, rows in causes.items() if rows})


def _asked(term: FieldTerm, snapshots: Snapshots, left: RowSet) -> Verdicts:
    """Ask each row for its name, id, or the month it was created in."""
    if term.field is not Field.MONTH:
        return Verdicts.certain(_fitting(term, term.values, (str(term.field),), snapshots, left))
    rows, context = snapshots.rows, QueryContext(0.0)
    yes = RowSet.of((number for number in left if term_verdict(term, rows[number], context)), left.size)
    return Verdicts.because(yes, snapshots.lacking("created") - yes, DATE_MISSING)
