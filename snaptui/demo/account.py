"""A made-up account: pure data, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Final
from uuid import UUID

from snaptui.demo.names import HOSTILE, LOOKALIKES, REASONS, REGIONS, SERVERS, TAGS, VOLUMES

Row = dict[str, object]
DEFAULT_SNAPSHOTS: Final = 240
DEFAULT_SEED: Final = 7
DAY_SECONDS: Final = 86_400.0
NIGHTLIES: Final = 25


@dataclass
class DemoAccount:
    """What the server answers from. Rows have the API's own shape; the listing keeps their order.

    Each method is one step for other threads: what a test changes while a page is made is in it or not.
    """

    snapshots: dict[str, Row] = field(default_factory=dict)
    droplets: list[Row] = field(default_factory=list)
    gpu_droplets: list[Row] = field(default_factory=list)
    volumes: list[Row] = field(default_factory=list)
    autoscale_pools: list[Row] = field(default_factory=list)
    other_images: set[str] = field(default_factory=set)
    account: Row = field(default_factory=dict)
    _version: int = field(default=0, init=False, repr=False, compare=False)
    _listed: dict[str | None, list[Row]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _listed_version: tuple[int, int] = field(default=(-1, 0), init=False, repr=False, compare=False)

    @classmethod
    def generate(cls, *, now: float, snapshots: int = DEFAULT_SNAPSHOTS, seed: int = DEFAULT_SEED) -> "DemoAccount":
        """Make an account of so many snapshots, taken in the six years before `now` (Unix seconds)."""
        return _Generator(now, snapshots, seed).account()

    def rows(self, resource_type: str | None = None) -> list[Row]:
        """Return the snapshots of a type, or all, in the listing's order; made once per change."""
        # The version is read before the rows: a change in between makes the next call look again.
        version = (self._version, len(self.snapshots))
        if version != self._listed_version:
            self._listed = {None: list(self.snapshots.values())}
            self._listed_version = version
        listed = self._listed
        if resource_type not in listed:
            listed[resource_type] = [row for row in listed[None] if row["resource_type"] == resource_type]
        return listed[resource_type]

    def delete(self, snapshot_id: str) -> bool:
        """Remove a snapshot; false when there is none."""
        removed = self.snapshots.pop(snapshot_id, None) is not None
        self._version += 1
        return removed

    def add(self, row: Row, *, first: bool = False) -> None:
        """List one more snapshot, at the end or before all others."""
        added = {str(row["id"]): row}
        self.snapshots = added | self.snapshots | added if first else self.snapshots | added
        self._version += 1

    def change(self, snapshot_id: str, **fields: object) -> None:
        """Change fields of a snapshot under the user."""
        self.snapshots[snapshot_id].update(fields)
        self._version += 1

    def forget(self, snapshot_id: str, *names: str) -> None:
        """Leave fields out of a snapshot, as old API versions do."""
        row = self.snapshots[snapshot_id]
        self.snapshots[snapshot_id] = {name: value for name, value in row.items() if name not in names}
        self._version += 1


def moment(seconds: float) -> str:
    """Return Unix seconds as the API writes them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Generator:
    """Draws everything from one seeded source of chance."""

    def __init__(self, now: float, snapshots: int, seed: int) -> None:
        # Counted from midnight, so that an account stays the same all day.
        self._now = now - now % DAY_SECONDS
        self._wanted = snapshots
        self._random = random.Random(seed)
        self._account = DemoAccount(other_images={"7555620", "63663980"})
        self._next_id = 5_900_000

    def account(self) -> DemoAccount:
        account = self._account
        account.account = {
            "droplet_limit": 50,
            "floating_ip_limit": 5,
            "email": "ops@example.com",
            "name": "Demo Operator",
            "uuid": self._uuid(),
            "email_verified": True,
            "status": "active",
            "status_message": "",
            "team": {"uuid": self._uuid(), "name": "Acme Production"},
        }
        self._resources()
        rows = list(islice(self._rows(), self._wanted))
        self._random.shuffle(rows)
        account.snapshots = {str(row["id"]): row for row in rows}
        used = next((i for i, row in account.snapshots.items() if row["resource_type"] == "droplet"), None)
        if used is not None:
            account.autoscale_pools = [self._pool(used)]
        return account

    def _pool(self, image: str) -> Row:
        """Return an autoscale pool whose droplets are made from a snapshot."""
        made = moment(self._now - 90 * DAY_SECONDS)
        return {
            "id": self._uuid(),
            "name": "web-pool",
            "config": {"min_instances": 1, "max_instances": 5, "target_cpu_utilization": 0.6},
            "droplet_template": {"image": image, "region": "nyc3", "size": "s-1vcpu-1gb", "tags": ["web"]},
            "created_at": made,
            "updated_at": made,
            "status": "active",
            "active_resources_count": 1,
        }

    def _uuid(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _resources(self) -> None:
        pick, account = self._random.choice, self._account
        for number, name in enumerate(SERVERS * 3):
            region = {"slug": pick(REGIONS), "name": "somewhere"}
            droplet = {"id": 200_776_900 + number, "name": f"{name}-{number:02d}", "region": region, "status": "active"}
            (account.gpu_droplets if number % 13 == 5 else account.droplets).append(droplet)
        for number, name in enumerate(VOLUMES * 3):
            region = {"slug": pick(REGIONS), "name": "somewhere"}
            volume = {"id": self._uuid(), "name": f"{name}-{number:02d}", "region": region, "size_gigabytes": 100}
            account.volumes.append(volume)

    def _rows(self) -> Iterator[Row]:
        yield from self._nightlies()
        yield from (self._named(name) for name in HOSTILE)
        yield from (self._named(name) for pair in LOOKALIKES for name in pair)
        yield from self._csi()
        while True:
            yield self._droplet_snapshot() if self._random.random() < 0.6 else self._volume_snapshot()

    def _nightlies(self) -> Iterator[Row]:
        """Many snapshots of one volume: as many as a volume can have."""
        source = self._account.volumes[0]
        for night in range(NIGHTLIES):
            created = self._now - (night + 0.4) * DAY_SECONDS
            name = f"pg-data-nightly-{datetime.fromtimestamp(created, UTC):%Y-%m-%d}"
            yield self._volume_row(name, str(source["id"]), created, 42.0 + night * 0.37, ["nightly", "team:data"])

    def _csi(self) -> Iterator[Row]:
        """Volume snapshots that belong to a Kubernetes cluster."""
        cluster = self._uuid()
        for _ in range(8):
            volume = self._random.choice(self._account.volumes[1:])
            created = self._now - self._random.uniform(1, 300) * DAY_SECONDS
            tags = [f"k8s:{cluster}", "k8s"]
            yield self._volume_row(f"snapshot-{self._uuid()}", str(volume["id"]), created, self._size(20), tags)

    def _named(self, name: str) -> Row:
        return {**self._droplet_snapshot(), "name": name}

    def _size(self, typical: float) -> float:
        return round(min(300.0, max(0.1, self._random.lognormvariate(0, 0.9) * typical)), 2)

    def _created(self) -> float:
        # More of them are young than old, as in real accounts.
        return self._now - self._random.random() ** 2 * 6 * 365 * DAY_SECONDS - 3_600

    def _some_tags(self) -> list[str]:
        tags = self._random.sample(TAGS, self._random.choice((0, 1, 1, 2, 3)))
        return [*tags, self._random.choice(("keep", "protected"))] if self._random.random() < 0.05 else tags

    def _droplet_snapshot(self) -> Row:
        pick, created = self._random.choice, self._created()
        self._next_id += self._random.randint(3, 900)
        alive = self._random.random() < 0.7
        droplet = pick(pick((self._account.droplets, self._account.droplets, self._account.gpu_droplets)))
        base = str(droplet["name"]) if alive else f"{pick(SERVERS)}-old"
        stamp = f"{int(created * 1000)}" if self._random.random() < 0.5 else pick(REASONS)
        size = self._size(12)
        return {
            "id": str(self._next_id),
            "name": f"{base}-{stamp}",
            "created_at": moment(created),
            "regions": self._random.sample(REGIONS, pick((1, 1, 1, 2, 3))),
            "min_disk_size": pick((25, 50, 80, 160, 320)),
            "size_gigabytes": size,
            "resource_id": str(droplet["id"]) if alive else str(self._random.randint(10_000_000, 99_999_999)),
            "resource_type": "droplet",
            "tags": self._some_tags(),
        }

    def _volume_snapshot(self) -> Row:
        volume, created = self._random.choice(self._account.volumes[1:]), self._created()
        alive = self._random.random() < 0.75
        source = str(volume["id"]) if alive else self._uuid()
        name = f"{volume['name'] if alive else 'pvc-old'}-{datetime.fromtimestamp(created, UTC):%Y-%m-%d}"
        return self._volume_row(name, source, created, self._size(18), self._some_tags())

    def _volume_row(self, name: str, source: str, created: float, size: float, tags: list[str]) -> Row:
        return {
            "id": self._uuid(),
            "name": name,
            "created_at": moment(created),
            "regions": [self._random.choice(REGIONS)],
            "min_disk_size": self._random.choice((1, 10, 50, 100)),
            "size_gigabytes": round(size, 2),
            "resource_id": source,
            "resource_type": "volume",
            "tags": tags,
        }
