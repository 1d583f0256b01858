"""Verdicts for all rows of a list at once: those that match, those that cannot be judged, and the causes."""

from collections.abc import Mapping

from msgspec import Struct, field

from snaptui.inventory.row_set import RowSet
from snaptui.query.causes import Cause


class Verdicts(Struct, frozen=True):
    """Sets of rows: those that match (`yes`), those that cannot be judged (`unknown`), and these again by cause.

    A row may be there under several causes; every row of `unknown` is under at least one.
    """

    yes: RowSet
    unknown: RowSet
    causes: Mapping[Cause, RowSet] = field(default_factory=dict)

    @classmethod
    def certain(cls, yes: RowSet) -> "Verdicts":
        """Return verdicts without any doubt."""
        return cls(yes, RowSet(bytes(yes.size)))

    @classmethod
    def because(cls, yes: RowSet, unknown: RowSet, cause: Cause) -> "Verdicts":
        """Return verdicts of which all doubts have one cause."""
        return cls(yes, unknown, {cause: unknown} if unknown else {})

    @property
    def possible(self) -> RowSet:
        """The rows that match or may match."""
        return self.yes | self.unknown if self.unknown else self.yes

    def within(self, left: RowSet) -> "Verdicts":
        """Return the verdicts for some rows only."""
        if left.is_everything:
            return self
        if not self.unknown:
            return Verdicts(self.yes & left, self.unknown)
        return Verdicts(self.yes & left, self.unknown & left, _restricted(self.causes, left))

    def negated(self, left: RowSet) -> "Verdicts":
        """Return for the rows that are `left` the verdicts of `not`."""
        return Verdicts(left - self.possible, self.unknown, self.causes)

    def and_(self, other: "Verdicts") -> "Verdicts":
        """Return the verdicts of `and`; `other` has judged only the rows that these verdicts leave possible."""
        if not self.unknown and not other.unknown:
            return other
        yes = self.yes & other.yes
        return self._merged(other, yes, other.possible - yes)

    def or_(self, other: "Verdicts") -> "Verdicts":
        """Return the verdicts of `or`; `other` has not judged the rows that match already."""
        yes = self.yes | other.yes
        if not self.unknown and not other.unknown:
            return Verdicts(yes, self.unknown)
        return self._merged(other, yes, (self.unknown | other.unknown) - other.yes)

    def _merged(self, other: "Verdicts", yes: RowSet, unknown: RowSet) -> "Verdicts":
        causes = dict(self.causes)
        for cause, rows in other.causes.items():
            causes[cause] = causes[cause] | rows if cause in causes else rows
        return Verdicts(yes, unknown, _restricted(causes, unknown))


def _restricted(causes: Mapping[Cause, RowSet], to: RowSet) -> dict[Cause, RowSet]:
    restricted = {cause: rows & to for cause, rows in causes.items()}
    return {cause: rows for cause, rows in restricted.items() if rows}
