"""Verdicts: whether a snapshot matches a term or an expression: yes, no, or not known.

A term about a value that the API did not give is neither true nor false, and neither is its negation: such a snapshot
is left out of both `tag:keep` and `-tag:keep`, unless the rest of the query decides.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Final

from snaptui.model.cost import monthly_usd
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceState
from snaptui.query.context import Place, QueryContext
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
from snaptui.query.tree import And, Expression, Not, Or

SHARED: Final = {Field.TYPE: "resource_type", Field.REGION: "regions", Field.TAG: "tags"}
_PART_IS_ENOUGH: Final = frozenset({Field.NAME, Field.ID, Field.SOURCE})
_ABSENT: Final = {Field.TAG: (UNKNOWN,), Field.SOURCE: (UNKNOWN, NONE), Field.MONTH: (UNKNOWN,)}
"""The words under which a value that is not known can be asked for."""

_SOURCE_ID: Final = re.compile(r"[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


def verdict(expression: Expression, snapshot: Snapshot, context: QueryContext) -> bool | None:
    """Return whether an expression holds for a snapshot; `None` when too little is known of it."""
    match expression:
        case Not(part):
            found = verdict(part, snapshot, context)
            return None if found is None else not found
        case And(parts):
            return _and(verdict(part, snapshot, context) for part in parts)
        case Or(parts):
            return _or(verdict(part, snapshot, context) for part in parts)
    return term_verdict(expression, snapshot, context)


def _and(verdicts: Iterable[bool | None]) -> bool | None:
    found: bool | None = True
    for one in verdicts:
        if one is False:
            return False
        found = found and one
    return found


def _or(verdicts: Iterable[bool | None]) -> bool | None:
    found: bool | None = False
    for one in verdicts:
        if one is True:
            return True
        found = None if one is None else found
    return found


def term_verdict(term: Term, snapshot: Snapshot, context: QueryContext) -> bool | None:
    """Return whether a term holds for a snapshot; `None` when too little is known of it."""
    match term:
        case TextTerm(value):
            return _has_text(value, snapshot)
        case FieldTerm():
            return _has_value(term, snapshot, context)
        case MeasureTerm(measure, operator, amount):
            number = meter(measure, context)(snapshot)
            least, beyond = amount.bounds(operator)
            return None if number is None else least <= number < beyond
        case UnknownTerm(measure):
            return meter(measure, context)(snapshot) is None
        case FlagTerm(flag):
            return flag_verdict(flag, snapshot, context)


def _has_text(value: Value, snapshot: Snapshot) -> bool | None:
    if value.form is Form.REGEX:
        return bool(value.finds(snapshot.name))
    if value.form is Form.GLOB:
        return bool(value.finds(snapshot.name) or value.finds(snapshot.id))
    texts = (snapshot.name, snapshot.id, *snapshot.regions, *(snapshot.tags or ()))
    if any(value.folded in text.casefold() for text in texts):
        return True
    return None if snapshot.tags is None else False


def tester(field: Field, value: Value) -> Callable[[str], object]:
    """Return a test of one field's text: a function whose result is true when `value` fits."""
    if value.is_pattern:
        return value.finds
    wanted = value.folded
    if value.form is Form.WORD and field in _PART_IS_ENOUGH:
        return lambda text: wanted in text.casefold()
    if value.form is Form.EXACT and field is Field.FAMILY:  # families differ in capital letters
        return value.text.__eq__
    return lambda text: wanted == text.casefold()


def asks_for(word: str, term: FieldTerm) -> bool:
    """Return whether a term asks for `none` or `unknown` as a plain word."""
    return any(value.form is Form.WORD and value.folded == word for value in term.values)


def asks_for_absent(term: FieldTerm) -> bool:
    """Return whether a term asks for snapshots without a value in its field: `source:none`, `tag:unknown`."""
    return any(asks_for(word, term) for word in _ABSENT.get(term.field, ()))


def _has_value(term: FieldTerm, snapshot: Snapshot, context: QueryContext) -> bool | None:
    field = term.field
    if field is Field.SOURCE:
        return _of_source(term, snapshot, context)
    if field is Field.STATE:
        return state_verdict(term, context.sources.state_of(snapshot))
    if field is Field.REGION and not snapshot.regions:
        return asks_for(NONE, term)
    texts = texts_of(field, snapshot)
    if texts is None:
        return asks_for_absent(term) or None
    return any(test(text) for test in (tester(field, value) for value in term.values) for text in texts)


def texts_of(field: Field, snapshot: Snapshot) -> Sequence[str] | None:
    """Return a field's texts of a snapshot; `None` when they are not known."""
    if field is Field.TAG:
        return snapshot.tags
    if field is Field.REGION:
        return snapshot.regions
    if field is Field.FAMILY:
        return (family_of(snapshot.name),)
    text = {
        Field.NAME: snapshot.name,
        Field.ID: snapshot.id,
        Field.TYPE: snapshot.resource_type,
        Field.MONTH: snapshot.month,
    }[field]
    return None if text is None else (text,)


def _of_source(term: FieldTerm, snapshot: Snapshot, context: QueryContext) -> bool | None:
    """Compare with the source's id and, as far as it is known, its name."""
    if snapshot.resource_id is None:
        return asks_for_absent(term) or None
    name = context.sources.name_of(snapshot)
    known = (snapshot.resource_id,) if name is None else (snapshot.resource_id, name)
    if any(test(text) for test in (tester(Field.SOURCE, value) for value in term.values) for text in known):
        return True
    may_have_name = name is None and context.sources.state_of(snapshot) is SourceState.UNKNOWN
    return None if may_have_name and not all(map(is_source_id, term.values)) else False


def is_source_id(value: Value) -> bool:
    """Return whether a value is a whole id, and so no name."""
    return value.form is Form.EXACT and bool(_SOURCE_ID.fullmatch(value.text))


def state_verdict(term: FieldTerm, state: SourceState) -> bool | None:
    """Return whether `state:` holds for a state; `None` when the source could be in one that is asked for."""
    if any(tester(Field.STATE, value)(state) for value in term.values):
        return True
    knowable = (SourceState.EXISTS, SourceState.GONE)
    may_be = any(tester(Field.STATE, value)(other) for value in term.values for other in knowable)
    return None if state is SourceState.UNKNOWN and may_be else False


def orphan_verdict(state: SourceState) -> bool | None:
    """Return whether `is:orphan` holds for a state."""
    return None if state is SourceState.UNKNOWN else state is SourceState.GONE


def meter(measure: Measure, context: QueryContext) -> Callable[[Snapshot], float | None]:
    """Return a function that reads a measure of a snapshot; its result is `None` where that is not known."""
    now, price = context.now, context.usd_per_gb_month
    match measure:
        case Measure.SIZE:
            return attrgetter("size_gigabytes")
        case Measure.MIN_DISK:
            return attrgetter("min_disk_size")
        case Measure.CREATED:
            return attrgetter("created")
        case Measure.AGE:
            return lambda snapshot: None if snapshot.created is None else now - snapshot.created
        case Measure.COST:
            return lambda snapshot: monthly_usd(snapshot, price)
    return _place_meter(measure, context)


def _place_meter(measure: Measure, context: QueryContext) -> Callable[[Snapshot], float | None]:
    """Return a function that reads what depends on the other snapshots of the list."""
    places, family = context.places, measure is Measure.FAMILY_NTH
    if measure is Measure.GROWTH:
        return places.growth if places is not None else lambda _: None

    def read(snapshot: Snapshot) -> float | None:
        place = _place(snapshot, context, family=family)
        return None if place is None else place.of if measure is Measure.OF else place.nth

    return read


def _place(snapshot: Snapshot, context: QueryContext, *, family: bool) -> Place | None:
    if context.places is None:
        return None
    return context.places.family_place(snapshot) if family else context.places.source_place(snapshot)


def flag_verdict(flag: Flag, snapshot: Snapshot, context: QueryContext) -> bool | None:
    """Return whether an `is:` term holds for a snapshot; `None` when too little is known of it."""
    match flag:
        case Flag.MARKED:
            return snapshot.id in context.marked
        case Flag.DAMAGED:
            return snapshot.damage is not None
        case Flag.UNTAGGED:
            return None if snapshot.tags is None else not snapshot.tags
        case Flag.ORPHAN:
            return orphan_verdict(context.sources.state_of(snapshot))
        case Flag.SAME_DAY:
            return None if context.places is None else context.places.same_day(snapshot)
    return _place_verdict(flag, _place(snapshot, context, family=flag in (Flag.FAMILY_LATEST, Flag.FAMILY_ONLY)))


def _place_verdict(flag: Flag, place: Place | None) -> bool | None:
    if place is None:
        return None
    return place.of == 1 if flag in (Flag.ONLY, Flag.FAMILY_ONLY) else place.is_latest
