"""Selection by a term about the source: each source is judged once for all of its snapshots."""

from collections.abc import Callable, Iterable
from itertools import compress

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.source_states import SourceStates
from snaptui.inventory.verdicts import Verdicts
from snaptui.model.sources import Sources, SourceState
from snaptui.query.causes import SOURCE_MISSING
from snaptui.query.matching import asks_for_absent, is_source_id, tester
from snaptui.query.terms import Field, FieldTerm


def in_states(verdict_of: Callable[[SourceState], bool | None], snapshots: Snapshots, sources: Sources) -> Verdicts:
    """Return the verdicts for all rows, given that for each state of a source."""
    states, size = snapshots.places.states(sources), len(snapshots)
    yes = _union((rows for state, rows in states.known.items() if verdict_of(state)), size)
    unknown = _union(states.unknown.values(), size)
    verdict = verdict_of(SourceState.UNKNOWN)
    if verdict is None:
        return Verdicts(yes, unknown, states.unknown)
    return Verdicts.certain(yes | unknown if verdict else yes)


def of_source(term: FieldTerm, snapshots: Snapshots, sources: Sources) -> Verdicts:
    """Return the verdicts for all rows on `source:`, which is compared with ids and names."""
    states, by_source = snapshots.places.states(sources), snapshots.places.by_source
    without = ~by_source.grouped
    yes = by_source.selected(_fitting(term, states))
    if asks_for_absent(term):
        yes = yes | without
    doubtful = {SOURCE_MISSING: without} if all(map(is_source_id, term.values)) else states.unknown
    causes = {cause: rest for cause, rows in doubtful.items() if (rest := rows - yes)}
    return Verdicts(yes, _union(causes.values(), len(snapshots)), causes)


def _fitting(term: FieldTerm, states: SourceStates) -> bytes:
    """Return one byte for each source: 1 where one of the values fits its id or name."""
    flags = bytearray(len(states.ids))
    for test in [tester(Field.SOURCE, value) for value in term.values]:
        for group in compress(range(len(flags)), map(test, states.ids)):
            flags[group] = 1
        for group, name in states.names:
            if test(name):
                flags[group] = 1
    return bytes(flags)


def _union(sets: Iterable[RowSet], size: int) -> RowSet:
    union = RowSet(bytes(size))
    for rows in sets:
        union = union | rows
    return union
