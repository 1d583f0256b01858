"""Machines without snapshots: what is said, and what is never said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.audit.machines import Keeper, Machine, Uncovered, uncovered
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import VOLUME, Snapshot
from snaptui.model.sources import AutoscalePool, PoolList, Resource, SourceList, Sources
from tests.unit.audit.rows import DAY, NOW, SOURCES, lists, row

WHOLE = PoolList((), None)


def checked(
    rows: list[Snapshot], sources: Sources, *, complete: bool = True, stale_days: int = 7
) -> tuple[Uncovered, Uncovered]:
    return uncovered(Snapshots(rows), sources, complete=complete, now=NOW, stale_days=stale_days)


def droplets(*resources: Resource, pools: PoolList = WHOLE) -> Sources:
    return Sources(SourceList.of(resources, None), SourceList({}, None), pools)


def test_a_machine_without_a_snapshot_and_one_without_a_new_one_are_told_apart() -> None:
    sources = droplets(Resource("1", "a"), Resource("2", "b"), Resource("3", "c"))
    found, _ = checked([row("x", source="2", days=8), row("y", source="3", days=6.9)], sources)
    assert found.machines == (Machine("droplet", "1", "a", None), Machine("droplet", "2", "b", NOW - 8 * DAY))
    assert [one.name for one in found.without_snapshot(watched=False)] == ["a"]
    assert [one.name for one in found.stale(watched=False)] == ["b"]


def test_a_snapshot_of_a_volume_does_not_cover_the_droplet_with_its_id() -> None:
    found, _ = checked([row("x", source="1", kind=VOLUME)], droplets(Resource("1", "a")))
    assert [one.name for one in found.machines] == ["a"]


@pytest.mark.parametrize("problem", ["403: needs droplet:read", "page 2 failed", "GPU droplets: 500"])
def test_from_a_list_that_is_not_whole_no_machine_is_uncovered(problem: str) -> None:
    sources = Sources(SourceList({"1": "a"}, problem), SourceList({"2": "b"}, problem), WHOLE)
    for found in checked([], sources):
        assert (found.machines, found.problem) == ((), problem)


def test_from_an_incomplete_list_of_snapshots_no_machine_is_uncovered() -> None:
    found, _ = checked([], droplets(Resource("1", "a")), complete=False)
    assert found.machines == ()
    assert "incomplete" in found.problem


def test_what_programs_look_after_is_apart() -> None:
    pools = PoolList((AutoscalePool("p", "web"),), None)
    node = Resource("1", "pool-x", tags=("k8s:worker",))
    sources = droplets(node, Resource("2", "web-abc"), Resource("3", "db"), pools=pools)
    found, _ = checked([], sources)
    assert {one.name: one.keeper for one in found.machines} == {
        "pool-x": Keeper.KUBERNETES,
        "web-abc": Keeper.AUTOSCALE,
        "db": Keeper.PERSON,
    }
    assert [one.name for one in found.without_snapshot(watched=False)] == ["db"]


def test_volumes_of_kubernetes_are_known_by_their_names() -> None:
    volumes = SourceList.of([Resource("1", "pvc-123"), Resource("2", "data")], None)
    _, found = checked([], Sources(SourceList({}, None), volumes, WHOLE))
    assert [one.name for one in found.without_snapshot(watched=True)] == ["pvc-123"]


def test_a_machine_whose_snapshots_have_no_believable_date_is_no_alarm() -> None:
    rows = [row("x", source="1", days=None), row("y", source="2", days=-3)]
    found, _ = checked(rows, droplets(Resource("1", "a"), Resource("2", "b")))
    assert (found.machines, found.undated) == ((), 2)


def test_a_machine_with_an_old_snapshot_and_one_without_a_believable_date_is_not_said_to_lack_a_new_one() -> None:
    rows = [row("x", source="1", days=400), row("y", source="1", days=None), row("z", source="2", days=1)]
    rows += [row("z2", source="2", days=None), row("o", source="3", days=400), row("o2", source="3", days=-3)]
    found, _ = checked(rows, droplets(Resource("1", "a"), Resource("2", "b"), Resource("3", "c")))
    assert (found.machines, found.undated) == ((), 2)


@given(lists(), SOURCES, st.integers(1, 2_000))
def test_every_machine_is_covered_or_not_or_cannot_be_told(rows: list[Snapshot], sources: Sources, days: int) -> None:
    for found, listed in zip(checked(rows, sources, stale_days=days), (sources.droplets, sources.volumes), strict=True):
        own = [one for one in rows if one.resource_type == found.kind]
        wanted = set()
        for machine_id in listed.names if listed.problem is None else ():
            dates = [one.created for one in own if one.resource_id == machine_id]
            believable = [date for date in dates if date is not None and date <= NOW]
            if all(date in believable and date < NOW - days * DAY for date in dates):
                wanted.add(machine_id)
        assert {one.id for one in found.machines} == wanted


def test_a_clock_of_the_server_that_is_far_behind_does_not_make_a_snapshot_an_old_one() -> None:
    rows = [row("old", source="1", days=600), row("new", source="1", days=1)]
    snapshots = Snapshots(rows).dated_by(NOW - 500 * DAY)
    found, _ = uncovered(snapshots, droplets(Resource("1", "a")), complete=True, now=NOW, stale_days=7)
    assert found.machines == ()


@given(lists(), st.sampled_from((None, NOW, NOW - 500 * DAY)))
def test_the_newest_snapshot_of_each_machine_is_the_one_found_by_looking_at_all(
    rows: list[Snapshot], clock: float | None
) -> None:
    machines = [Resource("100", "web"), Resource("101", "db"), Resource("103", "new")]
    snapshots = Snapshots(rows).dated_by(clock)
    found, _ = uncovered(snapshots, droplets(*machines), complete=True, now=NOW, stale_days=7)
    undated, listed = 0, []
    for machine in machines:
        moments = [one.created for one in rows if (one.resource_type, one.resource_id) == ("droplet", machine.id)]
        believed = [moment for moment in moments if moment is not None and moment <= NOW]
        newest = max(believed, default=None)
        if newest is None or newest < NOW - 7 * DAY:
            undated += len(believed) < len(moments)
            if len(believed) == len(moments):
                listed.append((machine.id, newest))
    assert sorted((one.id, one.newest or 0.0) for one in found.machines) == sorted((i, n or 0.0) for i, n in listed)
    assert found.undated == undated
