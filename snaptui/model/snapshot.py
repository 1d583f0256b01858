"""One snapshot, as the API answered it."""

from typing import Final

import msgspec

DROPLET: Final = "droplet"
VOLUME: Final = "volume"
CSI_TAG_PREFIX: Final = "k8s:"


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """A snapshot with the API's own field names; `None` means that the API did not say.

    The record holds only atoms and tuples of atoms, so that the garbage collector need not walk it.
    `created_at` is the text the API sent and `created` that moment in Unix seconds (`None`: unknown age).
    `tags` is `None` when the token may not read tags, which is not the same as having none.
    `damage` says what is wrong with a row that does not have the documented shape: it is never deleted.
    Source: `GET /v2/snapshots`.
    """

    id: str
    name: str
    created_at: str | None
    created: float | None
    regions: tuple[str, ...]
    min_disk_size: int | None
    size_gigabytes: float | None
    resource_id: str | None
    resource_type: str
    tags: tuple[str, ...] | None
    damage: str | None = None

    @property
    def is_csi(self) -> bool:
        """True for a volume snapshot that a Kubernetes cluster owns: its tag is `k8s:<cluster-id>`."""
        return self.resource_type == VOLUME and any(t.startswith(CSI_TAG_PREFIX) for t in self.tags or ())

    def to_json(self) -> dict[str, object]:
        """Return the API's nine fields under the API's names, ready for a JSON encoder."""
        return {
            "id": self.id,
            "name": self.name,
            "created_at": self.created_at,
            "regions": list(self.regions),
            "min_disk_size": self.min_disk_size,
            "size_gigabytes": self.size_gigabytes,
            "resource_id": self.resource_id,
            "resource_type": self.resource_type,
            "tags": None if self.tags is None else list(self.tags),
        }
