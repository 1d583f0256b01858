"""What a reviewer should know of each snapshot before it is deleted."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState

YOUNG_SECONDS: Final = 86_400
_ALIKE: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "|": "l", "_": "-"})


def warnings_for(
    items: Sequence[Snapshot],
    snapshots: Snapshots,
    sources: Sources,
    autoscale_images: Collection[str] | None,
    now: float,
) -> Mapping[str, tuple[str, ...]]:
    """Return the warnings by id, gravest first; `autoscale_images` is `None` when they could not be read."""
    doomed = {snapshot.id for snapshot in items}
    alike = _lookalikes(snapshots)
    found: dict[str, tuple[str, ...]] = {}
    for snapshot in items:
        texts = [
            *_copies(snapshot, snapshots, sources, doomed),
            *_use(snapshot, autoscale_images),
            *_looks(snapshot, alike, doomed),
            *_age(snapshot, now),
        ]
        if texts:
            found[snapshot.id] = tuple(texts)
    return found


def _copies(snapshot: Snapshot, snapshots: Snapshots, sources: Sources, doomed: Collection[str]) -> Iterable[str]:
    siblings = snapshots.siblings(snapshot)
    left = [other for other in siblings if other.id not in doomed]
    if not siblings:
        yield "its source or date is not known, so it may be the last copy"
        return
    if not left:
        gone = sources.state_of(snapshot) is SourceState.GONE
        only = "the only snapshot" if len(siblings) == 1 else f"one of all {len(siblings)} snapshots"
        yield f"LAST COPY: its source is gone, and this is {only} of it" if gone else f"{only} of its source"
    elif siblings[0].id == snapshot.id:
        yield "the newest snapshot of its source"


def _use(snapshot: Snapshot, autoscale_images: Collection[str] | None) -> Iterable[str]:
    if autoscale_images is not None and snapshot.id in autoscale_images:
        yield "an autoscale pool starts droplets from it"
    if snapshot.is_csi:
        yield "it belongs to a Kubernetes cluster, whose VolumeSnapshotContent would break"


def _looks(snapshot: Snapshot, alike: Mapping[str, Sequence[Snapshot]], doomed: Collection[str]) -> Iterable[str]:
    others = [o for o in alike.get(skeleton(snapshot.name), ()) if o.id != snapshot.id and o.id not in doomed]
    if others:
        same = "has the same name" if others[0].name == snapshot.name else "has a name that looks like it"
        yield f"another snapshot, {others[0].id}, {same}"


def _age(snapshot: Snapshot, now: float) -> Iterable[str]:
    if snapshot.created is None:
        yield "its age is not known"
    elif now - snapshot.created < YOUNG_SECONDS:
        yield "it was created less than a day ago"


def skeleton(name: str) -> str:
    """Return a name with what looks alike made the same."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "CM").translate(_ALIKE)


def _lookalikes(snapshots: Snapshots) -> Mapping[str, Sequence[Snapshot]]:
    groups: dict[str, list[Snapshot]] = {}
    for snapshot in snapshots:
        groups.setdefault(skeleton(snapshot.name), []).append(snapshot)
    return {key: group for key, group in groups.items() if len(group) > 1}
