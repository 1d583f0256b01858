"""Audit reports as text and Markdown: sums, what is said of what is not known, and hostile names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.audit.dimensions import Dimension
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.cost import monthly_cents
from snaptui.model.coverage import Coverage, MissingPage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import PoolList, SourceList, Sources
from snaptui.query import parse
from snaptui.report.audit import AuditReport, Question, audit
from snaptui.report.audit_json import as_json
from snaptui.report.audit_markdown import as_markdown
from snaptui.report.audit_text import as_text
from snaptui.report.markdown import escaped
from snaptui.report.markdown import row as markdown_row
from snaptui.report.saved import SavedListing
from snaptui.text.cells import cell_width
from tests.unit.audit.rows import NOW, SOURCES, lists, row

COMPLETE = Coverage(finished=True)
TEAM = Account("u", "ops@example.com", "active", team_name="Acme")
WHOLE = Sources(SourceList({"100": "web-1"}, None), SourceList({}, None), PoolList((), None))


def report(
    rows: list[Snapshot],
    sources: Sources = WHOLE,
    query: str = "",
    by: Dimension = Dimension.FAMILY,
    *,
    coverage: Coverage = COMPLETE,
    earlier: list[Snapshot] | None = None,
    account: Account = TEAM,
) -> AuditReport:
    def saved(some: list[Snapshot], of: Coverage) -> SavedListing:
        return SavedListing(NOW, "https://api.example", account, of, tuple(some), sources, None)

    before = None if earlier is None else saved(earlier, COMPLETE)
    return audit(saved(rows, coverage), Snapshots(rows), Question(parse(query), by), NOW, before)


@given(lists(), SOURCES, st.sampled_from(Dimension))
def test_every_form_can_be_made_of_every_list(rows: list[Snapshot], sources: Sources, by: Dimension) -> None:
    made = report(rows, sources, by=by, earlier=rows[::2])
    assert all(cell_width(line) <= 80 for line in as_text(made).splitlines())
    assert as_markdown(made).startswith("# DigitalOcean snapshots of team Acme")
    value = json.loads(as_json(made))
    assert value["totals"]["monthly_cents"] == sum(monthly_cents(one) or 0 for one in rows)
    if not value["groups"][str(by)]["overlap"]:
        assert (
            sum(group["monthly_cents"] for group in value["groups"][str(by)]["groups"])
            <= value["totals"]["monthly_cents"]
        )


def test_more_groups_than_are_listed_are_added_up() -> None:
    rows = [
        row(str(number), f"app{chr(97 + number // 26)}{chr(97 + number % 26)}", size=number) for number in range(1, 31)
    ]
    table = report(rows).table
    assert (len(table.groups), table.others) == (20, 10)
    assert sum(group.cents for group in table.groups) + table.others_cents == table.cents
    assert "10 more" in as_text(report(rows))


def test_an_incomplete_list_is_no_complete_one_and_what_went_is_not_said() -> None:
    partial = Coverage(400, 1, 2, 1, (MissingPage(2, "HTTP 500"),), finished=True)
    text = " ".join(as_text(report([row("1")], coverage=partial, earlier=[row("2")])).split())
    assert "incomplete: 1 of 400 snapshots; page 2 of 2 missing (HTTP 500)" in text
    assert "The list is complete" not in text
    assert "what went cannot be told" in text
    assert "Which droplets have no snapshot cannot be told: the list of snapshots is incomplete" in text


def test_what_could_not_be_read_is_a_question_mark_and_said_with_its_reason() -> None:
    unread = Sources(SourceList({}, "droplets: needs droplet:read"), SourceList({}, "volumes: 500"))
    text = as_text(report([row("1", tags=None)], unread))
    orphans = next(line for line in text.splitlines() if "Source is gone" in line)
    assert orphans.split()[-2:] == ["?", "?"]
    assert "droplets: needs droplet:read" in text
    assert "tag:read" in text


def test_an_account_in_trouble_says_so() -> None:
    locked = Account("u", "e", "locked", status_message="payment failed")
    assert "account locked: payment failed" in as_text(report([row("1")], account=locked))


def test_the_query_narrows_everything_but_the_machines() -> None:
    made = report([row("1", "web"), row("2", "db", size=99)], query="db")
    assert (made.totals.count, made.totals.cents, [group.label for group in made.table.groups]) == (1, 594, ["db"])
    assert "1 snapshot that match db" in as_text(made)


@pytest.mark.parametrize(
    "name", ["a|b", "[x](http://y)", "<img src=x>", "*bold* _it_ `code`", "back\\slash|", "\x1b[31mred", "new\nline"]
)
def test_names_are_text_in_markdown_whatever_they_are(name: str) -> None:
    text = as_markdown(report([row("1", name)]))
    line = next(line for line in text.splitlines() if line.startswith("| ") and "0.60" in line)
    assert line.replace("\\\\", "").replace("\\|", "").count("|") == 7
    assert "<img" not in text
    assert "\x1b" not in text
    assert "[x](" not in text


@given(st.lists(st.text(st.characters(exclude_characters="\n\r")), min_size=1, max_size=4))
def test_a_row_has_as_many_cells_as_it_was_given(cells: list[str]) -> None:
    line = markdown_row(cells)
    bars = line.replace("\\\\", "").replace("\\|", "").count("|")
    assert bars == len(cells) + 1
    assert all("<" not in escaped(cell) for cell in cells)


def test_changes_that_there_is_no_room_for_are_counted() -> None:
    earlier = [row(f"e{number}", f"app{'x' * number}") for number in range(30)]
    lines = as_text(report([row("1", "web")], earlier=earlier)).partition("Compared with")[2].splitlines()
    assert len([line for line in lines if line.startswith("  app") or line.startswith("  web")]) == 20
    assert lines[-1].strip() == "11 more"
