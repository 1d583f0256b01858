from msgspec.structs import replace

from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import cell_width
from snaptui.tui.browse.siblings import sibling_lines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with

DAY = 86_400.0


def row(number: int, days: float) -> Snapshot:
    return Snapshot(str(number), f"dump-{number}", None, -days * DAY, ("nyc1",), 1, 20.0, "7", "volume", ())


def shown(state: BrowseState, height: int = 20) -> list[str]:
    return ["".join(piece.text for piece in line) for line in sibling_lines(state, 44, height)]


def state_of(*rows: Snapshot) -> BrowseState:
    state = BrowseState()
    return showing(state, view_with(state, rows))


def test_the_siblings_stand_newest_first_with_age_size_and_what_they_cost_together() -> None:
    state = state_of(row(1, 30), row(2, 3), row(3, 800))
    _, heading, *rows = shown(state)
    assert heading.split() == ["Same", "source", "3", "·", "$3.60/mo"]
    assert [line.replace("▸", "").split()[:5] for line in rows] == [
        ["dump-2", "3", "days", "20.00", "GB"],
        ["dump-1", "30", "days", "20.00", "GB"],
        ["dump-3", "2.1", "years", "20.00", "GB"],
    ]
    assert "▸ dump-1" in rows[1]


def test_it_is_said_which_would_be_the_newest_after_a_deletion() -> None:
    state = state_of(row(1, 30), row(2, 3), row(3, 800))
    on_newest = replace(state, browsing=state.browsing.moved_to(1))
    assert [line.split()[-1] for line in shown(on_newest)[2:]] == ["newest", "then", "GB"]
    both = replace(state, browsing=state.browsing.ids_marked(("1", "2"), lambda _: None).browsing)
    assert [line.split()[-1] for line in shown(both)[2:]] == ["newest", "GB", "then"]


def test_that_nothing_would_be_left_is_said() -> None:
    state = state_of(row(1, 30), row(2, 3))
    all_marked = replace(state, browsing=state.browsing.ids_marked(("1", "2"), lambda _: None).browsing)
    assert shown(all_marked)[-1] == " ! none would be left"


def test_an_only_one_has_no_siblings() -> None:
    assert shown(state_of(row(1, 30))) == []


def test_no_more_lines_than_there_is_room_for() -> None:
    state = state_of(*(row(number, number) for number in range(30)))
    for height in range(12):
        lines = shown(state, height)
        assert len(lines) <= height
        assert all(cell_width(line) <= 44 for line in lines)
    assert shown(state, 10)[-1] == "   23 older"
    assert shown(state, 4) == []
