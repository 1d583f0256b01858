import pytest

from snaptui.deletion.rule_problems import rule_problems
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext, parse


def row(row_id: str, tags: tuple[str, ...] | None = ("web",)) -> Snapshot:
    return Snapshot(row_id, f"vol-{row_id}", None, 1.0, ("nyc1",), 1, 1.0, "7", "volume", tags)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("tag:kepe", ("protect tag:kepe matches nothing",)),
        ("type:volume and name:db", ("protect type:volume name:db matches nothing",)),
        ("tag:web", ()),
        ("name:vol and type:volume", ()),
        ("is:orphan", ("protect is:orphan: 2 of 2 could not be judged: not read yet",)),
    ],
)
def test_a_rule_that_protects_nothing_is_said(rule: str, said: tuple[str, ...]) -> None:
    snapshots = Snapshots([row("1"), row("2")])
    assert rule_problems([parse(rule)], snapshots, QueryContext(0.0, places=snapshots.places)).lines == said


def test_a_rule_that_cannot_be_judged_says_why_and_an_empty_list_says_nothing() -> None:
    snapshots = Snapshots([row("1", None), row("2", None)])
    (said,) = rule_problems([parse("tag:keep")], snapshots, QueryContext(0.0)).unjudged
    assert "2 of 2 could not be judged: tags cannot be read (the token needs tag:read)" in said
    assert rule_problems([parse("tag:keep")], Snapshots(), QueryContext(0.0)).lines == ()


def test_rules_that_cannot_be_judged_come_first() -> None:
    snapshots = Snapshots([row("1", None)])
    first, second = rule_problems([parse("name:db"), parse("tag:keep")], snapshots, QueryContext(0.0)).lines
    assert first.startswith("protect tag:keep: ")
    assert second == "protect name:db matches nothing"
