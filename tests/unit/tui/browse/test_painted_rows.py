"""A key acts on the row that was painted under the cursor, never on one that has slid there since."""

from snaptui.inventory.orders import DEAREST_FIRST
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.obstacles import cannot_delete, no_row
from snaptui.tui.browse.state import BrowseState


def row(number: int, size: float) -> Snapshot:
    return Snapshot(str(number), f"web-{number}", None, float(number), ("nyc1",), 1, size, "7", "volume", ())


def seen() -> BrowseState:
    empty = BrowseState().sorted_by(DEAREST_FIRST)
    state = empty.showing(empty.view_with((row(1, 10.0), row(2, 5.0))))
    return state.after(empty).drawn()


def grown(state: BrowseState) -> BrowseState:
    return state.showing(state.view_with((row(3, 99.0),))).after(state)


def current(state: BrowseState) -> str:
    assert state.current is not None
    return state.current.id


def test_a_dearer_row_that_arrives_is_not_what_a_key_means() -> None:
    state = grown(seen())
    assert current(state) == "3"
    assert current(state.as_painted()) == "1"
    assert [item.id for item in state.as_painted().plan("p", 0.0).items] == ["1"]


def test_once_it_is_painted_it_is() -> None:
    assert current(grown(seen()).drawn().as_painted()) == "3"


def test_the_row_seen_is_remembered_through_several_changes() -> None:
    state = grown(seen())
    more = state.showing(state.view_with((row(4, 500.0),))).after(state)
    assert current(more) == "4"
    assert current(more.as_painted()) == "1"


def test_a_row_that_has_gone_is_not_replaced_by_its_neighbour() -> None:
    before = seen()
    state = before.showing(before.view_without({"1"})).after(before)
    assert current(state.as_painted()) == "2"
    for obstacle in (no_row, cannot_delete):
        assert obstacle(state.as_painted()) == "the row under the cursor has gone just now: look again"
        assert obstacle(state.drawn()) is None


def test_what_does_not_move_the_cursor_is_nothing_to_look_at_again() -> None:
    before = seen()
    state = before.showing(before.view_with((row(3, 1.0),))).after(before)
    assert state.slid_from is None
