import pytest

from snaptui.inventory.rules import idle_rules
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext, parse


def row(row_id: str, tags: tuple[str, ...] | None = ("web",)) -> Snapshot:
    return Snapshot(row_id, f"vol-{row_id}", None, 1.0, ("nyc1",), 1, 1.0, "7", "volume", tags)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("tag:kepe", ["protect tag:kepe: matches none of 2 snapshots"]),
        ("type:volume and name:db", ["protect type:volume name:db: matches none of 2 snapshots"]),
        ("tag:web", []),
        ("name:vol and type:volume", []),
        ("is:orphan", ["protect is:orphan: 2 of 2 could not be judged: not read yet; these are protected"]),
    ],
)
def test_a_rule_that_protects_nothing_is_said(rule: str, said: list[str]) -> None:
    snapshots = Snapshots([row("1"), row("2")])
    found = list(idle_rules([parse(rule)], snapshots, QueryContext(0.0, places=snapshots)))
    assert found == said


def test_a_rule_that_cannot_be_judged_says_why_and_an_empty_list_says_nothing() -> None:
    snapshots = Snapshots([row("1", None), row("2", None)])
    (said,) = idle_rules([parse("tag:keep")], snapshots, QueryContext(0.0))
    assert "2 of 2 could not be judged: tags cannot be read (the token needs tag:read)" in said
    assert list(idle_rules([parse("tag:keep")], Snapshots(), QueryContext(0.0))) == []
