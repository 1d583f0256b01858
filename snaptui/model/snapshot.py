"""One snapshot, as the API answered it."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import msgspec

DROPLET: Final = "droplet"
VOLUME: Final = "volume"
CSI_TAG_PREFIX: Final = "k8s:"
LARGEST_GIGABYTES: Final = 1e12
"""Bound of a size that can be believed, a zettabyte: whatever number of such sizes still adds up."""
_DAY_SECONDS: Final = 86_400
_TWO_DIGITS: Final = tuple(f"{number:02d}" for number in range(60))
_CLUSTER_NAME: Final = re.compile(
    r"(?:snapshot|snapcontent|pvc|velero|ark)-(?:[a-z0-9.-]+-)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z"
)


class Snapshot(msgspec.Struct, frozen=True, gc=False):
    """A snapshot with the API's own field names; `None` means that the API did not say.

    The record holds only atoms and tuples of atoms, so that the garbage collector need not walk it.
    `created` is the moment that the API's `created_at` names, in Unix seconds (`None`: unknown age).
    `tags` is `None` when the token may not read tags, which is not the same as having none.
    `damage` says what is wrong with a row that does not have the documented shape: it is never deleted.
    Source: `GET /v2/snapshots`.
    """

    id: str
    name: str
    written: str | None
    """The API's `created_at` where `created` does not tell it: 100,000 texts of one form would cost 8 MB."""
    created: float | None
    regions: tuple[str, ...]
    min_disk_size: int | None
    size_gigabytes: float | None
    resource_id: str | None
    resource_type: str
    tags: tuple[str, ...] | None
    damage: str | None = None

    def __post_init__(self) -> None:
        if self.written is not None and self.written == moment_text(self.created):
            msgspec.structs.force_setattr(self, "written", None)

    @property
    def created_at(self) -> str | None:
        """The creation date as the API sent it, letter for letter."""
        return moment_text(self.created) if self.written is None else self.written

    @property
    def is_csi(self) -> bool:
        """True for a volume snapshot that a Kubernetes cluster owns, by its tag `k8s:<cluster-id>` or its name.

        The CSI driver only sets the tag when it is told to; its names, and those of backup tools, end in a UUID.
        """
        if self.resource_type != VOLUME:
            return False
        return bool(_CLUSTER_NAME.match(self.name)) or any(tag.startswith(CSI_TAG_PREFIX) for tag in self.tags or ())

    @property
    def month(self) -> str | None:
        """The month it was created in, in UTC, `2024-02`; `None` when its date is not known."""
        return None if self.created is None else month_of(self.created)

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


def month_of(seconds: float) -> str | None:
    """Return the month, `2024-02` in UTC, of a moment in Unix seconds; `None` for one beyond all calendars."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m")
    except (ValueError, OverflowError, OSError):
        return None


def moment_text(seconds: float | None) -> str | None:
    """Return Unix seconds as the API writes them, `2024-02-29T10:00:00Z`; `None` for what it would not write so."""
    if seconds is None or seconds % 1:
        return None
    day, second = divmod(int(seconds), _DAY_SECONDS)
    date = _date(day)
    return None if date is None else f"{date}T{_minute(second // 60)}:{_TWO_DIGITS[second % 60]}Z"


# 100,000 snapshots are of a few thousand days: three times as fast as formatting each.
@lru_cache(maxsize=8_192)
def _date(day: int) -> str | None:
    try:
        return datetime.fromtimestamp(day * _DAY_SECONDS, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return None


@lru_cache(maxsize=1_440)
def _minute(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
