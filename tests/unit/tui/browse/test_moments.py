"""Moments by which the browse screen counts ages and judges rules, when the local clock is wrong."""

import pytest

from snaptui.model.coverage import Coverage
from snaptui.tui.browse.facts import covering
from snaptui.tui.browse.state import BrowseState

YEAR = 31_536_000.0


@pytest.mark.parametrize(("server_now", "ahead"), [(YEAR, YEAR - 1_000.0), (1_030.0, 0.0), (None, 0.0)])
@pytest.mark.parametrize("finished", [True, False])
def test_later_moments_are_told_by_the_local_clock_as_far_as_it_is_right(
    server_now: float | None, ahead: float, finished: bool
) -> None:
    state = covering(BrowseState(), Coverage(finished=finished, server_now=server_now), 1_000.0)
    assert state.now == 1_000.0 + ahead
    assert state.context_at(1_060.0).now == 1_060.0 + ahead
