"""Demo account: the data from which the demo server answers."""

from dataclasses import dataclass, field

from snaptui.demo.resources import Row


@dataclass
class DemoAccount:
    """Data of one account: snapshots, droplets, volumes, pools; rows have the API's shape and the order of the listing.

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
        """Remove a snapshot; returns false when there is none with this id."""
        removed = self.snapshots.pop(snapshot_id, None) is not None
        self._version += 1
        return removed

    def add(self, row: Row, *, first: bool = False) -> None:
        """List one more snapshot, at the end or before all others."""
        added = {str(row["id"]): row}
        self.snapshots = added | self.snapshots | added if first else self.snapshots | added
        self._version += 1

    def change(self, snapshot_id: str, **fields: object) -> None:
        """Change fields of a snapshot, as another user of the account could."""
        self.snapshots[snapshot_id].update(fields)
        self._version += 1

    def forget(self, snapshot_id: str, *names: str) -> None:
        """Leave fields out of a snapshot, as old API versions do."""
        row = self.snapshots[snapshot_id]
        self.snapshots[snapshot_id] = {name: value for name, value in row.items() if name not in names}
        self._version += 1
