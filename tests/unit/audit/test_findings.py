"""Findings against the plain way of counting, and against what their queries select."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.audit.findings import Facts, Finding, Thresholds, findings
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.model.snapshot import VOLUME, Snapshot
from snaptui.model.sources import SourceList, Sources
from snaptui.query import QueryContext, parse
from tests.unit.audit.rows import NOW, SOURCES, lists, row

USUAL = Thresholds()
KNOWN = Sources(SourceList({"100": "web-1"}, None), SourceList({"200": "db"}, None))


def found(
    rows: list[Snapshot],
    sources: Sources = KNOWN,
    thresholds: Thresholds = USUAL,
    matching: RowSet | None = None,
) -> dict[str, Finding]:
    snapshots = Snapshots(rows)
    context = QueryContext(NOW, places=snapshots.places, sources=sources)
    facts = Facts(snapshots, RowSet.everything(len(rows)) if matching is None else matching, context, thresholds)
    return {finding.name: finding for finding in findings(facts)}


def rows_of(rows: list[Snapshot], query: str, sources: Sources = KNOWN) -> list[Snapshot]:
    snapshots = Snapshots(rows)
    selection = select(parse(query), snapshots, QueryContext(NOW, places=snapshots.places, sources=sources))
    return [snapshots.rows[number] for number in selection.matching]


@given(lists(), SOURCES)
def test_every_finding_counts_and_costs_what_its_query_selects(rows: list[Snapshot], sources: Sources) -> None:
    for finding in found(rows, sources).values():
        assert finding.totals == Totals.of(rows_of(rows, finding.query, sources)), finding.name


@given(lists(), SOURCES, st.data())
def test_findings_are_of_what_the_filter_shows(rows: list[Snapshot], sources: Sources, data: st.DataObject) -> None:
    flags = bytes(data.draw(st.lists(st.integers(0, 1), min_size=len(rows), max_size=len(rows))))
    shown = {one.id for one, here in zip(rows, flags, strict=True) if here}
    whole, part = found(rows, sources), found(rows, sources, matching=RowSet(flags))
    for name, finding in part.items():
        members = [one for one in rows_of(rows, whole[name].query, sources) if one.id in shown]
        assert finding.totals == Totals.of(members), name


def by_source(rows: list[Snapshot]) -> list[list[Snapshot]]:
    """The rows of each source, newest first, those without a date last."""
    groups: dict[tuple[str, str], list[Snapshot]] = {}
    for one in sorted(rows, key=lambda one: (one.created is None, -(one.created or 0), one.id)):
        if one.resource_id is not None:
            groups.setdefault((one.resource_type, one.resource_id), []).append(one)
    return list(groups.values())


@given(lists())
def test_of_each_day_of_a_source_all_but_the_newest_are_found(rows: list[Snapshot]) -> None:
    wanted = set()
    for members in by_source(rows):
        for one in members:
            newer = members[: members.index(one)]
            day = None if one.created is None else one.created // 86_400
            if day is not None and any(other.created is not None and other.created // 86_400 == day for other in newer):
                wanted.add(one.id)
    finding = found(rows)["same-day"]
    assert finding.query == "is:same-day"
    assert {one.id for one in rows_of(rows, finding.query)} == wanted


@given(lists())
def test_a_newest_one_is_swollen_beside_the_median_of_at_least_three_others(rows: list[Snapshot]) -> None:
    wanted = set()
    for newest, *others in by_source(rows):
        sizes = [one.size_gigabytes for one in others if one.size_gigabytes]
        known = all(one.size_gigabytes is not None and one.created is not None for one in others)
        enough = known and newest.created is not None and len(sizes) >= 3
        if enough and (newest.size_gigabytes or 0) / median(sizes) > 3:
            wanted.add(newest.id)
    assert {one.id for one in rows_of(rows, found(rows)["swollen"].query)} == wanted


def test_growth_is_told_of_each_against_those_that_were_there_before_it() -> None:
    sizes = {"1": 10, "2": 10, "3": 10, "4": 31, "5": 30.0, "6": 61}
    rows = [row(name, days=30 - int(name), size=size) for name, size in sizes.items()]
    assert {one.id for one in rows_of(rows, "growth>3")} == {"4", "6"}
    assert {one.id for one in rows_of(rows, "growth=1")} == {"1", "2", "3"}
    assert {one.id for one in rows_of(rows, "growth=3")} == {"5"}


@pytest.mark.parametrize(
    "other", [row("x", days=None), row("x", days=300, size=None)], ids=["an undated one", "one of unknown size"]
)
def test_what_is_usual_cannot_be_told_beside_what_is_not_known(other: Snapshot) -> None:
    rows = [*(row(str(number), days=number, size=10) for number in range(2, 8)), row("1", days=1, size=99), other]
    assert rows_of(rows, "growth>3") == []
    finding = found(rows)["swollen"]
    assert (finding.totals.count, finding.unjudged > 0, finding.made) == (0, True, False)


@pytest.mark.parametrize(
    ("count", "kind", "expected"), [(23, VOLUME, 0), (24, VOLUME, 24), (25, VOLUME, 25), (25, "droplet", 0)]
)
def test_a_volume_is_full_from_its_24th_snapshot(count: int, kind: str, expected: int) -> None:
    rows = [row(str(number), days=number, kind=kind) for number in range(1, count + 1)]
    assert found(rows)["full"].totals.count == expected


def test_thresholds_are_those_that_are_set() -> None:
    rows = [row(str(number), days=100 * number) for number in range(1, 6)]
    made = found(rows, thresholds=Thresholds(newest=1, old_days=250))
    assert (made["beyond"].totals.count, made["old"].totals.count) == (4, 3)
    assert made["beyond"].title == "beyond the newest 1 of their source"


@pytest.mark.parametrize("problem", ["403: needs droplet:read", "page 2 failed", "GPU droplets: 500"])
def test_without_whole_lists_of_sources_nothing_is_an_orphan_and_it_is_said(problem: str) -> None:
    partial = Sources(SourceList({"100": "web-1"}, problem), SourceList({}, problem))
    finding = found([row("1"), row("2", source="999"), row("3", source="998", kind=VOLUME)], partial)["orphans"]
    assert (finding.totals.count, finding.unjudged, finding.made) == (0, 2, False)
    assert problem in finding.problem


def test_orphans_among_volumes_are_found_also_when_droplets_cannot_be_read() -> None:
    partial = Sources(SourceList({}, "403"), SourceList({}, None))
    finding = found([row("1"), row("2", source="999", kind=VOLUME)], partial)["orphans"]
    assert (finding.totals.count, finding.unjudged, finding.made) == (1, 1, True)


def test_unreadable_tags_are_never_untagged() -> None:
    finding = found([row("1", tags=None), row("2", tags=None)])["untagged"]
    assert (finding.totals.count, finding.unjudged, finding.made) == (0, 2, False)
