"""A parsed query: judges one snapshot."""

from msgspec import Struct

from snaptui.model.snapshot import Snapshot
from snaptui.query.matching import SHARED, QueryContext, verdict
from snaptui.query.terms import FieldTerm, Flag, FlagTerm, Measure, MeasureTerm, Term


class Query(Struct, frozen=True):
    """Terms that must all hold; no terms select everything."""

    terms: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))

    @property
    def is_empty(self) -> bool:
        """True when everything matches."""
        return not self.terms

    @property
    def uses_marks(self) -> bool:
        """True when marking a snapshot can change what matches."""
        return self._asks(Flag.MARKED)

    @property
    def uses_latest(self) -> bool:
        """True when the other snapshots of a source decide what matches."""
        return self._asks(Flag.LATEST)

    @property
    def uses_sources(self) -> bool:
        """True when the account's droplets and volumes decide what matches."""
        named = any(isinstance(t, FieldTerm) and t.field == "source" for t in self.terms)
        return named or self._asks(Flag.ORPHAN)

    @property
    def uses_clock(self) -> bool:
        """True when time alone can change what matches."""
        return any(isinstance(t, MeasureTerm) and t.measure is Measure.AGE for t in self.terms)

    @property
    def judges_shared(self) -> bool:
        """True when only tags, regions and types decide what matches: values that many snapshots have in common."""
        return all(isinstance(term, FieldTerm) and term.field in SHARED for term in self.terms)

    def _asks(self, flag: Flag) -> bool:
        return any(isinstance(term, FlagTerm) and term.flag is flag for term in self.terms)

    def and_(self, other: "Query") -> "Query":
        """Return the query that both must match."""
        return Query(self.terms + other.terms)

    def matches(self, snapshot: Snapshot, context: QueryContext) -> bool:
        """Return whether a snapshot is known to match."""
        return self.verdict(snapshot, context) is True

    def verdict(self, snapshot: Snapshot, context: QueryContext) -> bool | None:
        """Return whether a snapshot matches; `None` when what is known of it does not tell."""
        verdicts = [verdict(term, snapshot, context) for term in self.terms]
        if False in verdicts:
            return False
        return None if None in verdicts else True
