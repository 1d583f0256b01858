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

    `ids` and `types` are those of each source, in the order of `by_source`'s groups.
    """

    def __init__(self, rows: Sequence[Snapshot], by_source: Siblings, sources: Sources) -> None:
        self.sources = sources
        firsts = [rows[number] for number in by_source.firsts]
        self.ids: list[str] = list(map(attrgetter("resource_id"), firsts))
        self.types: list[str] = list(map(attrgetter("resource_type"), firsts))
        exists, gone, causes = bytearray(len(firsts)), bytearray(len(firsts)), dict[Cause, bytearray]()
        found: dict[str, tuple[Mapping[str, str], bytearray]] = {}
        for resource_type in dict.fromkeys(self.types):
            listed = sources.list_of(resource_type)
            whole = listed is not None and not listed.problem
            unlisted = gone if whole else causes.setdefault(cause_of(sources, resource_type), bytearray(len(firsts)))
            found[resource_type] = ({} if listed is None else listed.names, unlisted)
        for group, (source_type, source_id) in enumerate(zip(self.types, self.ids, strict=True)):
            names, unlisted = found[source_type]
            (exists if source_id in names else unlisted)[group] = 1
        self.known = {
            SourceState.EXISTS: by_source.selected(bytes(exists)),
            SourceState.GONE: by_source.selected(bytes(gone)),
        }
        self.unknown = {cause: by_source.selected(bytes(flags)) for cause, flags in causes.items()}
        without = ~by_source.grouped
        if without:
            self.unknown[SOURCE_MISSING] = self.unknown.get(SOURCE_MISSING, RowSet(bytes(len(rows)))) | without


def cause_of(sources: Sources, resource_type: str) -> Cause:
    """Return the cause for which the state or the name of a type's sources may not be known."""
    problem = sources.problem_of(resource_type)
    return Cause(problem, unread=True) if problem else SOURCE_MISSING
