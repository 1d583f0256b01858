"""Selection by a single term, handed to the kind of index that knows its field."""

from snaptui.inventory.flag_select import flagged
from snaptui.inventory.measure_select import in_months, measured, without
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.shared_select import sharing
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.source_select import in_states, of_source
from snaptui.inventory.text_select import having_text, in_families, of_names_or_ids
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.context import QueryContext
from snaptui.query.matching import SHARED, state_verdict
from snaptui.query.terms import Field, FieldTerm, Flag, FlagTerm, Form, MeasureTerm, Term, TextTerm, UnknownTerm, Value
from snaptui.query.tree import Expression, terms_of


def price(expression: Expression) -> int:
    """Return the rank of an expression by cost, 0 for the cheapest: judged last, the expensive ones see fewer rows."""
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
        case TextTerm():
            found = having_text(term, snapshots, left)
        case FieldTerm():
            found = _of_field(term, snapshots, left, context)
        case MeasureTerm():
            found = measured(term, snapshots, left, context)
        case UnknownTerm(measure):
            found = Verdicts.certain(without(measure, snapshots))
        case FlagTerm(flag):
            found = flagged(flag, snapshots, context)
    return found.within(left)


def _of_field(term: FieldTerm, snapshots: Snapshots, left: RowSet, context: QueryContext) -> Verdicts:
    match term.field:
        case Field.NAME | Field.ID:
            return of_names_or_ids(term, snapshots, left)
        case Field.TYPE | Field.REGION | Field.TAG:
            return sharing(term, snapshots)
        case Field.FAMILY:
            return in_families(term, snapshots)
        case Field.SOURCE:
            return of_source(term, snapshots, context.sources)
        case Field.STATE:
            return in_states(lambda state: state_verdict(term, state), snapshots, context.sources)
        case Field.MONTH:
            return in_months(term, snapshots)
