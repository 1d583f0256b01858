"""Reasons why a command cannot be run now."""

from msgspec.structs import replace

from snaptui.inventory.chosen import Chosen
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.model.token import Token
from snaptui.query import parse
from snaptui.tui.browse import obstacles
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState
from tests.unit.audit.rows import row


def some(snapshots: Snapshots, *ids: str) -> Chosen:
    return Chosen(snapshots, RowSet.of(snapshots.numbers_of(ids), len(snapshots)))


TOKEN = Token("dop_v1_" + "f" * 64)


def listed() -> BrowseState:
    return BrowseState().holding(Snapshots((row("1", "web"), row("2", "db", damage="no size"))))


def connected(connection: Connection) -> BrowseState:
    return replace(listed(), connection=connection)


def test_without_rows_there_is_nothing_to_move_in_or_to_mark() -> None:
    assert obstacles.no_row(BrowseState()) == "there is no snapshot under the cursor"
    assert obstacles.nothing_shown(BrowseState()) == "nothing is shown"
    assert obstacles.no_row(listed()) is None
    assert obstacles.nothing_shown(listed()) is None


def test_a_filter_that_is_not_whole_marks_nothing() -> None:
    half = listed().filtered_by("size>")
    assert obstacles.nothing_shown(half) is None
    assert "not a whole query" in (obstacles.cannot_mark_all(half) or "")
    assert obstacles.cannot_mark_all(listed()) is None


def test_a_damaged_or_protected_row_cannot_be_deleted_and_says_why() -> None:
    on_damaged = replace(listed(), browsing=listed().browsing.moved_to(0))
    assert obstacles.cannot_delete(on_damaged) == "damaged row (no size)"
    on_web = replace(listed(), browsing=listed().browsing.moved_to(1))
    assert obstacles.cannot_delete(on_web) is None
    guarded = replace(on_web, guards=replace(on_web.guards, protect=(parse("name:web"),)))
    assert obstacles.cannot_delete(guarded) == "protected by name:web"


def test_marks_are_deleted_whatever_is_under_the_cursor() -> None:
    on_damaged = replace(listed(), browsing=listed().browsing.moved_to(0))
    marked = on_damaged.with_marks(
        on_damaged.browsing.rows_marked(some(on_damaged.snapshots, "1"), lambda _: None).browsing
    )
    assert obstacles.no_marks(on_damaged) == "nothing is marked"
    assert obstacles.no_marks(marked) is None
    assert obstacles.cannot_delete(marked) is None


def test_read_only_and_saved_listings_delete_nothing_even_with_marks() -> None:
    for connection, said in ((Connection(read_only=True), "read-only"), (Connection(saved=1.0), "saved listing")):
        state = connected(connection)
        marked = state.with_marks(state.browsing.rows_marked(some(state.snapshots, "1"), lambda _: None).browsing)
        assert said in (obstacles.cannot_delete(marked) or "")


def test_loading_needs_a_token_and_the_end_of_the_load_before() -> None:
    assert "press T" in (obstacles.cannot_load(connected(Connection())) or "")
    loading = connected(Connection(token=TOKEN))
    assert obstacles.cannot_load(loading) == "the list is being loaded already"
    assert obstacles.cannot_load(replace(loading, coverage=Coverage(finished=True))) is None
    assert "saved listing" in (obstacles.cannot_load(connected(Connection(token=TOKEN, saved=1.0))) or "")


def test_the_demo_and_saved_listings_take_no_other_token() -> None:
    assert obstacles.has_own_token(connected(Connection())) is None
    assert "demo" in (obstacles.has_own_token(connected(Connection(demo=True))) or "")
    assert "saved" in (obstacles.has_own_token(connected(Connection(saved=1.0))) or "")


def test_without_deletions_there_is_nothing_to_take_back_or_to_list() -> None:
    assert obstacles.cannot_take_back(listed()) == "no deletion is waiting to begin"
    assert obstacles.no_deletions(listed()) == "nothing has been deleted in this session"


def test_a_low_terminal_has_no_room_for_details() -> None:
    assert obstacles.no_room_for_pane(listed()) is None
    assert "Enter shows them" in (obstacles.no_room_for_pane(replace(listed(), pane_fits=False)) or "")
