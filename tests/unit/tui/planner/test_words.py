"""Words of the keep policy screen: sums and advice whole at every width, and what a policy cannot judge."""

import pytest
from msgspec.structs import replace

from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.audit.policy import Policy
from snaptui.audit.preview import Preview
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.query import QueryContext
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.planner.screen import worked_out
from snaptui.tui.planner.state import PlannerState
from snaptui.tui.planner.words import command_line, sum_lines
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


def told(state: PlannerState, width: int) -> list[str]:
    worked = replace(state, preview=worked_out(state).preview)
    return ["".join(piece.text for piece in line) for line in sum_lines(worked, width)]


def state_of(rows: int, sources: int, *, complete: bool = True) -> PlannerState:
    listed = Snapshots(row(str(number), days=number / 9, source=str(number % sources)) for number in range(rows))
    subject = replace(BrowseState(now=NOW), coverage=Coverage(finished=complete)).holding(listed)
    return PlannerState(subject, texts={"last": "1"})


@pytest.mark.parametrize("width", range(40, 131))
def test_what_goes_and_what_it_costs_is_never_cut(width: int) -> None:
    sums, _ = told(state_of(800, 100), width)
    assert len(sums) <= width
    assert "…" not in sums
    assert sums.startswith(" keeps 100 · removes 700: ")
    assert "$420.00/mo" in sums


@pytest.mark.parametrize("width", range(38, 131))
def test_advice_is_never_cut(width: int) -> None:
    for state, words in ((state_of(9, 8), "most groups hold one"), (state_of(9, 2, complete=False), "applied")):
        _, advice = told(state, width)
        assert len(advice) <= width
        assert "…" not in advice
        assert words in advice


@pytest.mark.parametrize("width", range(20, 120, 5))
def test_the_command_is_shown_whole_or_not_at_all(width: int) -> None:
    state = PlannerState(BrowseState(text="type:volume name:nightly"), by=GroupBy.FAMILY)
    shown = "".join(piece.text for piece in command_line(state, width))
    assert (shown == f" y copies: {state.command}") == (len(f" y copies: {state.command}") <= width)
    assert "snaptui prune" not in shown or state.command in shown
