"""Lines about a batch: bar, rate, time left and what was freed are whole at every width."""

import pytest
from msgspec.structs import replace

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.progress import Progress
from snaptui.deletion.states import State
from snaptui.model.cost import Totals
from snaptui.text.lines import Line, width_of
from snaptui.tui.deletions.standing import Standing
from snaptui.tui.deletions.words import bar_line, batch_line
from tests.support.deleting import plan_of, snapshot

ITEMS = Items.of(Item(snapshot(str(n)), Outcome.DELETED if n < 150 else None) for n in range(331))
BATCH = Batch(plan_of(item.snapshot for item in ITEMS), ITEMS, State.RUNNING, began=1.0)
STANDING = Standing(BATCH, Progress(150, 331, 29.6, 59.0, Totals(150, 3_940.0, 23_640)))


def text(shown: Line) -> str:
    return "".join(piece.text for piece in shown)


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_list_of_deletions_has_bar_rate_time_left_and_what_was_freed(width: int) -> None:
    shown = text(batch_line(STANDING, 5.0, width, chosen=True))
    assert len(shown) <= width
    for part in ("deleting", "150 of 331", "▇▇", "29.6/s", "about 59 s", "freed 3.9 TB, $236.40/mo"):
        assert part in shown


@pytest.mark.parametrize(("width", "parts"), [(80, ("29.6/s",)), (120, ("29.6/s", "about 59 s left", "freed 3.9 TB"))])
def test_a_wait_is_said_in_the_bar_before_all_that_it_explains(width: int, parts: tuple[str, ...]) -> None:
    shown = bar_line((replace(STANDING, waiting="rate limit: waiting 41 s"),), 5.0, width)
    assert width_of(shown) <= width
    for part in ("deleting 150 of 331", "▇▇▇▇░░░░░░ 45 %", "rate limit: waiting 41 s", *parts):
        assert part in text(shown)


@pytest.mark.parametrize("width", [80, 120])
def test_the_list_of_deletions_says_what_is_waited_for_when_the_link_is_down(width: int) -> None:
    waiting = replace(STANDING, waiting="trying again: waiting 4 s")
    assert "trying again: waiting 4 s" in text(batch_line(waiting, 5.0, width, chosen=True))
    ended = replace(waiting, batch=replace(BATCH, state=State.ENDED, ended=4.0))
    assert "waiting" not in text(batch_line(ended, 5.0, width, chosen=True))


@pytest.mark.parametrize("width", range(20, 130))
def test_a_line_never_cuts_a_number(width: int) -> None:
    for shown in (batch_line(STANDING, 5.0, width, chosen=False), bar_line((STANDING,), 5.0, width)):
        assert width_of(shown) <= width
        assert not text(shown).rstrip().endswith(("$", ".", ","))


def test_what_an_earlier_run_deleted_is_not_said_to_be_taken_back() -> None:
    resumed = Batch(BATCH.plan, ITEMS, State.GRACE, grace_left=5.0)
    assert "deleting 181 snapshots in 5 s" in text(bar_line((replace(STANDING, batch=resumed),), 5.0, 80))
    items = Items.of(item if item.outcome else replace(item, outcome=Outcome.CANCELLED) for item in ITEMS)
    ended = Standing(Batch(BATCH.plan, items, State.ENDED, ended=9.0), Progress(331, 331, 0.0, None, Totals()))
    assert "nothing of 181 was sent" in text(bar_line((ended,), 9.0, 80))
