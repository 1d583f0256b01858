"""Items that wait: in the order of the plan, and what comes back goes before all others."""

from pathlib import Path

from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.batch_file import BatchFile
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.items_left import WaitingItems
from tests.support.deleting import plan_of, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(5))


def owner_of(*done: int) -> BatchOwner:
    items = Items.of(Item(row, Outcome.DELETED if n in done else None) for n, row in enumerate(ROWS))
    batch = replace(Batch.of(plan_of(ROWS), 1.0, 0.0), items=items)
    return BatchOwner(batch, BatchFile(Path("batch.jsonl"), -1), clock=lambda: 1.0)


def test_what_has_an_outcome_does_not_wait() -> None:
    assert list(WaitingItems(owner_of(0, 3))) == [1, 2, 4]


def test_the_first_are_taken_and_no_more_than_there_are() -> None:
    waiting = WaitingItems(owner_of())
    assert waiting.take() == 0
    assert waiting.take_first(2) == [1, 2]
    assert waiting.take_first(9) == [3, 4]
    assert len(waiting) == 0
    assert waiting.take_first(1) == []


def test_one_out_of_the_middle_is_taken_once() -> None:
    waiting = WaitingItems(owner_of())
    assert waiting.take_this(2) is True
    assert waiting.take_this(2) is False
    assert list(waiting) == [0, 1, 3, 4]


def test_what_is_put_back_waits_before_all_others_in_its_order_unless_it_has_an_outcome() -> None:
    owner = owner_of()
    waiting = WaitingItems(owner)
    taken = waiting.take_first(3)
    owner.show(owner.batch.with_item(1, Item(ROWS[1], Outcome.FAILED)))
    waiting.put_back(taken)
    assert list(waiting) == [0, 2, 3, 4]
