"""Warnings: what a reviewer should know of each snapshot before it is deleted."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Self

from msgspec import Struct

from snaptui.deletion.copies import Copies
from snaptui.deletion.near_misses import NearMisses
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import Query

YOUNG_SECONDS: Final = 86_400
MOST_USERS: Final = 3
_CONTROLS: Final = (*range(0x20), 0x7F)
_ALIKE: Final = str.maketrans(
    {"0": "o", "1": "l", "i": "l", "5": "s", "|": "l", "_": "-"} | dict.fromkeys(map(chr, _CONTROLS))
)


class Users(Struct, frozen=True):
    """The names of droplets and autoscale pools by the id of the image that they were built from."""

    droplets: Mapping[str, Sequence[str]]
    pools: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, sources: Sources) -> Self:
        """Gather them from the lists, as far as these go."""
        return cls(
            _by_image((droplet.image_id, droplet.name) for droplet in sources.droplets.resources),
            _by_image((pool.image_id, pool.name) for pool in sources.pools.pools),
        )


def _by_image(named: Iterable[tuple[str | None, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for image_id, name in named:
        if image_id is not None:
            found.setdefault(image_id, []).append(name)
    return found


def warnings_for(
    items: Sequence[Snapshot],
    snapshots: Snapshots,
    sources: Sources,
    autoscale_images: Collection[str] | None,
    now: float,
    protect: Sequence[Query] = (),
) -> Mapping[str, tuple[str, ...]]:
    """Return the warnings by id, gravest first; `autoscale_images` is `None` when they could not be read.

    A tag that is nearly one that the rules of `protect` ask for is worth a word.
    """
    doomed = {snapshot.id for snapshot in items}
    copies, users = Copies(snapshots, sources, doomed), Users.of(sources)
    staying, nearly = _staying(snapshots, doomed), NearMisses(protect)
    found: dict[str, tuple[str, ...]] = {}
    for snapshot in items:
        texts = [
            *copies.warnings(snapshot),
            *_use(snapshot, users, autoscale_images),
            *_looks(snapshot, staying),
            *nearly.warnings(snapshot),
            *_age(snapshot, now, ahead=snapshots.is_ahead(snapshot)),
        ]
        if texts:
            found[snapshot.id] = tuple(texts)
    return found


def _use(snapshot: Snapshot, users: Users, autoscale_images: Collection[str] | None) -> Iterable[str]:
    if names := users.droplets.get(snapshot.id):
        more = f" and {len(names) - MOST_USERS:,} more" if len(names) > MOST_USERS else ""
        yield f"in use: {', '.join(names[:MOST_USERS])}{more} {'was' if len(names) == 1 else 'were'} built from it"
    if pools := users.pools.get(snapshot.id):
        yield f"in use: autoscale pool {', '.join(pools[:MOST_USERS])} starts droplets from it"
    elif autoscale_images is not None and snapshot.id in autoscale_images:
        yield "in use: an autoscale pool starts droplets from it"
    if snapshot.is_csi:
        yield "it belongs to a Kubernetes cluster, whose VolumeSnapshotContent would break"


def _looks(snapshot: Snapshot, staying: Mapping[str, Snapshot]) -> Iterable[str]:
    other = staying.get(skeleton(snapshot.name))
    if other is not None:
        same = "has the same name" if other.name == snapshot.name else "has a name that looks like it"
        yield f"another snapshot, {other.id}, {same}"


def _age(snapshot: Snapshot, now: float, *, ahead: bool) -> Iterable[str]:
    if snapshot.created is None:
        yield "its age is not known"
    elif ahead:
        yield "its age is not known: its date is in the future"
    elif now - snapshot.created < YOUNG_SECONDS:
        yield "it was created less than a day ago"


def skeleton(name: str) -> str:
    """Return a name with what looks alike made the same."""
    if name.isascii():
        return name.lower().translate(_ALIKE)
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] not in "CM").translate(_ALIKE)


def _staying(snapshots: Snapshots, doomed: Collection[str]) -> Mapping[str, Snapshot]:
    """Return the first snapshot that stays with each skeleton of a name."""
    found: dict[str, Snapshot] = {}
    for snapshot in snapshots:
        if snapshot.id not in doomed:
            found.setdefault(skeleton(snapshot.name), snapshot)
    return found
