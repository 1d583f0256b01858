"""Fields of a listing: their names are the API's, documented, and found by both names."""

import json
from pathlib import Path

import pytest

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.report.fields import API_FIELDS, FIELDS, Facts, UnknownFieldError, fields_named

README = (Path(__file__).parents[3] / "README.md").read_text()
ROW = Snapshot("7", "web-2024-01-31", "2024-02-29T10:00:00Z", 1709200800.0, ("nyc3",), 25, 12.5, "9", "droplet", None)


def test_the_fields_of_the_api_are_those_of_a_snapshot_as_the_api_sends_it() -> None:
    listed = json.dumps({field.name: field.value(ROW, Facts(0.0)) for field in API_FIELDS})
    assert json.loads(listed) == ROW.to_json()


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_field_is_documented_and_found_by_its_short_name_and_its_long_one(field: object) -> None:
    (named,) = [one for one in FIELDS if one is field]
    assert fields_named(named.short) == fields_named(f" {named.name.upper()} ") == (named,)
    documented = README.partition("| `--columns` |")[2].partition("\n\n")[0]
    assert f"`{named.short}`" in documented
    assert f"`{named.name}`" in documented


def test_a_column_that_is_named_twice_is_there_once() -> None:
    assert [field.name for field in fields_named("cost,id,monthly_usd")] == ["monthly_usd", "id"]


@pytest.mark.parametrize("text", ["", ",", "id,,name", "id name", "__class__", "cost\n,id;"])
def test_what_is_no_column_is_an_error(text: str) -> None:
    with pytest.raises(UnknownFieldError):
        fields_named(text)


def test_the_age_of_a_date_that_the_servers_clock_does_not_believe_is_future_by_any_local_clock() -> None:
    (field,) = fields_named("age")
    server_now, local_now = 1_709_000_000.0, 1_710_000_000.0
    believed = Snapshots([ROW]).dated_by(server_now)
    assert field.text(ROW, Facts(local_now, snapshots=believed)) == "future"
    assert field.text(ROW, Facts(local_now, snapshots=Snapshots([ROW]))) == "9 days"
    assert field.text(ROW, Facts(local_now)) == "9 days"


def test_what_is_not_known_is_null_in_data_and_a_word_in_a_table() -> None:
    bare = Snapshot("7", "", None, None, (), None, None, None, "droplet", None)
    facts = Facts(1e9)
    values = {field.short: field.value(bare, facts) for field in FIELDS}
    texts = {field.short: field.text(bare, facts) for field in FIELDS}
    for short in ("size", "cost", "age", "created", "tags", "disk", "source_id", "source", "nth", "of"):
        assert values[short] is None
        assert texts[short] in ("?", "unknown")
    assert values["state"] == texts["state"] == "unknown"
