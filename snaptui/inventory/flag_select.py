"""Selection by the words after `is:` that ask for marks, damage, or the place among other snapshots."""

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.shared_select import untagged
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.source_select import in_states
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.causes import DATE_DOUBTFUL, DATE_MISSING, PLACE_MISSING, SOURCE_MISSING
from snaptui.query.context import QueryContext
from snaptui.query.matching import orphan_verdict
from snaptui.query.terms import Flag


def flagged(flag: Flag, snapshots: Snapshots, context: QueryContext) -> Verdicts:
    """Return the verdicts for all rows on `is:`."""
    match flag:
        case Flag.MARKED:
            return Verdicts.certain(RowSet.of(snapshots.numbers_of(context.marked), len(snapshots)))
        case Flag.DAMAGED:
            return Verdicts.certain(~snapshots.indexes.lacking("damage"))
        case Flag.UNTAGGED:
            return untagged(snapshots)
        case Flag.ORPHAN:
            return in_states(orphan_verdict, snapshots, context.sources)
    return _beside_others(flag, snapshots)


def _beside_others(flag: Flag, snapshots: Snapshots) -> Verdicts:
    """Return the verdicts that depend on the other snapshots of a source or family, and on their dates."""
    family = flag in (Flag.FAMILY_LATEST, Flag.FAMILY_ONLY)
    siblings = snapshots.places.by_family if family else snapshots.places.by_source
    if flag in (Flag.ONLY, Flag.FAMILY_ONLY):
        return Verdicts.because(siblings.only, ~siblings.grouped, SOURCE_MISSING)
    yes = siblings.same_day if flag is Flag.SAME_DAY else siblings.between(1, 2)
    without = ~siblings.placed
    doubtful = siblings.doubtful - yes - without
    causes = {DATE_MISSING if family else PLACE_MISSING: without, DATE_DOUBTFUL: doubtful}
    return Verdicts(yes, without | doubtful, {cause: rows for cause, rows in causes.items() if rows})
