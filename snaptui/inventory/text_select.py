"""Selection by words and patterns in names, ids and name families."""

from operator import attrgetter
from typing import Final

from snaptui.inventory.indexes import NameOrId
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.shared_select import tags_cause
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.substrings import Texts
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.context import QueryContext
from snaptui.query.matching import term_verdict, tester
from snaptui.query.terms import Field, FieldTerm, Form, TextTerm, Value

_FEW: Final = 16
"""Rows for each one left from which on asking these costs less than searching the texts of all."""


def having_text(term: TextTerm, snapshots: Snapshots, left: RowSet) -> Verdicts:
    """Return the verdicts on a bare word, found in names, ids, regions and tags; on a pattern, found in names and ids.

    A regular expression is looked for in names only.
    """
    value = term.value
    if value.is_pattern:
        names = _of_text(Field.NAME, SortKey.NAME, value, snapshots, left)
        ids_too = value.form is Form.GLOB
        return Verdicts.certain(names | _of_text(Field.ID, SortKey.ID, value, snapshots, left) if ids_too else names)
    if Texts.can_hold(value.folded):
        yes = snapshots.indexes.having(value.folded)
    else:
        rows, context = snapshots.rows, QueryContext(0.0)
        yes = RowSet.of((number for number in left if term_verdict(term, rows[number], context)), left.size)
    return Verdicts.because(yes, snapshots.indexes.lacking("tags") - yes, tags_cause(snapshots))


def of_names_or_ids(term: FieldTerm, snapshots: Snapshots, left: RowSet) -> Verdicts:
    """Return the verdicts on `name:` or `id:`; one of the values is enough."""
    key: NameOrId = SortKey.NAME if term.field is Field.NAME else SortKey.ID
    yes = RowSet(bytes(left.size))
    for value in term.values:
        yes = yes | _of_text(term.field, key, value, snapshots, left)
    return Verdicts.certain(yes)


def _of_text(field: Field, key: NameOrId, value: Value, snapshots: Snapshots, left: RowSet) -> RowSet:
    """Return at least those of the rows that are `left` whose name or id the value fits."""
    fits = tester(field, value)
    if _FEW * left.count <= left.size:
        rows, read = snapshots.rows, attrgetter(key)
        return RowSet.of((number for number in left if fits(read(rows[number]))), left.size)
    if value.form is Form.WORD and Texts.can_hold(value.folded):
        return snapshots.indexes.remembered((key, value), lambda: snapshots.indexes.texts_having(key, value.folded))
    return snapshots.indexes.remembered((key, value), lambda: snapshots.indexes.texts_fitting(key, value, fits))


def in_families(term: FieldTerm, snapshots: Snapshots) -> Verdicts:
    """Return the verdicts on `family:`; each family is judged once."""
    tests = [tester(Field.FAMILY, value) for value in term.values]
    families = snapshots.places.families
    wanted = {family for family in set(families) if any(test(family) for test in tests)}
    return Verdicts.certain(RowSet(bytes(map(wanted.__contains__, families))))
