"""Dates more than a day after the server's own are not believed."""

from snaptui.deletion.guards import Guards
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import Place, QueryContext, parse

SERVER_NOW = 1_700_000_000.0
DAY = 86_400.0
RULE = parse("is:latest")


def row(row_id: str, created: float, source: str = "7") -> Snapshot:
    return Snapshot(row_id, f"web-{row_id}", None, created, (), 1, 1.0, source, "droplet", ())


ROWS = [
    row("old", SERVER_NOW - 9 * DAY),
    row("newest", SERVER_NOW - DAY),
    row("ahead", SERVER_NOW + 2 * DAY),
    row("other-old", SERVER_NOW - 5 * DAY, "8"),
    row("other-new", SERVER_NOW + DAY / 2, "8"),
]


def test_a_date_far_ahead_is_never_the_latest_and_protects_its_source() -> None:
    snapshots = Snapshots(ROWS).dated_by(SERVER_NOW)
    context = QueryContext(0.0, places=snapshots.places)
    matching = select(RULE, snapshots, context).matching
    assert {snapshots.rows[number].id for number in matching} == {"newest", "other-new"}
    refusal = Guards(protect=(RULE,)).judge(context)
    assert [found.id for found in snapshots if refusal(found) is None] == ["other-old"]
    assert [found.id for found in snapshots if snapshots.is_ahead(found)] == ["ahead"]
    assert snapshots.places.source_place(ROWS[2]) == Place(None, 3, doubtful=True)
    assert snapshots.places.source_place(ROWS[1]) == Place(1, 3, doubtful=True)


def test_without_the_servers_clock_every_date_is_believed() -> None:
    snapshots = Snapshots(ROWS)
    assert snapshots.dated_by(None) is snapshots
    assert snapshots.places.source_place(ROWS[2]) == Place(1, 3)


def test_a_clock_that_changes_nothing_leaves_the_list_as_it_is_and_rows_that_come_are_judged_by_it() -> None:
    snapshots = Snapshots(ROWS[:2])
    assert snapshots.dated_by(SERVER_NOW) is snapshots
    later = snapshots.merged([ROWS[2]]).dated_by(SERVER_NOW)
    assert later.is_ahead(ROWS[2])
    assert later.merged([ROWS[3]]).is_ahead(ROWS[2])
    assert not later.dated_by(SERVER_NOW + 2 * DAY).is_ahead(ROWS[2])
