"""Sources: the droplets and volumes that snapshots were taken of, and the autoscale pools that use snapshots."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct, field

from snaptui.model.snapshot import DROPLET, VOLUME, Snapshot

KUBERNETES_TAG: Final = "k8s"
KUBERNETES_VOLUME_PREFIX: Final = "pvc-"


class SourceState(StrEnum):
    """State of a snapshot's source: it exists, is gone, or is unknown. Only a complete list can say `GONE`."""

    EXISTS = "exists"
    GONE = "gone"
    UNKNOWN = "unknown"


class Resource(Struct, frozen=True, gc=False):
    """A droplet or volume. `created` is in Unix seconds; `None` means that the API did not say.

    `image_id` is the image that a droplet was built from, which may be a snapshot.
    """

    id: str
    name: str
    created: float | None = None
    tags: tuple[str, ...] | None = None
    image_id: str | None = None

    @property
    def is_kubernetes(self) -> bool:
        """True for a node or volume that a Kubernetes cluster manages, by its tag `k8s` or `k8s:…` or a `pvc-` name."""
        tags = self.tags or ()
        return self.name.startswith(KUBERNETES_VOLUME_PREFIX) or any(
            tag == KUBERNETES_TAG or tag.startswith(f"{KUBERNETES_TAG}:") for tag in tags
        )


class AutoscalePool(Struct, frozen=True, gc=False):
    """An autoscale pool: its droplets are called after it or `droplet_name`, and are built from `image_id`."""

    id: str
    name: str
    droplet_name: str | None = None
    image_id: str | None = None

    def owns(self, droplet: Resource) -> bool:
        """Return whether a droplet is named as the pool's droplets are, `NAME` or `NAME-…`."""
        names = [name for name in (self.name, self.droplet_name) if name]
        return any(droplet.name == name or droplet.name.startswith(f"{name}-") for name in names)


class SourceList(Struct, frozen=True):
    """List of the account's droplets or of its volumes: `names` by id, `resources` with all that is known of each.

    `problem` says why the list may not be whole; it is `None` for a whole one.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = "not read yet"
    resources: tuple[Resource, ...] = ()

    @classmethod
    def of(cls, resources: Iterable[Resource], problem: str | None) -> "SourceList":
        """Return the list of these resources."""
        listed = tuple(resources)
        return cls({resource.id: resource.name for resource in listed}, problem, listed)


class PoolList(Struct, frozen=True):
    """List of the autoscale pools; `problem` says why it may not be whole, and is `None` for a whole one."""

    pools: tuple[AutoscalePool, ...] = ()
    problem: str | None = "not read yet"


class Sources(Struct, frozen=True):
    """All droplets (GPU droplets included), volumes and autoscale pools of the account."""

    droplets: SourceList = SourceList()
    volumes: SourceList = SourceList()
    pools: PoolList = PoolList()

    def list_of(self, resource_type: str) -> SourceList | None:
        """Return the list of a type's resources; `None` for a type that is not known."""
        return {DROPLET: self.droplets, VOLUME: self.volumes}.get(resource_type)

    def state_of(self, snapshot: Snapshot) -> SourceState:
        """Return whether the snapshot's source exists, is gone, or cannot be told."""
        listed = self.list_of(snapshot.resource_type)
        if listed is None or snapshot.resource_id is None:
            return SourceState.UNKNOWN
        if snapshot.resource_id in listed.names:
            return SourceState.EXISTS
        return SourceState.UNKNOWN if listed.problem else SourceState.GONE

    def name_of(self, snapshot: Snapshot) -> str | None:
        """Return the name of the snapshot's source where it is known."""
        listed = self.list_of(snapshot.resource_type)
        return None if listed is None or snapshot.resource_id is None else listed.names.get(snapshot.resource_id)

    def problem_for(self, snapshot: Snapshot) -> str | None:
        """Return the reason why it cannot be told whether a source of this type exists; `None` when it can."""
        if self.list_of(snapshot.resource_type) is None:
            return "its resource type is not known"
        return self.problem_of(snapshot.resource_type)

    def problem_of(self, resource_type: str) -> str | None:
        """Return the reason why the list of this type may not be whole; `None` for a whole list, or for no list."""
        listed = self.list_of(resource_type)
        return None if listed is None else listed.problem
