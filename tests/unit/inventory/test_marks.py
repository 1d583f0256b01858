from snaptui.inventory.marks import MarkedRows
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot


def row(name: str, size: float | None) -> Snapshot:
    return Snapshot(name, name, None, None, (), 1, size, "1", "droplet", ())


LISTED = Snapshots([row("a", 1.0), row("b", 2.0), row("c", None), row("d", 8.0)], 0.05)


def allow(_row: Snapshot) -> None:
    return None


def refuse_large(row: Snapshot) -> str | None:
    return "large" if (row.size_gigabytes or 0.0) > 5 else None


def test_marks_of_another_list_are_those_that_are_still_there() -> None:
    marks = MarkedRows.of(("a", "gone", "d"), LISTED)
    assert marks.ids == {"a", "d"}
    assert list(marks.rows) == [0, 3]
    shorter = LISTED.without({"a"})
    moved = MarkedRows.of(marks.ids, shorter)
    assert (list(moved.rows), moved.totals.gigabytes) == ([2], 8.0)


def test_a_mark_comes_and_goes_with_its_sums() -> None:
    once = MarkedRows().toggled(1, LISTED).toggled(2, LISTED)
    assert (once.ids, once.totals.count, once.totals.gigabytes, once.totals.unsized) == (
        frozenset({"b", "c"}),
        2,
        2.0,
        1,
    )
    again = once.toggled(1, LISTED)
    assert (again.ids, list(again.rows), again.totals.gigabytes) == (frozenset({"c"}), [2], 0.0)


def test_what_is_refused_stays_unmarked_and_says_why() -> None:
    marks, refused = MarkedRows.of(("b",), LISTED).with_rows(RowSet.of((0, 1, 3), 4), LISTED, refuse_large)
    assert (marks.ids, refused) == (frozenset({"a", "b"}), ("large",))
    assert marks.totals == LISTED.sums.of(RowSet.of((0, 1), 4))


def test_marks_are_taken_away_by_rows_and_by_ids() -> None:
    marks, _ = MarkedRows().with_rows(RowSet.everything(4), LISTED, allow)
    assert marks.without_rows(RowSet.of((0, 1), 4), LISTED).ids == {"c", "d"}
    assert marks.without_ids({"d", "gone"}, LISTED).ids == {"a", "b", "c"}
    assert marks.without_rows(RowSet.everything(4), LISTED) == MarkedRows()


def test_marks_that_a_filter_hides_are_counted() -> None:
    marks = MarkedRows.of(("a", "b"), LISTED)
    assert marks.hidden_by(RowSet.of((1, 2), 4)) == 1
    assert MarkedRows().hidden_by(RowSet.of((1, 2), 4)) == 0


def test_of_many_rows_only_those_that_can_be_refused_are_asked_about() -> None:
    listed = Snapshots([row(f"{number}", 8.0 if number % 10 == 0 else 1.0) for number in range(1_000)], 0.05)
    large = RowSet.of(range(0, 1_000, 10), 1_000)
    asked = list[str]()

    def refusal(one: Snapshot) -> str | None:
        asked.append(one.id)
        return refuse_large(one)

    numbers = range(5, 995)
    found = MarkedRows.of(("0",), listed).with_rows(RowSet.of(numbers, 1_000), listed, refusal, lambda: large)
    assert asked == [f"{number}" for number in range(10, 995, 10)]
    assert found == MarkedRows.of(("0",), listed).with_rows(RowSet.of(numbers, 1_000), listed, refuse_large)
    assert len(found[1]) == 99
    assert found[0].ids == {"0", *(f"{number}" for number in numbers if number % 10)}


def test_a_row_that_may_be_refused_and_is_not_is_marked() -> None:
    listed = Snapshots([row(f"{number}", 1.0) for number in range(1_000)], 0.05)
    found = MarkedRows().with_rows(RowSet.everything(1_000), listed, refuse_large, lambda: RowSet.everything(1_000))
    assert (found[0].totals.count, found[1]) == (1_000, ())
