"""Columns of the table: which fit, and the age by the server's clock where the list knows it."""

import pytest

from snaptui.inventory.orders import SortKey
from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import ALL_COLUMNS, SIGNS, Layout
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


@pytest.mark.parametrize("width", range(1, 320))
def test_columns_fit_every_width_and_the_cost_stays_as_long_as_there_is_room_for_a_name(width: int) -> None:
    layout = Layout.of(width)
    keys = [column.key for column, _ in layout.columns]
    assert keys[0] is SortKey.NAME
    assert (SortKey.COST in keys) == (width >= 16)
    cells = SIGNS + sum(cells for _, cells in layout.columns) + len(layout.gap) * (len(keys) - 1)
    assert cells <= max(width, SIGNS + 1)


def test_a_wide_terminal_has_more_columns_and_no_wider_gaps() -> None:
    assert {SortKey.CREATED, SortKey.SOURCE, SortKey.ID} <= {column.key for column, _ in Layout.of(146).columns}
    assert len(Layout.of(300).gap) == len(Layout.of(146).gap)
