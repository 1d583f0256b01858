"""Changes of the list as values, and the view after them."""

from snaptui.digitalocean.api.errors import ConnectionFailedError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.model.coverage import Coverage
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import Step, showing, view_with, view_without
from snaptui.tui.deletions.messages import SnapshotsGone
from snaptui.tui.messages import ListingFailed, ListingStopped, RowsLoaded, SnapshotRead
from tests.unit.audit.rows import row

PART = Coverage(total=3, received=1)


def ids(state: BrowseState) -> list[str]:
    return sorted(one.id for one in state.snapshots)


def grown() -> BrowseState:
    empty = BrowseState()
    return showing(empty, view_with(empty, (row("1"), row("2"))))


def test_each_message_about_the_list_becomes_a_step() -> None:
    loaded = Step.of(RowsLoaded((row("1"),), PART, {"1"}))
    assert (loaded.rows, loaded.coverage, loaded.present) == ((row("1"),), PART, {"1"})
    assert Step.of(SnapshotsGone(frozenset({"1"}))).gone == {"1"}
    assert Step.of(SnapshotRead("2", FetchedSnapshot(row("2"), "{}"))).rows == (row("2"),)
    error = ConnectionFailedError("gone", sent=False)
    assert Step.of(SnapshotRead("2", error)).rows == ()
    for fact, words in ((ListingFailed(error), "gone"), (ListingStopped(), "stopped by you")):
        becomes = Step.of(fact).becomes
        assert becomes is not None
        assert words in (becomes(BrowseState()).coverage.shortfall or "")


def test_pages_go_together_and_whatever_takes_rows_away_keeps_its_place() -> None:
    first, second = Step((row("1"),), coverage=PART), Step((row("2"),), {"1", "2"}, coverage=Coverage(received=2))
    both = first.followed_by(second)
    assert both is not None
    assert (both.rows, both.present, both.coverage) == ((row("1"), row("2")), {"1", "2"}, second.coverage)
    assert second.followed_by(first) is None
    assert first.followed_by(Step(gone={"1"})) is None
    assert Step(gone={"1"}).followed_by(first) is None


def test_the_view_of_a_step_has_its_rows_and_not_those_that_are_gone() -> None:
    state = grown()
    assert ids(showing(state, Step((row("3"),)).view(state))) == ["1", "2", "3"]
    assert ids(showing(state, Step((row("3"),), {"2", "3"}).view(state))) == ["2", "3"]
    assert ids(showing(state, Step(gone={"1"}).view(state))) == ["2"]


def test_a_step_that_changes_nothing_keeps_the_view_that_is_shown() -> None:
    state = grown()
    assert view_with(state, (row("1"),)) is state.browsing.view
    assert view_without(state, {"9"}) is state.browsing.view
    assert showing(state, state.browsing.view) is state


def test_a_filter_that_was_wrong_for_the_list_before_is_applied_to_the_one_it_is_right_for() -> None:
    grown_by_one = showing(grown(), view_with(grown(), (row("0", tags=("prod",)),)))
    for text in ("type:odd", "tag:pro"):
        wrong = grown_by_one.filtered_by(text)
        assert (wrong.problem is None, len(wrong.browsing.view)) == (False, 3)
        right = showing(wrong, view_with(wrong, (row("3", kind="odd", tags=("pro",)),)))
        assert right.problem is None
        assert [one.id for one in right.browsing.view.slice(0, 9)] == ["3"]
        still = showing(wrong, view_with(wrong, (row("4"),)))
        assert (still.problem is None, len(still.browsing.view)) == (False, 4)
