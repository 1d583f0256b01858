from msgspec.structs import replace

from snaptui.inventory.chosen import Chosen
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import cell_width
from snaptui.tui.browse.siblings import sibling_lines
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with
from snaptui.tui.details.words import Details, detail_lines


def some(snapshots: Snapshots, *ids: str) -> Chosen:
    return Chosen(snapshots, RowSet.of(snapshots.numbers_of(ids), len(snapshots)))


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
    both = replace(state, browsing=state.browsing.rows_marked(some(state.snapshots, "1", "2"), lambda _: None).browsing)
    assert [line.split()[-1] for line in shown(both)[2:]] == ["newest", "GB", "then"]


def test_that_nothing_would_be_left_is_said() -> None:
    state = state_of(row(1, 30), row(2, 3))
    all_marked = replace(
        state, browsing=state.browsing.rows_marked(some(state.snapshots, "1", "2"), lambda _: None).browsing
    )
    assert shown(all_marked)[-1] == " ! none would be left"


def test_an_only_one_has_no_siblings() -> None:
    assert shown(state_of(row(1, 30))) == []


def test_no_more_lines_than_there_is_room_for() -> None:
    state = state_of(*(row(number, number) for number in range(30)))
    for height in range(12):
        lines = shown(state, height)
        assert len(lines) <= height
        assert all(cell_width(line) <= 44 for line in lines)
    assert shown(state, 10)[-1] == "   23 more"
    assert shown(state, 4) == []


def test_one_without_a_date_is_there_last_and_is_left_when_all_others_go() -> None:
    undated = replace(row(9, 0), created=None)
    state = state_of(row(1, 30), row(2, 3), undated)
    assert shown(state)[1].split()[:3] == ["Same", "source", "3"]
    assert "dump-9" in shown(state)[-1]
    both = replace(state, browsing=state.browsing.rows_marked(some(state.snapshots, "1", "2"), lambda _: None).browsing)
    assert "none would be left" not in "\n".join(shown(both))
    assert [line.split()[-1] for line in shown(both)[2:]] == ["newest", "GB", "GB"]
    assert details_of(state) == "newest of 3 of this source by the dates that are known"
    assert details_of(state_of(row(1, 30), undated)).startswith("newest of 2 of this source")
    assert details_of(state_of(undated, replace(row(0, 0), created=None))) == "one of 2 of this source"
    assert details_of(state_of(row(1, 30))) == "only one of this source"


def details_of(state: BrowseState) -> str:
    newest = replace(state, browsing=state.browsing.moved_to(1 if len(state.snapshots) == 3 else 0))
    details = Details.of_current(newest.browsing, newest.sources)
    assert details is not None
    return "".join(piece.text for piece in detail_lines(details, newest.terms, 200)[-1]).rpartition(" · ")[2]


def test_of_a_source_of_many_the_rest_is_counted_and_that_none_would_be_left_is_said() -> None:
    state = state_of(*(row(number, number) for number in range(3_000)))
    marked = replace(state, browsing=state.browsing.all_marked(lambda _: None).browsing)
    assert shown(marked)[-1] == " ! none would be left"
    assert shown(state)[-1] == "   2,983 more"
