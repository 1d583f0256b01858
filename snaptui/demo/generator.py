"""Generator of the demo account: a small company's, whose dearest snapshots have names that explain them.

There are nightly dumps, images of a builder, sources that are gone, a Kubernetes cluster, an autoscale pool, protected
snapshots, machines that nobody saves, and, small and cheap, names that are hostile to terminals and readers.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from snaptui.demo.account import DemoAccount
from snaptui.demo.machines import DAY_SECONDS, OLDEST_DAYS, Machines, uuid_by
from snaptui.demo.names import (
    DEAREST,
    HOSTILE,
    LOOKALIKES,
    PACKER_IMAGES,
    REASONS,
    REGIONS,
    SERVERS,
    TAGS,
)
from snaptui.demo.resources import Row, moment

DEFAULT_SNAPSHOTS: Final = 240
DEFAULT_SEED: Final = 7
NIGHTLIES: Final = 25
"""Nightly snapshots of one volume: as many as a volume can have."""
CLUSTER_SNAPSHOTS: Final = 8
MOST_GIGABYTES: Final = 95.0
"""Bound of snapshots of no special meaning: those that have one are dearer."""


def generated_account(*, now: float, snapshots: int = DEFAULT_SNAPSHOTS, seed: int = DEFAULT_SEED) -> DemoAccount:
    """Make an account of so many snapshots, taken in the six years before `now` (Unix seconds)."""
    account = DemoAccount(other_images={"7555620", "63663980"})
    Generator(account, now, seed).fill(snapshots)
    return account


class Generator:
    """Generator of one account: all chance comes from one seed, so that the same seed makes the same account."""

    def __init__(self, account: DemoAccount, now: float, seed: int) -> None:
        # Counted from midnight, so that an account stays the same all day.
        self._now = now - now % DAY_SECONDS
        self._account = account
        self._random = random.Random(seed)
        self._next_id = 5_900_000
        self._cluster = uuid_by(self._random)
        self._machines = Machines(account, self._now, self._random, self._cluster)

    def fill(self, snapshots: int) -> None:
        """Add so many snapshots, the account itself, and what the snapshots were taken of."""
        account = self._account
        account.account = {
            "droplet_limit": 50,
            "floating_ip_limit": 5,
            "email": "ops@example.com",
            "name": "Demo Operator",
            "uuid": uuid_by(self._random),
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": uuid_by(self._random), "name": "Acme Production"},
        }
        self._machines.add_droplets()
        self._machines.add_volumes()
        rows = list(islice(self._rows(), snapshots))
        self._random.shuffle(rows)
        account.snapshots = {str(row["id"]): row for row in rows}
        self._machines.use_images(rows)

    def _rows(self) -> Iterator[Row]:
        yield from self._nightlies()
        yield from (self._named(name) for name in HOSTILE)
        yield from (self._named(name) for pair in LOOKALIKES for name in pair)
        yield from self._of_cluster()
        yield from self._dearest()
        yield from self._images_of_builder()
        while True:
            yield self._droplet_snapshot() if self._random.random() < 0.6 else self._volume_snapshot()

    def _nightlies(self) -> Iterator[Row]:
        """Yield the nightly snapshots of one volume."""
        source = self._machines.volumes[0]
        for night in range(NIGHTLIES):
            created = self._now - (night + 0.4) * DAY_SECONDS
            name = f"pg-data-nightly-{datetime.fromtimestamp(created, UTC):%Y-%m-%d}"
            yield self._volume_row(name, str(source["id"]), created, 42.0 + night * 0.37, ["nightly", "team:data"])

    def _named(self, name: str) -> Row:
        size = round(self._random.uniform(0.2, 1.9), 2)
        return {**self._droplet_snapshot(), "name": name, "size_gigabytes": size}

    def _of_cluster(self) -> Iterator[Row]:
        """Yield volume snapshots that belong to a Kubernetes cluster."""
        for _ in range(CLUSTER_SNAPSHOTS):
            volume = self._random.choice(self._machines.cluster_volumes)
            created = self._now - self._random.uniform(1, 300) * DAY_SECONDS
            tags = [f"k8s:{self._cluster}", "k8s"]
            yield self._volume_row(
                f"snapshot-{uuid_by(self._random)}", str(volume["id"]), created, self._size(20), tags
            )

    def _dearest(self) -> Iterator[Row]:
        for pattern, kind, size, days, gone, tags in DEAREST:
            created = self._now - (days + 0.3) * DAY_SECONDS
            name = pattern.format(date=f"{datetime.fromtimestamp(created, UTC):%Y-%m-%d}")
            if kind == "volume":
                source = uuid_by(self._random) if gone else self._source_of(name, self._machines.volumes[1:])
                yield self._volume_row(name, source, created, size, list(tags))
            else:
                source = self._gone_droplet() if gone else self._source_of(name, self._machines.droplets)
                yield self._droplet_row(name, source, created, size, list(tags))

    def _source_of(self, name: str, candidates: list[Row]) -> str:
        """Return the id of what a snapshot's name begins with, or of the first."""
        fitting = (source for source in candidates if name.startswith(str(source["name"])))
        return str(next(fitting, candidates[0])["id"])

    def _images_of_builder(self) -> Iterator[Row]:
        """Yield families of images, each image built by a droplet of its own that is gone."""
        for family, number in PACKER_IMAGES:
            for week in range(number):
                created = self._now - (7 * week + 2.6) * DAY_SECONDS
                size = 3.1 + self._random.random()
                yield self._droplet_row(f"{family}-{int(created)}", self._gone_droplet(), created, size, ["packer"])

    def _size(self, typical: float) -> float:
        size = MOST_GIGABYTES
        while size >= MOST_GIGABYTES:
            size = max(0.1, self._random.lognormvariate(0, 0.9) * typical)
        return size

    def _created(self) -> float:
        # More of them are young than old, as in real accounts.
        return self._now - self._random.random() ** 2 * OLDEST_DAYS * DAY_SECONDS - 3_600

    def _some_tags(self) -> list[str]:
        tags = self._random.sample(TAGS, self._random.choice((0, 1, 1, 2, 3)))
        return [*tags, self._random.choice(("keep", "protected"))] if self._random.random() < 0.05 else tags

    def _gone_droplet(self) -> str:
        return str(self._random.randint(10_000_000, 99_999_999))

    def _droplet_snapshot(self) -> Row:
        pick, created = self._random.choice, self._created()
        alive = self._random.random() < 0.7
        droplet = pick(self._machines.droplets)
        base = str(droplet["name"]) if alive else f"{pick(SERVERS)}-old"
        stamp = f"{int(created * 1000)}" if self._random.random() < 0.5 else pick(REASONS)
        source = str(droplet["id"]) if alive else self._gone_droplet()
        return self._droplet_row(f"{base}-{stamp}", source, created, self._size(12), self._some_tags())

    def _droplet_row(self, name: str, source: str, created: float, size: float, tags: list[str]) -> Row:
        pick = self._random.choice
        self._next_id += self._random.randint(3, 900)
        return {
            "id": str(self._next_id),
            "name": name,
            "created_at": moment(created),
            "regions": self._random.sample(REGIONS, pick((1, 1, 1, 2, 3))),
            "min_disk_size": pick((25, 50, 80, 160, 320)),
            "size_gigabytes": round(size, 2),
            "resource_id": source,
            "resource_type": "droplet",
            "tags": tags,
        }

    def _volume_snapshot(self) -> Row:
        volume, created = self._random.choice(self._machines.volumes[1:]), self._created()
        alive = self._random.random() < 0.75
        source = str(volume["id"]) if alive else uuid_by(self._random)
        name = f"{volume['name'] if alive else 'pvc-old'}-{datetime.fromtimestamp(created, UTC):%Y-%m-%d}"
        return self._volume_row(name, source, created, self._size(18), self._some_tags())

    def _volume_row(self, name: str, source: str, created: float, size: float, tags: list[str]) -> Row:
        return {
            "id": uuid_by(self._random),
            "name": name,
            "created_at": moment(created),
            "regions": [self._random.choice(REGIONS)],
            "min_disk_size": self._random.choice((1, 10, 50, 100)),
            "size_gigabytes": round(size, 2),
            "resource_id": source,
            "resource_type": "volume",
            "tags": tags,
        }
