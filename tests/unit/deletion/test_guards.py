from hypothesis import given
from hypothesis import strategies as st

from snaptui.deletion.guards import Guards
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
