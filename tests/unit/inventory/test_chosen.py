"""Rows chosen from one list are found in another by their ids, and only those that are there."""

from snaptui.inventory.chosen import Chosen
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot


def row(name: str) -> Snapshot:
    return Snapshot(name, name, None, None, (), 1, 1.0, "1", "droplet", ())


LISTED = Snapshots([row("a"), row("b"), row("c"), row("d")])
CHOSEN = Chosen(LISTED, RowSet.of((1, 2), 4))


def test_in_their_own_list_they_are_as_they_are() -> None:
    assert CHOSEN.found_in(LISTED) is CHOSEN.rows


def test_in_a_later_list_they_have_other_numbers_and_those_that_went_have_none() -> None:
    assert list(CHOSEN.found_in(LISTED.without({"a"}))) == [0, 1]
    assert list(CHOSEN.found_in(Snapshots([row("e"), row("c"), row("f"), row("a")]))) == [1]
    assert list(CHOSEN.found_in(Snapshots([row("e")]))) == []
