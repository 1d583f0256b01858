from pathlib import Path

import pytest
from msgspec.structs import replace

from snaptui.deletion.history import history_of
from snaptui.deletion.items import Item, Outcome, freed
from snaptui.deletion.journal import Journal
from tests.support.deleting import plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(4))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    kept = Journal(tmp_path / "deletions")
    for at, name, row in ((300.0, "late", ROWS[1]), (100.0, "early", ROWS[0])):
        file = kept.begin(at, plan_of([row], name))
        file.settle(at + 1, Item(row, Outcome.DELETED))
        file.end(at + 2)
    return kept


def test_the_history_has_the_first_confirmed_first_whatever_its_file_is_called(journal: Journal) -> None:
    found = history_of(journal)
    assert [batch.id for batch in found.batches] == ["early", "late"]
    assert [item.snapshot.id for item in found.items] == ["0", "1"]
    assert (found.problems, found.unread) == ([], 0)


@pytest.mark.parametrize("outcome", [Outcome.ALREADY_GONE, Outcome.UNKNOWN])
def test_what_was_tried_again_counts_once_and_is_gone_if_it_is_gone_in_any(journal: Journal, outcome: Outcome) -> None:
    file = journal.begin(200.0, plan_of(ROWS[:3], "again"))
    for row, became in zip(ROWS, (outcome, Outcome.FAILED, Outcome.CANCELLED), strict=False):
        file.settle(201.0, Item(row, became))
    file.close()
    items = history_of(journal).items
    assert [(item.snapshot.id, item.outcome) for item in items] == [
        ("0", Outcome.DELETED),
        ("1", Outcome.DELETED),
        ("2", Outcome.CANCELLED),
    ]
    assert freed(items, 0.10).count == 2


@pytest.mark.parametrize(("since", "ids"), [(100.0, ["early", "late"]), (100.5, ["late"]), (301.0, [])])
def test_since_a_moment_there_is_what_was_confirmed_from_then_on(
    journal: Journal, since: float, ids: list[str]
) -> None:
    assert [batch.id for batch in history_of(journal, since).batches] == ids


def test_a_file_that_cannot_be_read_is_named_and_hides_no_other(journal: Journal, tmp_path: Path) -> None:
    bad = tmp_path / "deletions" / "0000.jsonl"
    bad.write_bytes(b"\xff\n")
    found = history_of(journal)
    assert [batch.id for batch in found.batches] == ["early", "late"]
    assert [str(bad) in problem for problem in found.problems] == [True]
    assert found.unread == 1


def test_a_file_of_which_a_line_is_damaged_is_named_and_counts_as_read(journal: Journal) -> None:
    path = journal.paths()[0]
    path.write_bytes(path.read_bytes() + b"no line\n")
    found = history_of(journal)
    assert [batch.id for batch in found.batches] == ["early", "late"]
    assert (len(found.problems), found.unread) == (1, 0)


def test_what_is_freed_is_what_is_gone_by_whomever() -> None:
    gone = [Item(ROWS[0], Outcome.DELETED), Item(ROWS[1], Outcome.ALREADY_GONE)]
    kept = [Item(ROWS[2], outcome) for outcome in (Outcome.FAILED, Outcome.UNKNOWN, Outcome.CANCELLED, None)]
    assert freed([*gone, *kept], 0.10).count == 2
    assert freed(gone, 0.10).monthly_usd == pytest.approx(0.5)
    unknown = replace(ROWS[3], size_gigabytes=None)
    assert freed([Item(unknown, Outcome.DELETED)], 0.10).monthly_usd == 0.0
