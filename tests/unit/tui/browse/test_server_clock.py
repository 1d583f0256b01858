"""Ages on the screen are counted by the server's clock where the local one is wrong; the time of loading is local."""

import pytest

from snaptui.model.coverage import Coverage
from snaptui.tui.browse.facts import covering
from snaptui.tui.browse.state import BrowseState

LOCAL = 1_700_000_000.0


@pytest.mark.parametrize("ahead", [86_400.0 * 400, -86_400.0, 901.0, -3_600.0])
def test_a_wrong_clock_is_not_counted_by(ahead: float) -> None:
    state = covering(BrowseState(), Coverage(finished=True, server_now=LOCAL + ahead), LOCAL)
    assert (state.now, state.context.now, state.terms.now) == (LOCAL + ahead,) * 3
    assert state.loaded_at == LOCAL


@pytest.mark.parametrize("ahead", [0.0, 1.0, -600.0, None])
def test_a_clock_that_is_about_right_is_believed(ahead: float | None) -> None:
    server_now = None if ahead is None else LOCAL + ahead
    state = covering(BrowseState(), Coverage(received=1, server_now=server_now), LOCAL)
    assert state.now == LOCAL
