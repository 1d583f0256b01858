"""Lines of items are those of each item, one after the other, made only where they are in sight."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch, Stop, StopKind
from snaptui.deletion.items import BLOCK, Item, Items, Outcome
from snaptui.deletion.states import State
from snaptui.text.lines import Line
from snaptui.tui.deletions.item_lines import ItemLines
from tests.support.deleting import plan_of, snapshot

REASONS = ("", "boom (HTTP 500). Try again; status.digitalocean.com tells of outages", "in use")


def batch_of(number: int) -> Batch:
    items = Items.of(
        Item(snapshot(str(n)), (*Outcome, None)[n % 8], REASONS[n % 3] if n % 8 < 7 else "") for n in range(number)
    )
    return Batch(plan_of(item.snapshot for item in items), items, State.RUNNING)


def text(lines: Sequence[Line]) -> list[str]:
    return ["".join(piece.text for piece in one).rstrip() for one in lines]


@pytest.mark.parametrize("width", [30, 60, 120])
def test_every_line_is_in_its_place_whatever_part_is_asked_for(width: int) -> None:
    batch = batch_of(2 * BLOCK + 9)
    lines = ItemLines().of(batch, width)
    alone = [
        part for item in batch.items for part in text(ItemLines().of(replace(batch, items=Items.of([item])), width))[1:]
    ]
    assert text(lines[:]) == [" in ops@example.com", *alone]
    assert len(lines) == len(alone) + 1
    for start in range(0, len(lines), 97):
        assert text(lines[start : start + 10]) == text(lines[:])[start : start + 10]
    assert text([lines[-1]]) == [alone[-1]]
    with pytest.raises(IndexError):
        lines[len(lines)]


def test_another_batch_width_or_outcome_shows_other_lines() -> None:
    items = Items.of(Item(snapshot(str(n))) for n in range(BLOCK + 3))
    batch = Batch(plan_of(item.snapshot for item in items), items, State.RUNNING)
    writer = ItemLines()
    assert text(writer.of(batch, 80)[8:9])[0].startswith("   waiting")
    changed = batch.with_item(7, Item(items[7].snapshot, Outcome.FAILED, "in use by a droplet that is being built"))
    lines = writer.of(changed, 80)
    assert text(lines[8:9])[0].startswith(" ✗ failed")
    assert text(lines[9:10]) == ["   in use by a droplet that is being built"]
    assert len(lines) == len(items) + 2
    assert len(writer.of(changed, 20)) == len(items) + 4
    assert len(writer.of(changed, 80)) == len(lines)
    assert text(writer.of(batch_of(2), 80)[:])[1].startswith(" ✓ deleted")


def test_why_a_batch_stopped_or_waits_stands_above_its_items() -> None:
    batch = replace(
        batch_of(3),
        state=State.BLOCKED,
        unwritable="the disk is full",
        stop=Stop(StopKind.RATE_LIMIT, "rate limit"),
    )
    assert text(ItemLines().of(batch, 80)[:4]) == [
        " in ops@example.com",
        "   stopped: rate limit",
        "   the disk is full",
        "   it goes on by itself as soon as that works again",
    ]


def test_lines_of_items_of_which_nothing_has_changed_are_not_made_again() -> None:
    writer, batch = ItemLines(), batch_of(4 * BLOCK)
    lines = writer.of(batch, 80)
    before = lines[1_000:1_040]
    after = writer.of(batch.with_item(0, Item(batch.items[0].snapshot)), 80)[1_000:1_040]
    assert all(one is other for one, other in zip(before, after, strict=True))
