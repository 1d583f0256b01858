"""Columns of the table: the age is told by the server's clock where the list knows it."""

import pytest

from snaptui.inventory.orders import SortKey
from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import ALL_COLUMNS
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with

SERVER_NOW = 1_700_000_000.0
DAY = 86_400.0
AHEAD = Snapshot("1", "web-1", None, SERVER_NOW + 2 * DAY, ("nyc1",), 1, 1.0, "7", "droplet", ())
BELIEVED = Snapshot("2", "web-2", None, SERVER_NOW + DAY / 2, ("nyc1",), 1, 1.0, "7", "droplet", ())


def ages(server_now: float | None) -> list[str]:
    """Return the ages of both on a machine whose clock is ten days ahead of the server's."""
    empty = BrowseState(now=SERVER_NOW + 10 * DAY)
    state = showing(empty, view_with(empty, (AHEAD, BELIEVED), server_now=server_now))
    (column,) = [column for column in ALL_COLUMNS if column.key is SortKey.AGE]
    return [column.text(row, state.terms, 9) for row in (AHEAD, BELIEVED)]


@pytest.mark.parametrize(("server_now", "shown"), [(SERVER_NOW, ["future", "9 days"]), (None, ["8 days", "9 days"])])
def test_the_age_of_a_date_ahead_of_the_servers_clock_is_future(server_now: float | None, shown: list[str]) -> None:
    assert ages(server_now) == shown
