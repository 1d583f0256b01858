"""Records that came from another process share again what many of them have in common."""

from collections.abc import Iterable
from sys import intern

from msgspec.structs import force_setattr

from snaptui.model.snapshot import Snapshot


class Sharing:
    """Keeps one copy of every set of regions, set of tags, resource type and source."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sources: dict[str, str] = {}

    def share(self, rows: Iterable[Snapshot]) -> None:
        """Let fresh records, which nobody else has yet, refer to the copies."""
        for row in rows:
            force_setattr(row, "resource_type", intern(row.resource_type))
            force_setattr(row, "regions", self._copy(row.regions))
            if row.tags is not None:
                force_setattr(row, "tags", self._copy(row.tags))
            if row.resource_id is not None:
                force_setattr(row, "resource_id", self._sources.setdefault(row.resource_id, row.resource_id))

    def _copy(self, words: tuple[str, ...]) -> tuple[str, ...]:
        copy = self._words.get(words)
        if copy is None:
            copy = self._words[words] = tuple(map(intern, words))
        return copy
