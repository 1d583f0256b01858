"""The keep policy screen's fields: every policy can be typed, and read back from what was typed."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from snaptui.audit.histories import GroupBy
from snaptui.audit.policy import Policy, PolicyError
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.planner.screen import worked_out
from snaptui.tui.planner.state import PlannerState, cannot_apply, cannot_write, no_policies, texts_of
from tests.unit.audit.rows import NOW, row
from tests.unit.audit.test_retention import POLICIES


@given(POLICIES)
def test_every_policy_can_be_typed(policy: Policy) -> None:
    state = PlannerState(BrowseState(), texts=texts_of(policy)).checked()
    if policy.is_empty:
        assert state.problem
    else:
        assert state.policy == policy


@given(POLICIES)
def test_the_command_says_the_same_policy(policy: Policy) -> None:
    words = policy.arguments()
    pairs = list(zip(words[::2], words[1::2], strict=True))
    options = {name[7:].replace("-", "_"): text for name, text in pairs if name != "--keep-tag"}
    assert Policy.read(options, [text for name, text in pairs if name == "--keep-tag"]) == policy


def test_two_numbers_in_one_field_are_a_problem_in_words() -> None:
    state = PlannerState(BrowseState()).typed("daily", "7 8")
    assert state.problem == "daily takes one number and one span of time, such as 7 2m"
    assert PlannerState(BrowseState()).typed("last", "7 2m").problem == "last takes only one of these"
    assert state.command == ""
    with pytest.raises(PolicyError, match="one number and one span"):
        _ = state.policy


WHOLE = BrowseState(coverage=Coverage(finished=True))
NIGHTLY = Policy.read({"last": "2", "within-daily": "7d"}, ["keep"])


def test_what_is_no_policy_is_said_and_the_next_that_is_one_is_taken() -> None:
    wrong = PlannerState(WHOLE).typed("daily", "many")
    assert wrong.problem
    assert wrong.typed("daily", "7").problem == ""


def test_a_policy_that_keeps_nothing_is_none() -> None:
    empty = PlannerState(WHOLE, texts={"last": " "})
    with pytest.raises(PolicyError, match="keeps nothing"):
        _ = empty.policy
    assert empty.checked().problem


def test_named_policies_come_round_and_keep_what_has_no_field() -> None:
    state = PlannerState(WHOLE, {"nightly": NIGHTLY, "other": Policy.read({"last": "1"}, [])}).with_next_policy()
    assert (state.named, state.policy) == ("nightly", NIGHTLY)
    assert state.typed("last", "5").named == ""
    other = state.with_next_policy()
    assert (other.named, other.with_next_policy().named) == ("other", "nightly")
    assert no_policies(state) is None
    assert "settings name no policies" in (no_policies(PlannerState(WHOLE)) or "")


def test_another_grouping_forgets_the_preview_of_the_one_before() -> None:
    state = replace(PlannerState(WHOLE), cursor=7)
    seen = [state := state.grouped_next() for _ in GroupBy]
    assert {each.by for each in seen} == set(GroupBy)
    assert seen[0].cursor == 0


def test_nothing_is_planned_on_an_incomplete_list_or_before_it_is_worked_out() -> None:
    assert "not complete" in (cannot_write(PlannerState(BrowseState())) or "")
    assert cannot_write(PlannerState(WHOLE)) == "it is being worked out"
    assert cannot_write(PlannerState(WHOLE).typed("daily", "many")) not in (None, "it is being worked out")
    read_only = replace(WHOLE, connection=Connection(read_only=True))
    assert "read-only" in (cannot_apply(PlannerState(read_only)) or "")


def test_a_preview_of_other_numbers_or_of_the_list_before_is_not_applied() -> None:
    subject = replace(WHOLE, now=NOW).holding(Snapshots(row(str(number), days=number) for number in range(9)))
    state = PlannerState(subject, texts={"last": "3"})
    preview = worked_out(state).preview
    made = replace(state, histories=preview.histories, preview=preview)
    assert (preview.removed_count, cannot_write(made), cannot_apply(made)) == (6, None, None)
    assert cannot_apply(made.typed("last", "8")) == "it is being worked out"
    assert cannot_apply(made.typed("last", "8").typed("last", "3")) is None
    assert cannot_apply(made.about(replace(subject, now=subject.now + 1))) == "it is being worked out"
