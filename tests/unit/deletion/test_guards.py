import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.deletion.guards import Guards, difference
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext, parse

CONTEXT = QueryContext(now=1_700_000_000.0)
RULES = st.sampled_from(
    ["tag:keep", "-tag:keep", "tag:k*", "type:volume", "region:nyc1 tag:keep", "name:db", "age<30d", "size>5GB", "db"]
)
ROWS = st.builds(
    Snapshot,
    id=st.just("1"),
    name=st.sampled_from(["db-1", "web-1"]),
    written=st.none(),
    created=st.sampled_from([None, 1_600_000_000.0, 1_699_999_999.0]),
    regions=st.sampled_from([(), ("nyc1",), ("nyc1", "ams3")]),
    min_disk_size=st.none(),
    size_gigabytes=st.sampled_from([None, 1.0, 9.0]),
    resource_id=st.none(),
    resource_type=st.sampled_from(["droplet", "volume"]),
    tags=st.sampled_from([None, (), ("keep",), ("web",)]),
    damage=st.sampled_from([None, None, "name: missing"]),
)


@given(st.lists(RULES, max_size=3), st.lists(ROWS, max_size=8))
def test_many_snapshots_are_judged_as_each_is_alone(rules: list[str], rows: list[Snapshot]) -> None:
    guards = Guards(protect=tuple(parse(rule) for rule in rules))
    judge = guards.judge(CONTEXT)
    assert [judge(row) for row in rows] == [guards.refusal(row, CONTEXT) for row in rows]


@given(st.lists(RULES, max_size=3), st.lists(ROWS, max_size=8))
def test_those_that_may_not_be_deleted_are_found_by_indexes_as_one_by_one(
    rules: list[str], rows: list[Snapshot]
) -> None:
    rows = [replace(row, id=str(number)) for number, row in enumerate(rows)]
    guards, snapshots = Guards(protect=tuple(parse(rule) for rule in rules)), Snapshots(rows)
    refused = [guards.refusal(row, CONTEXT) is not None for row in rows]
    assert guards.refusable(snapshots, CONTEXT).flags == bytes(refused)


def one(**fields: object) -> Snapshot:
    return replace(Snapshot("1", "web-1", None, 5.0, ("nyc1",), 25, 2.5, "7", "droplet", ()), **fields)


def refusal(snapshot: Snapshot, *rules: str) -> str | None:
    return Guards(protect=tuple(parse(rule) for rule in rules)).refusal(snapshot, CONTEXT)


def test_a_session_protects_nothing_by_itself_and_asks_again_above_a_hundred() -> None:
    assert Guards() == Guards(read_only=False, protect=(), max_batch=100)


def test_why_a_snapshot_must_not_be_deleted_is_said() -> None:
    assert refusal(one(damage="name: missing")) == "damaged row (name: missing)"
    assert refusal(one(tags=("keep",)), "name:db", "tag:keep") == "protected by tag:keep"
    assert refusal(one(), "name:db", "tag:keep") is None


def test_a_rule_that_cannot_be_told_protects_and_says_what_is_missing() -> None:
    rule = "so {} may protect it; change protect in the settings to allow it"
    assert refusal(one(tags=None), "tag:keep") == f"tags cannot be read (tag:read?), {rule.format('tag:keep')}"
    assert refusal(one(size_gigabytes=None), "size>5GB") == f"not enough is known, {rule.format('size>5GB')}"


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        ("tag:keep", {"tags": ("keep",)}, {"tags": ()}),
        ("region:nyc1", {"regions": ("nyc1",)}, {"regions": ("ams3",)}),
        ("type:volume", {"resource_type": "volume"}, {}),
        ("tag:keep", {"damage": "name: missing"}, {}),
    ],
)
def test_what_differs_in_what_a_rule_is_about_is_judged_by_itself(
    rule: str, first: dict[str, object], second: dict[str, object]
) -> None:
    judge = Guards(protect=(parse(rule),)).judge(CONTEXT)
    assert judge(one(**first)) is not None
    assert judge(one(**second)) is None


def test_everything_that_is_compared_is_named_when_it_changed() -> None:
    planned = one()
    assert difference(planned, planned) is None
    changed = one(name="x", size_gigabytes=9.0, written="2024", created=9.0, tags=("a",), resource_id="8")
    changed = replace(changed, resource_type="volume")
    words = "name, size_gigabytes, created_at, tags, resource_id, resource_type changed since it was reviewed"
    assert difference(planned, changed) == words
    assert difference(planned, one(regions=("ams3",), min_disk_size=30)) is None
