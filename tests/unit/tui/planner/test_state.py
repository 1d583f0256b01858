"""The keep policy screen's fields: every policy can be typed, and read back from what was typed."""

import pytest
from hypothesis import given

from snaptui.audit.policy import Policy, PolicyError
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.planner.state import PlannerState, texts_of
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
    assert state.command == ""
    with pytest.raises(PolicyError, match="one number and one span"):
        _ = state.policy
