"""The droplets and volumes that snapshots were taken of."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from snaptui.model.snapshot import DROPLET, VOLUME, Snapshot


class SourceState(StrEnum):
    """Whether a snapshot's source is still there. Only a complete list can say `GONE`."""

    EXISTS = "exists"
    GONE = "gone"
    UNKNOWN = "unknown"


class SourceList(Struct, frozen=True):
    """The names of one type's resources by id; `problem` says why the list may not be whole."""

    names: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = "not read yet"


class Sources(Struct, frozen=True):
    """All droplets (GPU droplets included) and all volumes of the account."""

    droplets: SourceList = SourceList()
    volumes: SourceList = SourceList()

    def _list_of(self, resource_type: str) -> SourceList | None:
        return {DROPLET: self.droplets, VOLUME: self.volumes}.get(resource_type)

    def state_of(self, snapshot: Snapshot) -> SourceState:
        """Return whether the snapshot's source exists, is gone, or cannot be told."""
        listed = self._list_of(snapshot.resource_type)
        if listed is None or snapshot.resource_id is None:
            return SourceState.UNKNOWN
        if snapshot.resource_id in listed.names:
            return SourceState.EXISTS
        return SourceState.UNKNOWN if listed.problem else SourceState.GONE

    def name_of(self, snapshot: Snapshot) -> str | None:
        """Return the name of the snapshot's source where it is known."""
        listed = self._list_of(snapshot.resource_type)
        return None if listed is None or snapshot.resource_id is None else listed.names.get(snapshot.resource_id)

    def problem_for(self, snapshot: Snapshot) -> str | None:
        """Return why a source of this type cannot be told to exist or to be gone."""
        listed = self._list_of(snapshot.resource_type)
        return "its resource type is not known" if listed is None else listed.problem
