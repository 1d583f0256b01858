import csv
import json
import shlex
from io import StringIO

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.plan import Plan
from snaptui.deletion.receipt import FIELDS, as_csv, as_doctl, as_json, rows
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot

PRICE = 0.10
HOSTILE = "\x1b]52;c;aGk=\x07\u202e"


def snapshot(row_id: str, name: str = "web") -> Snapshot:
    return Snapshot(row_id, name, None, 5.0, ("nyc3",), 25, 2.5, "1", "droplet", ())


def batch_of(*items: Item, account: Account | None = None, confirmed: float = 60.0) -> Batch:
    plan = Plan("p1", 1.0, "https://x", account, "", tuple(item.snapshot for item in items))
    return Batch(plan, Items.of(items), confirmed=confirmed)


def test_every_item_is_a_row_with_how_it_ended() -> None:
    batch = batch_of(
        Item(snapshot("1"), Outcome.FAILED, "it said no", "req-1"),
        Item(snapshot("2")),
        account=Account("u", "ops@example.com", "active"),
    )
    failed, open_ = rows([batch], PRICE)
    assert tuple(failed) == FIELDS
    assert failed == {
        "batch": "p1",
        "at": "1970-01-01T00:01:00Z",
        "account": "ops@example.com",
        "id": "1",
        "name": "web",
        "resource_type": "droplet",
        "size_gigabytes": 2.5,
        "monthly_usd": 0.25,
        "outcome": "failed",
        "reason": "it said no",
        "request_id": "req-1",
    }
    assert (open_["outcome"], open_["reason"], open_["request_id"]) == (None, None, None)
    assert rows([batch_of(Item(snapshot("3")))], PRICE)[0]["account"] is None


def test_a_moment_that_is_no_date_does_not_stop_the_receipt() -> None:
    for at in (1e300, -1.0, 253_402_300_800.0):
        assert rows([batch_of(Item(snapshot("1")), confirmed=at)], PRICE)[0]["at"] == "1970-01-01T00:00:00Z"


def test_nothing_in_a_receipt_acts_on_a_terminal_or_a_spreadsheet() -> None:
    batch = batch_of(Item(snapshot("1", f"\t={HOSTILE}"), Outcome.FAILED, HOSTILE, HOSTILE))
    (row,) = csv.DictReader(StringIO(as_csv([batch], PRICE)))
    assert row["name"].startswith("'")
    assert "\x1b" not in as_csv([batch], PRICE) + as_json([batch], PRICE)
    assert "\u202e" not in as_csv([batch], PRICE) + as_json([batch], PRICE)
    assert json.loads(as_json([batch], PRICE))[0]["reason"] == HOSTILE


def test_doctl_commands_are_of_what_still_exists() -> None:
    ends = [Outcome.DELETED, Outcome.ALREADY_GONE, Outcome.FAILED, Outcome.UNKNOWN, None]
    batch = batch_of(*(Item(snapshot(str(n)), outcome) for n, outcome in enumerate(ends)))
    commands = [shlex.split(line) for line in as_doctl([batch]).splitlines()]
    assert commands == [["doctl", "compute", "snapshot", "delete", "--force", "--", row_id] for row_id in "234"]


def test_an_id_that_is_none_is_no_command() -> None:
    for row_id in ("1; rm -rf ~", "$(reboot)", "1\nreboot", "a" * 65, "", "\x1b[2J"):
        (line,) = as_doctl([batch_of(Item(snapshot(row_id)))]).splitlines()
        assert line.startswith("# passed over")
        assert "\x1b" not in line


def test_money_is_at_the_price_that_was_asked_for() -> None:
    batch = batch_of(Item(snapshot("1"), Outcome.DELETED))
    assert rows([batch], 1.0)[0]["monthly_usd"] == 2.5
    assert json.loads(as_json([batch], 1.0))[0]["monthly_usd"] == 2.5
    assert next(csv.DictReader(StringIO(as_csv([batch], 1.0))))["monthly_usd"] == "2.5"


def test_json_is_written_to_be_read_by_people() -> None:
    lines = as_json([batch_of(Item(snapshot("1")))], 0.06).splitlines()
    assert lines[:3] == ["[", "  {", '    "batch": "p1",']
