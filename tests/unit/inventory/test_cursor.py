from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.cursor import Browsing, Marking
from snaptui.inventory.orders import Sort, SortKey
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import Place, QueryContext, parse

CONTEXT = QueryContext(now=0.0, marked=(), sources=Sources(), usd_per_gb_month=0.06)


def snapshot(name: str, size: float | None = 1.0, damage: str | None = None) -> Snapshot:
    return Snapshot(f"id-{name}", name, None, None, (), 1, size, "1", "droplet", (), damage)


def view_of(*names: str, query: str = "", sort: Sort | None = None) -> View:
    snapshots = Snapshots([snapshot(name, float(n)) for n, name in enumerate(names, 1)])
    return View.of(snapshots, parse(query), sort or Sort(), CONTEXT)


def refuses_damaged(row: Snapshot) -> str | None:
    return row.damage


def shown(browsing: Browsing) -> list[str]:
    return [browsing.view.at(position).name for position in range(len(browsing.view))]


def browse(*names: str) -> Browsing:
    return Browsing().showing(view_of(*names))


def name_at_cursor(browsing: Browsing) -> str | None:
    return browsing.current.name if browsing.current else None


def filtered(browsing: Browsing, query: str) -> Browsing:
    view = browsing.view
    return browsing.showing(View.of(view.snapshots, parse(query), view.sort, CONTEXT))


def test_the_cursor_stays_with_its_snapshot_when_the_order_changes() -> None:
    browsing = browse("a", "b", "c").moved_to(0)
    view = browsing.view
    sort = Sort(SortKey.SIZE, descending=True)
    resorted = browsing.showing(View.of(view.snapshots, view.query, sort, CONTEXT))
    assert shown(resorted) == ["c", "b", "a"]
    assert name_at_cursor(resorted) == "a"
    assert resorted.position == 2


def test_the_cursor_goes_to_the_next_row_when_its_snapshot_is_gone() -> None:
    browsing = browse("a", "b", "c", "d").moved_to(1)
    left = browsing.view.snapshots.without({"id-b"})
    after = browsing.showing(View.of(left, parse(""), Sort(), CONTEXT))
    assert name_at_cursor(after) == "c"


def test_the_cursor_goes_up_when_the_last_row_is_gone() -> None:
    browsing = browse("a", "b", "c").moved_to(2)
    left = browsing.view.snapshots.without({"id-c"})
    assert name_at_cursor(browsing.showing(View.of(left, parse(""), Sort(), CONTEXT))) == "b"


def test_an_empty_view_has_no_cursor() -> None:
    assert filtered(browse("a"), "zzz").current is None


def test_marks_survive_a_filter_and_the_hidden_ones_are_counted() -> None:
    browsing = browse("web-1", "web-2", "db-1").all_marked(refuses_damaged).browsing
    narrowed = filtered(browsing, "web")
    assert narrowed.marks == {"id-web-1", "id-web-2", "id-db-1"}
    assert narrowed.hidden == 1
    assert narrowed.marked.count == 3


def test_marks_of_snapshots_that_are_gone_go_too() -> None:
    browsing = browse("a", "b").all_marked(refuses_damaged).browsing
    left = browsing.view.snapshots.without({"id-b"})
    after = browsing.showing(View.of(left, parse(""), Sort(), CONTEXT))
    assert after.marks == {"id-a"}
    assert after.marked.gigabytes == 1.0


def test_without_marks_an_action_means_the_row_under_the_cursor() -> None:
    browsing = browse("a", "b").moved_to(1)
    assert [row.name for row in browsing.targets()] == ["b"]
    marked = browsing.moved_to(0).toggled(refuses_damaged).browsing.moved_to(1)
    assert [row.name for row in marked.targets()] == ["a"]


def test_a_mark_is_taken_away_by_marking_again() -> None:
    once = browse("a").toggled(refuses_damaged).browsing
    twice = once.toggled(refuses_damaged).browsing
    assert once.marked.count == 1
    assert twice.marks == frozenset()
    assert twice.marked.gigabytes == 0.0


def test_a_range_is_marked_from_one_end_to_the_other() -> None:
    browsing = browse("a", "b", "c", "d").moved_to(2).range_started().moved_to(0)
    marking = browsing.range_marked(refuses_damaged)
    assert marking.browsing.marks == {"id-a", "id-b", "id-c"}
    assert marking.marked == 3
    assert marking.browsing.anchor_id is None


def test_marking_all_means_all_that_match_on_every_page() -> None:
    marking = filtered(browse(*(f"web-{n}" for n in range(50)), "db"), "web").all_marked(refuses_damaged)
    assert marking.marked == 50


def test_inverting_touches_only_what_is_shown() -> None:
    browsing = browse("web-1", "web-2", "db").all_marked(refuses_damaged).browsing
    marking = filtered(browsing, "web").inverted(refuses_damaged)
    assert marking.browsing.marks == {"id-db"}


def test_a_refused_row_is_not_marked_and_the_reason_is_given() -> None:
    snapshots = Snapshots([snapshot("a"), snapshot("b", damage="no size")])
    browsing = Browsing().showing(View.of(snapshots, parse(""), Sort(), CONTEXT))
    marking: Marking = browsing.all_marked(refuses_damaged)
    assert marking.browsing.marks == {"id-a"}
    assert marking.refused == ("no size",)


def test_a_page_is_where_the_cursor_is() -> None:
    browsing = browse(*(f"s{n}" for n in range(45))).moved_to(25)
    page = browsing.page(20)
    assert (page.number, page.total, page.start, page.stop) == (2, 3, 20, 40)


def test_merging_rows_keeps_every_order_right() -> None:
    first = Snapshots([snapshot("b"), snapshot("d")])
    merged = first.merged([snapshot("c"), snapshot("a"), snapshot("b", 9.0)])
    view = View.of(merged, parse(""), Sort(), CONTEXT)
    assert [row.name for row in view.slice(0, 9)] == ["a", "b", "c", "d"]
    assert merged.sums.totals.gigabytes == 12.0
    assert len(first) == 2


def test_narrowing_gives_the_same_rows_as_looking_at_all() -> None:
    wide = filtered(browse("web-1", "web-12", "db-1"), "web")
    narrow = filtered(wide, "web-12")
    assert shown(narrow) == ["web-12"]


def test_siblings_are_newest_first_and_the_latest_is_known() -> None:
    def dated(name: str, created: float) -> Snapshot:
        return Snapshot(name, name, "x", created, (), 1, 1.0, "source", "volume", ())

    snapshots = Snapshots([dated("old", 1.0), dated("new", 3.0), dated("mid", 2.0)])
    mid = snapshots.get("mid")
    assert mid is not None
    assert [snapshots.rows[number].id for number in snapshots.places.siblings(mid)] == ["new", "mid", "old"]
    assert [row.id for row in snapshots if snapshots.places.source_place(row) == Place(1, 3)] == ["new"]


def test_the_cursor_goes_to_the_nearest_row_that_a_filter_leaves() -> None:
    browsing = browse("a1", "b1", "c2", "d1", "e2").moved_to(1)
    assert name_at_cursor(filtered(browsing, "2")) == "c2"
    assert name_at_cursor(filtered(browsing.moved_to(3), "c")) == "c2"
    assert name_at_cursor(filtered(filtered(browsing, "zzz"), "")) == "a1"


MARKING = {"toggle": Browsing.toggled, "all": Browsing.all_marked, "invert": Browsing.inverted}
MOVING = {"up": -1, "down": 1, "end": 99}
QUERIES = ["1", "web", "-2", "is:marked", ""]
KEYS = st.lists(st.sampled_from([*MARKING, *MOVING, *QUERIES, "range", "size", "less"]), max_size=12)


@given(KEYS)
def test_what_is_kept_of_the_marks_is_what_they_add_up_to(keys: list[str]) -> None:
    browsing = browse("web-1", "web-2", "db-1", "db-2", "api-3")
    for key in keys:
        browsing = pressed(browsing, key)
        view = browsing.view
        marked = [row for row in view.snapshots if row.id in browsing.marks]
        shown = {row.id for row in view.slice(0, len(view))}
        assert browsing.marked.count == len(marked) == len(browsing.marks)
        assert browsing.marked.gigabytes == sum(row.size_gigabytes or 0.0 for row in marked)
        assert browsing.hidden == len(browsing.marks - shown)
        assert not marked or {row.id for row in browsing.targets()} == browsing.marks
        assert browsing.current is None or view.position_of(browsing.current.id) == browsing.position


def pressed(browsing: Browsing, key: str) -> Browsing:
    if key in MARKING:
        return MARKING[key](browsing, refuses_damaged).browsing
    if key in MOVING:
        return browsing.moved_to(browsing.position + MOVING[key])
    if key == "range":
        return browsing.range_started().moved_to(0).range_marked(refuses_damaged).browsing
    view, snapshots = browsing.view, browsing.view.snapshots
    context = QueryContext(now=0.0, marked=browsing.marks)
    if key == "less":
        snapshots = snapshots.without({row.id for row in view.slice(0, 1)})
    query = parse(key) if key in QUERIES else view.query
    sort = Sort(SortKey.SIZE, descending=True) if key == "size" else view.sort
    return browsing.showing(View.of(snapshots, query, sort, context))
