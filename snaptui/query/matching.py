"""Whether a snapshot matches a term: yes, no, or not known.

A term about a value that the API did not give is neither true nor false, and neither is its negation: such a
snapshot is left out of both `tag:keep` and `-tag:keep`.
"""

from collections.abc import Callable, Collection, Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, monthly_usd
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState
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

SHARED: Final = {Field.TYPE: "resource_type", Field.REGION: "regions", Field.TAG: "tags"}
_PART_IS_ENOUGH: Final = frozenset({Field.NAME, Field.ID, Field.SOURCE})


class QueryContext(Struct, frozen=True):
    """What a snapshot does not say itself: `now` in Unix seconds, the marked and the newest ids."""

    now: float
    marked: Collection[str] = frozenset()
    latest: Collection[str] = frozenset()
    sources: Sources = field(default_factory=Sources)
    usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH


def verdict(term: Term, snapshot: Snapshot, context: QueryContext) -> bool | None:
    """Return whether the term holds for the snapshot; `None` when what is known does not tell."""
    match term:
        case TextTerm():
            found: bool | None = _has_text(term.value, snapshot)
        case FieldTerm():
            found = _has_value(term, snapshot, context)
        case MeasureTerm():
            found = _measures(term, snapshot, context)
        case FlagTerm():
            found = _is(term.flag, snapshot, context)
    return None if found is None else found is not term.negated


def _has_text(value: Value, snapshot: Snapshot) -> bool:
    if value.form is not Form.WORD:
        return _fits(value, snapshot.name, part_is_enough=True)
    wanted = value.text.casefold()
    texts = (snapshot.name, snapshot.id, *snapshot.regions, *(snapshot.tags or ()))
    return any(wanted in text.casefold() for text in texts)


def _fits(value: Value, text: str, *, part_is_enough: bool) -> bool:
    return bool(tester(value, part_is_enough=part_is_enough)(text))


def tester(value: Value, *, part_is_enough: bool) -> Callable[[str], object]:
    """Return what tells for a text whether the value fits, by the truth of its result."""
    if value.form in (Form.REGEX, Form.GLOB):
        return value.finds
    wanted = value.text.casefold()
    if value.form is Form.WORD and part_is_enough:
        return lambda text: wanted in text.casefold()
    return lambda text: wanted == text.casefold()


def _has_value(term: FieldTerm, snapshot: Snapshot, context: QueryContext) -> bool | None:
    texts = _texts(term.field, snapshot, context)
    if texts is None:
        return None
    part = term.field in _PART_IS_ENOUGH
    return any(_fits(value, text, part_is_enough=part) for text in texts for value in term.values)


def _texts(of: Field, snapshot: Snapshot, context: QueryContext) -> Sequence[str] | None:
    match of:
        case Field.REGION:
            return snapshot.regions
        case Field.TAG:
            return snapshot.tags
        case Field.SOURCE:
            name = context.sources.name_of(snapshot)
            known = tuple(text for text in (snapshot.resource_id, name) if text is not None)
            return known or None
    return ({Field.NAME: snapshot.name, Field.ID: snapshot.id, Field.TYPE: snapshot.resource_type}[of],)


def meter(measure: Measure, context: QueryContext) -> Callable[[Snapshot], float | None]:
    """Return what reads a measure of a snapshot."""
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


def _measures(term: MeasureTerm, snapshot: Snapshot, context: QueryContext) -> bool | None:
    value = meter(term.measure, context)(snapshot)
    least, beyond = term.amount.bounds(term.operator)
    return None if value is None else least <= value < beyond


def _is(flag: Flag, snapshot: Snapshot, context: QueryContext) -> bool | None:
    match flag:
        case Flag.MARKED:
            return snapshot.id in context.marked
        case Flag.DAMAGED:
            return snapshot.damage is not None
        case Flag.LATEST:
            undated = snapshot.created is None or snapshot.resource_id is None
            return None if undated else snapshot.id in context.latest
        case Flag.ORPHAN:
            state = context.sources.state_of(snapshot)
            return None if state is SourceState.UNKNOWN else state is SourceState.GONE
