"""Selection by a term about the source: each type and each source is judged once for all its rows."""

from collections.abc import Callable, Iterable, Iterator
from itertools import compress

from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.verdicts import Verdicts
from snaptui.model.sources import SourceList, Sources, SourceState
from snaptui.query.causes import SOURCE_MISSING, Cause
from snaptui.query.matching import asks_for_absent, is_source_id, tester
from snaptui.query.terms import Field, FieldTerm


class _Found:
    """Collector of the rows that match and, by cause, of those that cannot be judged."""

    def __init__(self, size: int) -> None:
        self._yes = bytearray(size)
        self._unknown: dict[Cause, bytearray] = {}

    def add(self, verdict: bool | None, cause: Cause, numbers: Iterable[int]) -> None:
        """Give these rows this verdict, and the cause where they cannot be judged."""
        if verdict is False:
            return
        flags = self._yes if verdict else self._unknown.setdefault(cause, bytearray(len(self._yes)))
        for number in numbers:
            flags[number] = 1

    def verdicts(self) -> Verdicts:
        """Return the verdicts collected so far."""
        causes = {cause: rows for cause, flags in self._unknown.items() if (rows := RowSet(bytes(flags)))}
        unknown = RowSet(bytes(len(self._yes)))
        for rows in causes.values():
            unknown = unknown | rows
        return Verdicts(RowSet(bytes(self._yes)), unknown, causes)


def _each_type(
    snapshots: Snapshots, sources: Sources
) -> Iterator[tuple[SourceList | None, list[int], list[str | None]]]:
    """Yield for each type the list of its resources, the numbers of its rows, and their source's ids."""
    groups, rows = snapshots.groups(SortKey.TYPE), snapshots.rows
    for words in groups.words:
        numbers = list(groups.selected([other == words for other in groups.words]))
        ids = [rows[number].resource_id for number in numbers]
        yield sources.list_of(words[0] if words else ""), numbers, ids


def _cause(listed: SourceList | None) -> Cause:
    return SOURCE_MISSING if listed is None or not listed.problem else Cause(listed.problem, unread=True)


def in_states(verdict_of: Callable[[SourceState], bool | None], snapshots: Snapshots, sources: Sources) -> Verdicts:
    """Return the verdicts for all rows, given that for each state of a source."""
    found = _Found(len(snapshots))
    for listed, numbers, ids in _each_type(snapshots, sources):
        names = {} if listed is None else listed.names
        exists = [row_id in names for row_id in ids]
        found.add(verdict_of(SourceState.EXISTS), SOURCE_MISSING, compress(numbers, exists))
        without = [row_id is None or listed is None for row_id in ids]
        found.add(verdict_of(SourceState.UNKNOWN), SOURCE_MISSING, compress(numbers, without))
        others = [not one and not other for one, other in zip(exists, without, strict=True)]
        state = SourceState.UNKNOWN if listed is not None and listed.problem else SourceState.GONE
        found.add(verdict_of(state), _cause(listed), compress(numbers, others))
    return found.verdicts()


def of_source(term: FieldTerm, snapshots: Snapshots, sources: Sources) -> Verdicts:
    """Return the verdicts for all rows on `source:`, which is compared with ids and names."""
    tests = [tester(Field.SOURCE, value) for value in term.values]
    only_ids = all(map(is_source_id, term.values))
    absent = asks_for_absent(term) or None
    found = _Found(len(snapshots))
    for listed, numbers, ids in _each_type(snapshots, sources):
        names = {} if listed is None else listed.names
        fitting = {row_id for row_id in set(ids) if row_id is not None and any(test(row_id) for test in tests)}
        fitting |= {row_id for row_id, name in names.items() if any(test(name) for test in tests)}
        found.add(True, SOURCE_MISSING, compress(numbers, [row_id in fitting for row_id in ids]))
        found.add(absent, SOURCE_MISSING, compress(numbers, [row_id is None for row_id in ids]))
        if not only_ids and (listed is None or listed.problem):
            nameless = [row_id is not None and row_id not in fitting and row_id not in names for row_id in ids]
            found.add(None, _cause(listed), compress(numbers, nameless))
    return found.verdicts()
