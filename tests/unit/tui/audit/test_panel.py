from hypothesis import given
from hypothesis.strategies import integers

from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import cell_width
from snaptui.tui.audit.panel import LEAST_WIDTH, panel_lines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with

DAY = 86_400.0


def row(name: str, days: float, size: float) -> Snapshot:
    return Snapshot(name, name, None, -days * DAY, ("nyc1",), 1, size, "7", "volume", ())


def shown(width: int, text: str = "") -> list[str]:
    state = BrowseState()
    rows = (row("web-2026-01-01", 30, 20.0), row("web-2026-02-01", 3, 30.0), row("db-old", 4000, 70.0))
    state = showing(state, view_with(state, rows))
    state = state.filtered_by(text) if text else state
    return ["".join(piece.text for piece in line) for line in panel_lines(state, width)]


def test_families_stand_dearest_first_with_their_share_and_months_below() -> None:
    _, heading, *families, blank, months, bars = shown(60)
    assert heading.strip() == "Where the money goes · a"
    assert [line.split()[0] for line in families] == ["db-old", "web"]
    assert [line.split()[-2:] for line in families] == [["%", "4.20"], ["%", "3.00"]]
    assert not blank
    assert months.split()[:3] == ["Each", "month's", "survivors"]
    assert bars.strip()


def test_the_panel_of_a_filter_says_so_and_counts_its_rows_alone() -> None:
    _, heading, *families = shown(60, "web")
    assert "of the filter" in heading
    assert [line.split()[0] for line in families[:1]] == ["web"]


@given(integers(0, 120))
def test_lines_fit_every_width_and_a_pane_without_room_shows_none(width: int) -> None:
    lines = shown(width)
    assert all(cell_width(line) <= width for line in lines)
    assert bool(lines) == (width >= LEAST_WIDTH)


def test_months_of_many_years_end_at_the_newest() -> None:
    bars = shown(LEAST_WIDTH)[-1]
    assert bars.rstrip()[-1] in "▁▂▃▄▅▆▇█"
