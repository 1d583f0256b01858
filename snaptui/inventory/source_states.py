"""Rows by the state of their source: each source is looked up once for all of its snapshots."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.siblings import Siblings
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState
from snaptui.query.causes import SOURCE_MISSING, Cause


class SourceStates:
    """Sets of rows: `known` by state, `unknown` by the cause; every row is in one of them.

    `ids` are those of the sources, in the order of `by_source`'s groups; `names` are the known ones, by group.
    """

    def __init__(self, rows: Sequence[Snapshot], by_source: Siblings, sources: Sources) -> None:
        self.sources = sources
        firsts = [rows[number] for number in by_source.firsts]
        self.ids: list[str] = list(map(attrgetter("resource_id"), firsts))
        self.names: list[tuple[int, str]] = []
        types: list[str] = list(map(attrgetter("resource_type"), firsts))
        exists, gone, causes = bytearray(len(firsts)), bytearray(len(firsts)), dict[Cause, bytearray]()
        found: dict[str, tuple[Mapping[str, str], bytearray]] = {}
        for resource_type in dict.fromkeys(types):
            listed, cause = sources.list_of(resource_type), _cause(sources, resource_type)
            unlisted = gone if cause is None else causes.setdefault(cause, bytearray(len(firsts)))
            found[resource_type] = ({} if listed is None else listed.names, unlisted)
        for group, (source_type, source_id) in enumerate(zip(types, self.ids, strict=True)):
            names, unlisted = found[source_type]
            if source_id in names:
                exists[group] = 1
                self.names.append((group, names[source_id]))
            else:
                unlisted[group] = 1
        states = {SourceState.EXISTS: exists, SourceState.GONE: gone}
        self.known = {state: by_source.selected(bytes(flags)) for state, flags in states.items()}
        self.unknown = {cause: by_source.selected(bytes(flags)) for cause, flags in causes.items()}
        without = ~by_source.grouped
        if without:
            self.unknown[SOURCE_MISSING] = self.unknown.get(SOURCE_MISSING, RowSet(bytes(len(rows)))) | without


def _cause(sources: Sources, resource_type: str) -> Cause | None:
    """Return why it is not known whether sources of a type that are not listed exist; `None` for a whole list."""
    if sources.list_of(resource_type) is None:
        return SOURCE_MISSING
    problem = sources.problem_of(resource_type)
    return Cause(problem, unread=True) if problem else None
