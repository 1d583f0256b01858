"""Machines without snapshots: droplets and volumes that exist and have none, or none that is new enough."""

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Self

from msgspec import Struct

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import DROPLET, VOLUME
from snaptui.model.sources import PoolList, Resource, SourceList, Sources

_DAY = 86_400.0


class Keeper(StrEnum):
    """Keeper of a machine: a person, or a program that would make it anew."""

    PERSON = "person"
    KUBERNETES = "Kubernetes"
    AUTOSCALE = "autoscale pool"


class Machine(Struct, frozen=True, gc=False):
    """A droplet or volume, and its newest snapshot in Unix seconds; `None`: it has no snapshot."""

    kind: str
    id: str
    name: str
    newest: float | None
    keeper: Keeper = Keeper.PERSON


class Uncovered(Struct, frozen=True):
    """The machines of one kind without a snapshot, or without a new one; with a `problem` that cannot be told.

    `undated` counts those that may have a new one, as a date of their snapshots is not known; `of` all that exist.
    """

    kind: str
    machines: tuple[Machine, ...] = ()
    problem: str = ""
    undated: int = 0
    of: int = 0

    def without_snapshot(self, *, watched: bool) -> tuple[Machine, ...]:
        """Return those with no snapshot at all: of people, or else those that a program looks after."""
        return self._of(watched, stale=False)

    def stale(self, *, watched: bool) -> tuple[Machine, ...]:
        """Return those whose newest snapshot is too old."""
        return self._of(watched, stale=True)

    def _of(self, watched: bool, *, stale: bool) -> tuple[Machine, ...]:
        return tuple(
            machine
            for machine in self.machines
            if (machine.keeper is not Keeper.PERSON) is watched and (machine.newest is not None) is stale
        )


def uncovered(
    snapshots: Snapshots, sources: Sources, *, complete: bool, now: float, stale_days: int
) -> tuple[Uncovered, Uncovered]:
    """Return the droplets and the volumes that are not covered; `complete` is false when snapshots may be missing.

    "No snapshot" is all that is claimed: DigitalOcean's backups are a thing of their own.
    """
    taken = _Taken.of(snapshots, complete=complete, now=now, stale_days=stale_days)
    return (
        _of_kind(DROPLET, sources.droplets, taken, sources.pools),
        _of_kind(VOLUME, sources.volumes, taken, sources.pools),
    )


class _Taken(Struct, frozen=True):
    """Newest snapshot of each source, in Unix seconds, and the sources for which it cannot be told."""

    newest: Mapping[tuple[str, str | None], float]
    undated: frozenset[tuple[str, str | None]]
    limit: float
    problem: str = ""

    @classmethod
    def of(cls, snapshots: Snapshots, *, complete: bool, now: float, stale_days: int) -> Self:
        newest: dict[tuple[str, str | None], float] = {}
        undated: set[tuple[str, str | None]] = set()
        rows, moments, by_source = snapshots.rows, snapshots.indexes.moments, snapshots.places.by_source
        ahead = snapshots.indexes.after(min(now, snapshots.believed_until))
        doubtful = set(map(by_source.group_of, (*ahead, *snapshots.indexes.lacking("created"))))
        for group, numbers in enumerate(by_source):
            key = rows[numbers[0]].resource_type, rows[numbers[0]].resource_id
            if group not in doubtful:
                newest[key] = moments[numbers[0]]
                continue
            dated = [moment for moment in map(moments.__getitem__, numbers) if -inf < moment <= now]
            if len(dated) < len(numbers):
                undated.add(key)
            if dated:
                newest[key] = max(dated)
        problem = "" if complete else "the list of snapshots is incomplete"
        return cls(newest, frozenset(undated), now - stale_days * _DAY, problem)


def _of_kind(kind: str, listed: SourceList, taken: _Taken, pools: PoolList) -> Uncovered:
    problem = listed.problem or taken.problem
    if problem:
        return Uncovered(kind, problem=problem)
    known = {resource.id: resource for resource in listed.resources}
    machines: list[Machine] = []
    undated = 0
    for machine_id, name in listed.names.items():
        newest = taken.newest.get((kind, machine_id))
        if newest is not None and newest >= taken.limit:
            continue
        if (kind, machine_id) in taken.undated:
            undated += 1
        else:
            machines.append(Machine(kind, machine_id, name, newest, _keeper(known.get(machine_id), pools)))
    machines.sort(key=lambda machine: (machine.newest is not None, machine.newest or 0.0, machine.name, machine.id))
    return Uncovered(kind, tuple(machines), undated=undated, of=len(listed.names))


def _keeper(resource: Resource | None, pools: PoolList) -> Keeper:
    if resource is None:
        return Keeper.PERSON
    if resource.is_kubernetes:
        return Keeper.KUBERNETES
    return Keeper.AUTOSCALE if any(pool.owns(resource) for pool in pools.pools) else Keeper.PERSON
