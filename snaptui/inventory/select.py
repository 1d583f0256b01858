"""Selection: the rows of a list that match a query, and those that cannot be judged."""

from msgspec import Struct, field

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.term_select import price, select_term
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.causes import Cause
from snaptui.query.context import QueryContext
from snaptui.query.query import Query
from snaptui.query.tree import And, Expression, Not, Or


class Doubt(Struct, frozen=True):
    """One cause of unknown verdicts, with the number of rows that it concerns."""

    cause: Cause
    count: int


class Selection(Struct, frozen=True):
    """The rows that match, the rows that cannot be judged, and why, what could not be read first.

    `unread` counts the rows that cannot be judged because something could not be read, whatever else they lack.
    """

    matching: RowSet = field(default_factory=RowSet)
    unjudged: RowSet = field(default_factory=RowSet)
    doubts: tuple[Doubt, ...] = ()
    unread: int = 0

    @property
    def possible(self) -> RowSet:
        """The rows that match or may match."""
        return self.matching | self.unjudged

    @property
    def shortfall(self) -> str | None:
        """One line that says how many could not be judged and why; `None` when all were."""
        if not self.doubts:
            return None
        return f"{self.unjudged.count:,} of {self.unjudged.size:,} could not be judged: {self.why}"

    @property
    def why(self) -> str:
        """The causes, with how many rows each concerns where there are several."""
        if len(self.doubts) == 1:
            return self.doubts[0].cause.text
        return "; ".join(f"{doubt.cause.text} ({doubt.count:,})" for doubt in self.doubts)


def select(query: Query, snapshots: Snapshots, context: QueryContext, among: RowSet | None = None) -> Selection:
    """Return the rows of a list that match a query, judged by indexes where there are any, else one by one.

    Only rows `among` these are judged; `None` stands for all.
    """
    left = RowSet.everything(len(snapshots)) if among is None else among
    if query.root is None:
        return Selection(left, RowSet(bytes(len(snapshots))))
    verdicts = _judge(query.root, snapshots, left, context)
    if not verdicts.unknown:
        return Selection(verdicts.yes, verdicts.unknown)
    unread = RowSet(bytes(len(snapshots)))
    for cause, rows in verdicts.causes.items():
        unread = unread | rows if cause.unread else unread
    doubts = sorted(verdicts.causes.items(), key=lambda doubt: (not doubt[0].unread, -doubt[1].count, doubt[0].text))
    said = tuple(Doubt(cause, rows.count) for cause, rows in doubts)
    return Selection(verdicts.yes, verdicts.unknown, said, unread.count)


def _judge(expression: Expression, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    """Return the verdicts for the rows that are `left`."""
    match expression:
        case Not(part):
            return _judge(part, snapshots, left, context).negated(left)
        case And(parts):
            found = Verdicts.certain(left)
            for part in sorted(parts, key=price):
                found = found.and_(_judge(part, snapshots, found.possible, context))
            return found
        case Or(parts):
            found = Verdicts.certain(RowSet(bytes(left.size)))
            for part in sorted(parts, key=price):
                found = found.or_(_judge(part, snapshots, left - found.yes, context))
            return found
    return select_term(expression, snapshots, left, context)
