"""Items of a batch are a value that says the same as a tuple of them, and costs no more the more they are."""

from collections import Counter
from functools import partial
from random import Random

import pytest

from snaptui.deletion.items import BLOCK, GONE, Item, Items, Outcome, freed
from snaptui.model.cost import Totals
from tests.support.deleting import snapshot

ENDS = (*Outcome, None)
LENGTHS = (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7)


def plain(number: int) -> list[Item]:
    return [Item(snapshot(str(n))) for n in range(number)]


@pytest.mark.parametrize("number", LENGTHS)
def test_they_are_a_sequence_as_a_tuple_is(number: int) -> None:
    expected = tuple(plain(number))
    items = Items.of(expected)
    assert len(items) == number
    assert tuple(items) == expected
    assert items == expected
    assert items == Items.of(expected)
    assert items != (*expected, Item(snapshot("other")))
    assert items[1:-1:2] == expected[1:-1:2]
    assert [items[n] for n in range(-number, number)] == [expected[n] for n in range(-number, number)]
    with pytest.raises(IndexError):
        items[number]


def test_whatever_is_replaced_all_sums_are_those_of_the_items_and_nothing_before_changes() -> None:
    chance = Random(8)
    expected = plain(2 * BLOCK + 50)
    items = Items.of(expected)
    for _ in range(400):
        position = chance.randrange(len(expected))
        item = Item(expected[position].snapshot, chance.choice(ENDS))
        before, were = items, list(expected)
        items = items.replaced(position, item)
        expected[position] = item
        assert items[position] is item
        assert before[position] is were[position]
        assert items.counts == Counter(one.outcome for one in expected if one.outcome)
        ended = [item] if item.outcome is not None and were[position].outcome is None else []
        assert list(items.ended_since(before)) == ended
    assert items == expected
    assert 0 not in items.counts.values()
    assert items.gone_ids == {one.snapshot.id for one in expected if one.outcome in GONE}
    assert items.open_ids == {one.snapshot.id for one in expected if one.outcome is None}
    for price in (0.06, 0.10):
        assert items.freed(price) == freed(expected, price)
    assert list(items.ended_since(None)) == [one for one in expected if one.outcome is not None]


def test_what_was_summed_up_before_a_change_is_not_said_after_it() -> None:
    items = Items.of(plain(BLOCK + 1))
    assert (items.gone_ids, items.freed(0.06)) == (frozenset(), Totals())
    changed = items.replaced(BLOCK, Item(items[BLOCK].snapshot, Outcome.DELETED))
    assert changed.gone_ids == {str(BLOCK)}
    assert changed.freed(0.06).count == 1
    assert items.freed(0.06).count == 0
    assert len(changed.open_ids) == BLOCK


def test_a_change_of_many_leaves_all_blocks_but_one_as_they_were() -> None:
    items = Items.of(plain(20 * BLOCK))
    changed = items.replaced(5 * BLOCK + 3, Item(items[0].snapshot, Outcome.FAILED))
    same = [one is other for one, other in zip(items.blocks, changed.blocks, strict=True)]
    assert [number for number, is_same in enumerate(same) if not is_same] == [5]


def test_what_is_told_is_told_once() -> None:
    items = Items.of(plain(3))
    unknown = items.replaced(1, Item(items[1].snapshot, Outcome.UNKNOWN))
    assert [item.snapshot.id for item in unknown.ended_since(items)] == ["1"]
    replaced = partial(unknown.replaced, 1)
    assert list(replaced(Item(items[1].snapshot, Outcome.DELETED)).ended_since(unknown)) == []


def test_of_no_items_nothing_is_freed() -> None:
    assert Items.of([]).freed(0.06) == Totals()
