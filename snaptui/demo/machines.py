"""Machines of the demo account: droplets, volumes and an autoscale pool, some without snapshots, some of a cluster."""

import random
from typing import Final
from uuid import UUID

from snaptui.demo import resources
from snaptui.demo.account import DemoAccount
from snaptui.demo.names import PACKER_IMAGES, REGIONS, SERVERS, UNSAVED_SERVERS, UNSAVED_VOLUMES, VOLUMES
from snaptui.demo.resources import GPU_SIZE, SIZES, Row

DAY_SECONDS: Final = 86_400.0
OLDEST_DAYS: Final = 6 * 365


def uuid_by(chance: random.Random) -> str:
    """Return a random UUID that depends on the seed alone."""
    return str(UUID(int=chance.getrandbits(128), version=4))


class Machines:
    """Generator of machines; `droplets`, `volumes` and `cluster_volumes` are those that snapshots are taken of.

    `now` is in Unix seconds, `cluster` the id of a Kubernetes cluster.
    """

    def __init__(self, account: DemoAccount, now: float, chance: random.Random, cluster: str) -> None:
        self._account = account
        self._now = now
        self._random = chance
        self._cluster = cluster
        self.droplets: list[Row] = []
        self.volumes: list[Row] = []
        self.cluster_volumes: list[Row] = []

    def add_droplets(self) -> None:
        """Add droplets, with those of a cluster, of an autoscale pool, and some without snapshots."""
        names = [f"{name}-{number}" for number in range(1, 4) for name in SERVERS]
        for number, name in enumerate(names):
            gpu = number % 13 == 5
            droplet = self._droplet(name, SIZES.index(GPU_SIZE) if gpu else number % 3, ["env:prod"])
            (self._account.gpu_droplets if gpu else self._account.droplets).append(droplet)
            self.droplets.append(droplet)
        cluster = ["k8s", f"k8s:{self._cluster}", "k8s:worker"]
        others = [(name, ["env:prod"]) for name in UNSAVED_SERVERS]
        others += [(f"main-pool-{suffix}", cluster) for suffix in ("3xq0r", "3xq0w", "3xq1a")]
        others += [(f"web-pool-{suffix}", ["web"]) for suffix in ("a1", "b2")]
        for name, tags in others:
            self._account.droplets.append(self._droplet(name, 1, tags))

    def _droplet(self, name: str, size: int, tags: list[str]) -> Row:
        number = len(self._account.droplets) + len(self._account.gpu_droplets)
        created = self._now - (30 + self._random.random() * OLDEST_DAYS) * DAY_SECONDS
        return resources.droplet(number, name, self._random.choice(REGIONS), size, created, tags)

    def add_volumes(self) -> None:
        """Add volumes, with those of a cluster and some without snapshots."""
        names = [f"{name}-{number}" if number > 1 else name for number in range(1, 4) for name in VOLUMES]
        self.volumes = [self._volume(name, ["env:prod"]) for name in names]
        self.cluster_volumes = [
            self._volume(f"pvc-{uuid_by(self._random)}", [f"k8s:{self._cluster}"]) for _ in range(3)
        ]
        unsaved = [self._volume(name, ["env:staging"]) for name in UNSAVED_VOLUMES]
        self._account.volumes = [*self.volumes, *self.cluster_volumes, *unsaved]

    def _volume(self, name: str, tags: list[str]) -> Row:
        created = self._now - (30 + self._random.random() * OLDEST_DAYS) * DAY_SECONDS
        return resources.volume(uuid_by(self._random), name, self._random.choice(REGIONS), created, tags)

    def use_images(self, rows: list[Row]) -> None:
        """Mark droplets and a pool as built from the newest images of the builder, or from any droplet snapshot."""
        images = [row for row in rows if row["resource_type"] == "droplet"]
        images.sort(key=lambda row: (str(row["name"]).startswith(PACKER_IMAGES[0][0]), str(row["created_at"])))
        if not images:
            return
        used = images[-1]
        for droplet in self._account.droplets:
            if str(droplet["name"]).startswith("web-"):
                droplet["image"] = resources.snapshot_image(used)
        made = self._now - 90 * DAY_SECONDS
        pool = resources.autoscale_pool(uuid_by(self._random), "web-pool", str(used["id"]), "nyc3", made)
        self._account.autoscale_pools = [pool]
