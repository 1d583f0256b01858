"""Standings of batches: what can be taken back, what may not be marked, and the order in the list."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.progress import Progress
from snaptui.deletion.states import State
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.tui.deletions.standing import Standing, Standings, in_order, next_to_take_back, why_not_taken_back
from tests.support.deleting import plan_of, snapshot

ROWS = tuple(snapshot(str(number)) for number in range(4))


def standing(plan_id: str, state: State, ids: str = "0", ended: float | None = None) -> Standing:
    rows = [ROWS[int(each)] for each in ids]
    outcome = Outcome.DELETED if state is State.ENDED else None
    items = Items.of(Item(row, outcome) for row in rows)
    batch = Batch(plan_of(rows, plan_id), items, state, confirmed=1.0, began=1.0, ended=ended)
    return Standing(batch, Progress(0, len(rows), 0.0, None, Totals()))


def named(each: Standing) -> str:
    return each.batch.id


def test_the_newest_that_has_not_begun_is_the_one_to_take_back() -> None:
    each = (standing("a", State.GRACE), standing("b", State.QUEUED), standing("c", State.RUNNING))
    batch = next_to_take_back(each)
    assert batch is not None
    assert batch.id == "b"
    assert why_not_taken_back(each) is None


@pytest.mark.parametrize(
    ("states", "why"),
    [((State.RUNNING,), "it has begun"), ((State.ENDED,), "no deletion is waiting"), ((), "no deletion is waiting")],
)
def test_why_nothing_can_be_taken_back_is_said(states: tuple[State, ...], why: str) -> None:
    each = tuple(standing(state.value, state) for state in states)
    assert next_to_take_back(each) is None
    assert (why_not_taken_back(each) or "").startswith(why)


def test_what_is_open_can_be_neither_marked_nor_planned_and_what_has_ended_can() -> None:
    standings = Standings.of((standing("a", State.RUNNING, "01"), standing("b", State.ENDED, "2")), 5.0)
    refusal = standings.refusal_beside(lambda row: "protected" if row.id == "3" else None)
    assert [refusal(row) for row in ROWS] == ["it is in a deletion already; l lists it"] * 2 + [None, "protected"]


def test_what_is_open_stands_as_it_was_confirmed_and_what_ended_last_stands_first_below() -> None:
    each = [
        standing("first", State.ENDED, ended=9.0),
        standing("second", State.RUNNING),
        standing("third", State.ENDED, ended=12.0),
        standing("fourth", State.GRACE),
    ]
    assert list(map(named, in_order(each))) == ["second", "fourth", "third", "first"]


def test_only_what_was_gone_before_the_list_was_loaded_is_still_listed() -> None:
    standings = Standings.of((standing("a", State.ENDED, "01", ended=10.0),), 20.0)
    assert standings.still_listed(Snapshots(ROWS[1:]), loaded_at=11.0) == 1
    assert standings.still_listed(Snapshots(ROWS[1:]), loaded_at=10.0) == 0
    running = Standings.of((replace(standing("a", State.RUNNING), waiting=""),), 20.0)
    assert running.still_listed(Snapshots(ROWS), loaded_at=11.0) == 0
