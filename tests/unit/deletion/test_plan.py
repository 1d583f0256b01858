import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from snaptui.deletion.plan import KeptGroup, Plan, PlanError
from snaptui.deletion.warnings import skeleton, warnings_for
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceList, Sources

NOW = 1_790_000_000.0
DAY = 86_400.0
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def snapshot(row_id: str, name: str = "web", source: str = "7", days: float | None = 10, **more: object) -> Snapshot:
    created = None if days is None else NOW - days * DAY
    tags = more.get("tags", ())
    assert isinstance(tags, tuple)
    kind = "volume" if tags else "droplet"
    return Snapshot(row_id, name, "x", created, ("nyc1",), 25, 2.5, source, kind, tags)


@given(
    st.lists(
        st.builds(lambda n, name: snapshot(str(n), name), st.integers(0), TEXT), min_size=1, unique_by=lambda s: s.id
    ),
    TEXT,
)
def test_a_plan_is_read_back_as_it_was_written(items: list[Snapshot], query: str) -> None:
    keeps = (KeptGroup(query, tuple(item.id for item in items), ("kept",)),)
    plan = Plan("p", 5.0, "https://x", Account("u", "e", "active"), query, tuple(items), 2, keeps)
    assert Plan.from_json(plan.to_json()) == plan


def changed(**fields: object) -> bytes:
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), snapshot("2")))
    value = json.loads(plan.to_json())
    for name, new in fields.items():
        value["plan"][name] = new
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not a plan of snaptui"),
        (b"[]", "not a plan of snaptui"),
        (b'{"version": 2}', "not a plan of snaptui"),
        (changed(items=[]), "no snapshots"),
        (changed(items=[{"id": 7}]), "Expected `str`, got `int`"),
        (changed(created="yesterday"), "Expected `float`"),
    ],
)
def test_what_is_not_a_plan_is_said(text: bytes, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.from_json(text)
    assert said in str(caught.value)


def test_a_snapshot_twice_in_a_plan_is_refused() -> None:
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), snapshot("1")))
    with pytest.raises(PlanError, match="more than once"):
        Plan.from_json(plan.to_json())


def test_a_plan_that_removes_what_it_says_to_keep_is_refused() -> None:
    keeps = (KeptGroup("web", ("1",), ("9", "2")),)
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), snapshot("2")), keeps=keeps)
    with pytest.raises(PlanError, match="both keeps and removes 2"):
        Plan.from_json(plan.to_json())


def test_a_plan_written_before_policies_keeps_nothing() -> None:
    text = json.loads(changed())
    del text["plan"]["keeps"]
    assert Plan.from_json(json.dumps(text).encode()).keeps == ()


def warned(
    items: list[Snapshot], others: list[Snapshot], *, alive: bool = True, images: frozenset[str] = frozenset()
) -> str:
    sources = Sources(SourceList({"7": "web-01"} if alive else {}, None), SourceList({}, None))
    found = warnings_for(items, Snapshots([*items, *others]), sources, images, NOW)
    return " | ".join(text for texts in found.values() for text in texts)


def test_the_only_snapshot_of_a_source_is_said() -> None:
    assert warned([snapshot("1")], []) == "the only snapshot of its source"


def test_the_last_copy_of_a_source_that_is_gone_is_said() -> None:
    assert "LAST COPY" in warned([snapshot("1")], [], alive=False)


def test_deleting_all_copies_together_is_the_last_copy_too() -> None:
    assert warned([snapshot("1", "a"), snapshot("2", "b", days=20)], [], alive=False).count("LAST COPY") == 2


def test_the_newest_is_said_and_an_older_one_is_not() -> None:
    assert warned([snapshot("1", "a", days=1.5)], [snapshot("2", "b")]) == "the newest snapshot of its source"
    assert warned([snapshot("2", "b")], [snapshot("1", "a", days=1.5)]) == ""


def test_what_is_in_use_young_or_undated_is_said() -> None:
    others = [snapshot("9", "z", days=0.1)]
    assert "autoscale pool" in warned([snapshot("1", "a")], others, images=frozenset({"1"}))
    assert "Kubernetes" in warned([snapshot("1", "a", tags=("k8s:abc",))], others)
    assert "less than a day ago" in warned([snapshot("1", "a", days=0.5)], others)
    assert "age is not known" in warned([snapshot("1", "a", days=None)], others)


@pytest.mark.parametrize(
    "other", ["pg-pr0d-2o24", "PG-PROD-2024", "pg-prod-2024\u200b", "pg_prod_2024", "ｐg-prod-2024"]
)
def test_names_that_look_alike_are_said(other: str) -> None:
    assert skeleton(other) == skeleton("pg-prod-2024")
    others = [snapshot("2", other, days=5)]
    assert "has a name that looks like it" in warned([snapshot("1", "pg-prod-2024")], others)


def test_names_that_differ_are_not_alike() -> None:
    assert skeleton("web-2") != skeleton("web-3")


def test_warnings_stand_in_the_file_for_other_reviewers_and_are_no_part_of_the_plan() -> None:
    reviewed = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), snapshot("2")))
    text = reviewed.to_json({"2": ("the only snapshot of its source",)})
    assert json.loads(text)["warnings"] == {"2": ["the only snapshot of its source"]}
    assert Plan.from_json(text) == Plan.from_json(reviewed.to_json()) == reviewed
    assert "warnings" not in json.loads(reviewed.to_json())


def test_a_plan_with_a_damaged_row_is_refused_by_its_id() -> None:
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), replace(snapshot("2"), damage="no name")))
    with pytest.raises(PlanError, match="names the damaged row 2, which cannot be deleted"):
        Plan.from_json(plan.to_json())
