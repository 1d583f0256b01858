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
        (b'{"plan": {"id": "\xff"}, "version": 1}', "not a plan of snaptui"),
        (changed(items=[]), "no snapshots"),
        (changed(items=[{"id": 7}]), "Expected `str`, got `int`"),
        (changed(created="yesterday"), "Expected `float`"),
    ],
)
def test_what_is_not_a_plan_is_said(text: bytes, said: str) -> None:
    with pytest.raises(PlanError) as caught:
        Plan.from_json(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("plan_id", ["", "../../x", "a/b", ".", "a b", "p\x1b[1m", "ä", "x" * 101, "a\n"])
def test_a_plan_whose_id_would_lead_out_of_the_journal_is_refused(plan_id: str) -> None:
    with pytest.raises(PlanError, match=r"^the plan has no id that can be used$"):
        Plan.from_json(changed(id=plan_id))


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


def test_a_plan_is_written_to_be_read_by_people() -> None:
    lines = Plan("p", 5.0, "https://x", None, "", (snapshot("1"),)).to_json().decode().split("\n")
    assert lines[:3] == ["{", '  "plan": {', '    "id": "p",']
    assert lines[-2:] == ["}", ""]


def test_a_plan_with_a_damaged_row_is_refused_by_its_id() -> None:
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), replace(snapshot("2"), damage="no name")))
    with pytest.raises(PlanError, match="names the damaged row 2, which cannot be deleted"):
        Plan.from_json(plan.to_json())


def test_what_is_wrong_with_a_plan_is_said_in_words() -> None:
    assert said_of(changed(items=[])) == "the plan has no snapshots"
    twice = Plan("p", 5.0, "https://x", None, "", (snapshot("2"), snapshot("1"), snapshot("1")))
    assert said_of(twice.to_json()) == "the plan names 1 more than once"
    kept = replace(twice, items=(snapshot("2"), snapshot("3")), keeps=(KeptGroup("web", ("2",), ("3", "2")),))
    assert said_of(kept.to_json()) == "the plan both keeps and removes 2"
    assert said_of(b"{").startswith("this is not a plan of snaptui: ")


def said_of(text: bytes) -> str:
    with pytest.raises(PlanError) as caught:
        Plan.from_json(text)
    return str(caught.value)


def test_the_version_is_written_and_another_is_refused() -> None:
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"),))
    value = json.loads(plan.to_json())
    assert value["version"] == 1
    assert value["plan"]["items"][0]["name"] == "web"
    value["version"] = 2
    assert said_of(json.dumps(value).encode()).startswith("this is not a plan of snaptui")
    value["version"], value["more"] = 1, 1
    assert "unknown field `more`" in said_of(json.dumps(value).encode())


def test_a_plan_file_is_indented_by_two_and_ends_its_last_line() -> None:
    text = Plan("p", 5.0, "https://x", None, "", (snapshot("1"),)).to_json()
    assert text.startswith(b'{\n  "plan": {\n    "id": "p"')
    assert text.endswith(b"\n}\n")


def test_a_plan_counts_its_snapshots_by_type_and_region() -> None:
    both = replace(snapshot("3"), regions=("nyc1", "ams3"))
    plan = Plan("p", 5.0, "https://x", None, "", (snapshot("1"), snapshot("2", tags=("a",)), both))
    assert plan.types == {"droplet": 2, "volume": 1}
    assert plan.regions == {"nyc1": 3, "ams3": 1}
    totals = plan.totals(0.10)
    assert (totals.count, totals.gigabytes, totals.monthly_usd) == (3, 7.5, 0.75)
    assert (plan.hidden_by_filter, plan.keeps) == (0, ())


def test_what_a_file_says_of_a_snapshot_is_all_read_back() -> None:
    plan = Plan("p", 5.0, "https://x", None, "q", (replace(snapshot("1"), tags=None),), 3)
    back = Plan.from_json(plan.to_json())
    assert (back.hidden_by_filter, back.items[0].tags, back.items[0].min_disk_size) == (3, None, 25)


def texts(items: list[Snapshot], others: list[Snapshot], images: frozenset[str] | None = frozenset()) -> list[str]:
    """Return the warnings about items whose source exists and keeps a newer snapshot."""
    newer = snapshot("99", "zzz", days=0.01)
    found = warnings_for(items, Snapshots([*items, *others, newer]), Sources(SourceList({"7": "w"}, None)), images, NOW)
    return [text for said in found.values() for text in said]


def test_use_and_age_are_said_in_these_words() -> None:
    assert texts([snapshot("1", "a")], []) == []
    pool = ["in use: an autoscale pool starts droplets from it"]
    assert texts([snapshot("1", "a")], [], frozenset({"1"})) == pool
    assert texts([snapshot("1", "a")], [], frozenset({"2"})) == []
    assert texts([snapshot("1", "a")], [], None) == []
    assert texts([snapshot("1", "a", days=None)], []) == ["its age is not known"]
    assert texts([snapshot("1", "a", days=0.5)], []) == ["it was created less than a day ago"]
    assert texts([snapshot("1", "a", days=1)], []) == []
    kubernetes = "it belongs to a Kubernetes cluster, whose VolumeSnapshotContent would break"
    assert kubernetes in texts([snapshot("1", "a", tags=("k8s:abc",))], [])


def test_another_of_the_same_or_a_like_name_is_named_by_its_id_unless_it_goes_too() -> None:
    one = snapshot("1", "pg-prod")
    assert "another snapshot, 2, has the same name" in texts([one], [snapshot("2", "pg-prod", days=20)])
    like = texts([one], [snapshot("2", "pg_prod", days=20)])
    assert like == ["another snapshot, 2, has a name that looks like it"]
    assert not [text for text in texts([one, snapshot("2", "pg_prod", days=20)], []) if "looks like" in text]


@pytest.mark.parametrize(("name", "bones"), [("O0oI1l|i", "ooolllll"), ("5_S-", "s-s-")])
def test_what_looks_alike_is_one_letter(name: str, bones: str) -> None:
    assert skeleton(name) == bones


@pytest.mark.parametrize("code", range(128))
def test_a_letter_of_ascii_is_the_same_beside_another_one(code: int) -> None:
    assert skeleton(f"a{chr(code)}b") + skeleton("\u0153") == skeleton(f"a{chr(code)}b\u0153")


def test_marks_and_controls_are_no_part_of_a_skeleton() -> None:
    assert skeleton("we\u0301b\x07\u200d") == skeleton("we\u0301b")
    assert skeleton("a\u0332b\u202e") == "ab"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("created", -1e300),
        ("created", 1e300),
        ("size_gigabytes", -1.0),
        ("size_gigabytes", -1e308),
        ("size_gigabytes", 1e308),
        ("min_disk_size", -1),
        ("min_disk_size", 2**63),
    ],
)
def test_a_number_that_no_snapshot_has_is_no_plan(name: str, value: float) -> None:
    written = json.loads(Plan("p", 5.0, "https://x", None, "", (snapshot("1"),)).to_json())
    written["plan"]["items"][0][name] = value
    with pytest.raises(PlanError, match=name):
        Plan.from_json(json.dumps(written).encode())


def test_a_plan_that_is_nested_without_end_is_none() -> None:
    with pytest.raises(PlanError, match="not a plan of snaptui"):
        Plan.from_json(b'{"plan":{"more":' + b"[" * 100_000)
