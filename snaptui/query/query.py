"""A parsed query: judges one snapshot."""

from collections.abc import Callable
from functools import cached_property
from typing import Final

from msgspec import Struct

from snaptui.model.snapshot import Snapshot
from snaptui.query.context import QueryContext
from snaptui.query.matching import SHARED, verdict
from snaptui.query.terms import Field, FieldTerm, Flag, FlagTerm, Measure, MeasureTerm, Term, UnknownTerm
from snaptui.query.tree import And, Expression, terms_of

_PLACES: Final = frozenset({Measure.NTH, Measure.FAMILY_NTH, Measure.OF, Measure.GROWTH})
_PLACE_FLAGS: Final = frozenset({Flag.LATEST, Flag.ONLY, Flag.FAMILY_LATEST, Flag.FAMILY_ONLY, Flag.SAME_DAY})


class Query(Struct, frozen=True, dict=True):
    """A parsed query: an expression, or none, and then every snapshot matches."""

    root: Expression | None = None

    def __str__(self) -> str:
        return "" if self.root is None else str(self.root)

    @property
    def is_empty(self) -> bool:
        """True when everything matches."""
        return self.root is None

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """All terms, from left to right."""
        return () if self.root is None else tuple(terms_of(self.root))

    @property
    def uses_marks(self) -> bool:
        """True when marking a snapshot can change what matches."""
        return self._has(lambda term: isinstance(term, FlagTerm) and term.flag is Flag.MARKED)

    @property
    def uses_places(self) -> bool:
        """True when the other snapshots of a source or family decide what matches."""
        return self._has(_asks_for_places)

    @property
    def uses_sources(self) -> bool:
        """True when the account's droplets and volumes decide what matches."""
        return self._has(_asks_for_sources)

    @property
    def judges_shared(self) -> bool:
        """True when only tags, regions and types decide what matches: values that many snapshots have in common."""
        return all(isinstance(term, FieldTerm) and term.field in SHARED for term in self.terms)

    def _has(self, wanted: Callable[[Term], bool]) -> bool:
        return any(map(wanted, self.terms))

    def and_(self, other: "Query") -> "Query":
        """Return the query that both must match."""
        if self.root is None or other.root is None:
            return other if self.root is None else self
        parts = other.root.parts if isinstance(other.root, And) else (other.root,)
        return Query(And((self.root, *parts)))

    def matches(self, snapshot: Snapshot, context: QueryContext) -> bool:
        """Return whether a snapshot is known to match."""
        return self.verdict(snapshot, context) is True

    def verdict(self, snapshot: Snapshot, context: QueryContext) -> bool | None:
        """Return whether a snapshot matches; `None` when too little is known of it."""
        return True if self.root is None else verdict(self.root, snapshot, context)


def _asks_for_places(term: Term) -> bool:
    match term:
        case MeasureTerm(measure) | UnknownTerm(measure):
            return measure in _PLACES
        case FlagTerm(flag):
            return flag in _PLACE_FLAGS
    return False


def _asks_for_sources(term: Term) -> bool:
    match term:
        case FieldTerm(field):
            return field in (Field.SOURCE, Field.STATE)
        case FlagTerm(flag):
            return flag is Flag.ORPHAN
    return False
