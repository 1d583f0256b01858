"""Words of the keep policy screen for what a policy cannot judge."""

import pytest

from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.audit.policy import Policy
from snaptui.audit.preview import Preview
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.query import QueryContext
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.planner.state import PlannerState
from snaptui.tui.planner.words import sum_lines
from tests.unit.audit.rows import NOW, row


def said(by: GroupBy, *tags: str) -> str:
    snapshots = Snapshots([row(str(number), days=number, tags=None) for number in range(1, 5)])
    histories = Histories(Scope(snapshots, RowSet.everything(4)), by, NOW)
    policy = Policy.read({"last": "1"}, tags)
    preview = Preview(histories, policy, QueryContext(NOW, places=snapshots.places), refusal=lambda _row: None)
    state = PlannerState(BrowseState(coverage=Coverage(finished=True)), by=by, histories=histories, preview=preview)
    return "\n".join("".join(piece.text for piece in line) for line in sum_lines(state, 100))


@pytest.mark.parametrize(("by", "tags", "kept"), [(GroupBy.TAG, (), 4), (GroupBy.NONE, ("keep",), 3)])
def test_a_policy_that_asks_for_tags_says_of_how_many_they_are_not_known(
    by: GroupBy, tags: tuple[str, ...], kept: int
) -> None:
    assert f"tags, which are not known of {kept} snapshots: all of these stay" in said(by, *tags)


def test_a_policy_that_asks_for_no_tags_says_nothing_of_them() -> None:
    assert "tags" not in said(GroupBy.NONE)
