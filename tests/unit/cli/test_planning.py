"""Plans without a screen: of ids and of queries; what cannot be meant is refused, what is left out is said."""

from pathlib import Path

import pytest

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError
from snaptui.cli.known import Known
from snaptui.cli.planning import of_query, read_ids, read_plan
from snaptui.deletion.guards import Guards
from snaptui.digitalocean.api.errors import RefusedRequestError
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage, MissingPage
from snaptui.model.sources import Sources
from snaptui.query import QueryContext, parse
from tests.support.deleting import OURS, URL, plan_of, snapshot

ROWS = (snapshot("1"), snapshot("2", tags=("keep",)), snapshot("3", "db"))
WHOLE = Coverage(3, 3, 1, 1, finished=True)


def known(coverage: Coverage = WHOLE) -> Known:
    snapshots = Snapshots(ROWS)
    return Known(OURS, snapshots, coverage, Sources(), frozenset(), QueryContext(9.0, places=snapshots.places))


def test_ids_are_taken_once_and_in_their_order() -> None:
    assert read_ids(["b", "a", "b"]) == ("b", "a")


@pytest.mark.parametrize("word", ["../account", "a b", "", "1?x"])
def test_what_can_be_no_id_is_refused_before_anything_is_asked(word: str) -> None:
    with pytest.raises(RefusedRequestError):
        read_ids(["1", word])


def test_a_plan_is_read_from_a_file_and_anything_else_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plan = plan_of(ROWS)
    path.write_bytes(plan.to_json({}))
    assert read_plan(str(path)) == plan
    path.write_text("[]")
    with pytest.raises(UsageError, match=r"--plan .*plan\.json: "):
        read_plan(str(path))
    with pytest.raises(UsageError, match="--plan: "):
        read_plan(str(tmp_path / "none"))


def test_what_a_rule_protects_is_left_out_and_said(capsys: pytest.CaptureFixture[str]) -> None:
    wanted = of_query("name:web", known(), Guards(protect=(parse("tag:keep"),)), URL)
    assert [row.id for row in wanted.plan.items] == ["1"]
    assert wanted.plan.query == "name:web"
    assert wanted.code is ExitCode.FINE
    assert "1 more match and are protected or damaged: left out" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_query_would_delete_everything_and_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="would delete everything"):
        of_query(text, known(), Guards(), URL)


def test_a_query_needs_the_whole_list() -> None:
    incomplete = Coverage(400, 200, 2, 1, (MissingPage(2, "HTTP 500"),), finished=True)
    with pytest.raises(UsageError, match="needs the whole list") as raised:
        of_query("name:web", known(incomplete), Guards(), URL)
    assert raised.value.exit_code is ExitCode.INCOMPLETE
