"""Rows by the state of their source: what cannot be told has its cause, and is never gone."""

from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.source_states import SourceStates
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Resource, SourceList, Sources, SourceState
from snaptui.query.causes import SOURCE_MISSING, Cause


def row(row_id: str, source: str | None, kind: str = "droplet") -> Snapshot:
    return Snapshot(row_id, row_id, None, 1.7e9, (), 1, 1.0, source, kind, ())


SNAPSHOTS = Snapshots(
    [row("a", "1"), row("b", "2"), row("c", None), row("d", "9", "volume"), row("e", "1"), row("f", "3", "moon")]
)


def states(sources: Sources) -> SourceStates:
    return SourceStates(SNAPSHOTS.rows, SNAPSHOTS.places.by_source, sources)


def ids(numbers: object) -> set[str]:
    assert hasattr(numbers, "__iter__")
    return {SNAPSHOTS.rows[number].id for number in numbers}


def listed(problem: str | None = None) -> Sources:
    droplets = SourceList.of([Resource("1", "web", None, (), None)], problem)
    return Sources(droplets, SourceList.of([], None))


def test_a_whole_list_tells_what_exists_and_what_is_gone() -> None:
    found = states(listed())
    assert ids(found.known[SourceState.EXISTS]) == {"a", "e"}
    assert ids(found.known[SourceState.GONE]) == {"b", "d"}
    assert ids(found.unknown[SOURCE_MISSING]) == {"c", "f"}
    assert [name for _, name in found.names] == ["web"]


def test_what_a_list_that_is_not_whole_does_not_have_is_unknown_with_its_reason() -> None:
    found = states(listed("droplets could not be read: HTTP 500"))
    assert ids(found.known[SourceState.EXISTS]) == {"a", "e"}
    assert ids(found.known[SourceState.GONE]) == {"d"}
    assert ids(found.unknown[Cause("droplets could not be read: HTTP 500", unread=True)]) == {"b"}
    assert ids(found.unknown[SOURCE_MISSING]) == {"c", "f"}
