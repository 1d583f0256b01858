"""A key acts on the row that was painted under the cursor, never on one that has slid there since."""

from snaptui.inventory.orders import DEAREST_FIRST
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.obstacles import cannot_delete, no_row
from snaptui.tui.browse.painted import as_painted, drawn, following
from snaptui.tui.browse.rooms import deletion_plan
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with, view_without


def row(number: int, size: float) -> Snapshot:
    return Snapshot(str(number), f"web-{number}", None, float(number), ("nyc1",), 1, size, "7", "volume", ())


def seen() -> BrowseState:
    empty = BrowseState().sorted_by(DEAREST_FIRST)
    state = showing(empty, view_with(empty, (row(1, 10.0), row(2, 5.0))))
    return drawn(following(empty, state), state.browsing.cursor_id)


def grown(state: BrowseState) -> BrowseState:
    return following(state, showing(state, view_with(state, (row(3, 99.0),))))


def current(state: BrowseState) -> str:
    assert state.browsing.current is not None
    return state.browsing.current.id


def test_a_dearer_row_that_arrives_is_not_what_a_key_means() -> None:
    state = grown(seen())
    assert current(state) == "3"
    assert current(as_painted(state)) == "1"
    assert [item.id for item in deletion_plan(as_painted(state), "p", 0.0).items] == ["1"]


def test_once_it_is_painted_it_is() -> None:
    assert current(as_painted(drawn(grown(seen()), "3"))) == "3"


def test_of_two_rows_that_slid_there_a_key_means_the_one_that_was_painted() -> None:
    state = grown(seen())
    more = following(state, showing(state, view_with(state, (row(4, 500.0),))))
    assert current(as_painted(drawn(more, "3"))) == "3"
    assert current(as_painted(drawn(drawn(more, "3"), "4"))) == "4"


def test_the_row_seen_is_remembered_through_several_changes() -> None:
    state = grown(seen())
    more = following(state, showing(state, view_with(state, (row(4, 500.0),))))
    assert current(more) == "4"
    assert current(as_painted(more)) == "1"


def test_a_row_that_has_gone_is_not_replaced_by_its_neighbour() -> None:
    before = seen()
    state = following(before, showing(before, view_without(before, {"1"})))
    assert current(as_painted(state)) == "2"
    for obstacle in (no_row, cannot_delete):
        assert obstacle(as_painted(state)) == "the row under the cursor has gone just now: look again"
        assert obstacle(drawn(state, "2")) is None


def test_what_does_not_move_the_cursor_is_nothing_to_look_at_again() -> None:
    before = seen()
    state = following(before, showing(before, view_with(before, (row(3, 1.0),))))
    assert state.slid_from is None
