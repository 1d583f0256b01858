"""Selection by tags, regions and types: each group of rows that have the same ones is judged once."""

from itertools import chain
from typing import Final

from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.value_groups import Words
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.causes import TAGS_MISSING, TAGS_UNREAD, Cause
from snaptui.query.matching import asks_for, tester
from snaptui.query.terms import NONE, UNKNOWN, Field, FieldTerm

_SHARED: Final = {Field.TYPE: SortKey.TYPE, Field.REGION: SortKey.REGIONS, Field.TAG: SortKey.TAGS}


def tags_cause(snapshots: Snapshots) -> Cause:
    """Return the cause for which the tags of a row are not known."""
    return TAGS_MISSING if snapshots.indexes.tags_readable else TAGS_UNREAD


def sharing(term: FieldTerm, snapshots: Snapshots) -> Verdicts:
    """Return the verdicts for all rows on `tag:`, `region:` or `type:`."""
    groups = snapshots.indexes.groups(_SHARED[term.field])
    tests = [tester(term.field, value) for value in term.values]
    words = set(chain.from_iterable(words or () for words in groups.words))
    wanted = {word for word in words if any(test(word) for test in tests)}
    no_region = term.field is Field.REGION and asks_for(NONE, term)
    absent: dict[Words | None, bool] = {(): no_region, None: asks_for(UNKNOWN, term)}

    def fits(words: Words | None) -> bool:
        return not wanted.isdisjoint(words) if words else absent[words]

    yes = groups.selected(list(map(fits, groups.words)))
    unknown = snapshots.indexes.lacking("tags") - yes if term.field is Field.TAG else RowSet(bytes(yes.size))
    return Verdicts.because(yes, unknown, tags_cause(snapshots))


def untagged(snapshots: Snapshots) -> Verdicts:
    """Return the verdicts for all rows on `is:untagged`."""
    groups = snapshots.indexes.groups(SortKey.TAGS)
    yes = groups.selected([words == () for words in groups.words])
    return Verdicts.because(yes, snapshots.indexes.lacking("tags"), tags_cause(snapshots))
