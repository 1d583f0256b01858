import pytest

from snaptui.deletion.batch import Batch, Item, Outcome
from snaptui.deletion.progress import Pace, forecast
from tests.support.deleting import plan_of, snapshot


def batch_of(done: int, total: int) -> Batch:
    items = tuple(Item(snapshot(str(n)), Outcome.DELETED if n < done else None) for n in range(total))
    return Batch(plan_of(item.snapshot for item in items), items)


@pytest.mark.parametrize(
    ("needed", "sent", "seconds"),
    [
        (10, 0, 1.0),
        (230, 0, 23.0),
        (231, 0, 60.1),
        (230, 10, 60.0),
        (460, 230, 143.0),
        (700, 230, 241.0),
    ],
)
def test_the_time_left_counts_the_waits_for_the_rate_limit_in(needed: int, sent: int, seconds: float) -> None:
    just_sent = [1_000.0] * sent
    assert forecast(needed, just_sent, 1_000.0, 10.0, 230, 60.0) == pytest.approx(seconds, abs=1.1)


def test_places_that_are_free_again_are_not_waited_for() -> None:
    assert forecast(100, [900.0] * 230, 1_000.0, 10.0, 230, 60.0) == pytest.approx(10.0)
    assert forecast(100, [970.0] * 230, 1_000.0, 10.0, 230, 60.0) == pytest.approx(39.9)


def test_nothing_is_foretold_before_anything_was_measured() -> None:
    pace = Pace(lambda: 0.0)
    assert pace.of(batch_of(0, 10), 20, 0.0, 0.06).seconds_left is None
    assert pace.of(batch_of(10, 10), 0, 0.0, 0.06).seconds_left == 0.0


def test_a_rate_counts_only_the_time_that_was_worked() -> None:
    pace = Pace(lambda: 100.0)
    for _ in range(20):
        pace.item_ended()
    pace.worked(2.0)
    progress = pace.of(batch_of(20, 60), 80.0, 0.0, 0.06)
    assert progress.per_second == 10.0
    assert progress.seconds_left == pytest.approx(4.0)
    assert (progress.done, progress.total) == (20, 60)


def test_a_wait_that_is_going_on_is_the_least_that_is_left() -> None:
    pace = Pace(lambda: 100.0)
    pace.item_ended()
    pace.worked(0.1)
    assert pace.of(batch_of(1, 2), 2.0, 42.0, 0.06).seconds_left == 42.0


def test_what_was_freed_is_what_is_gone() -> None:
    pace = Pace(lambda: 100.0)
    freed = pace.of(batch_of(4, 6), 4.0, 0.0, 0.10).freed
    assert (freed.count, freed.gigabytes) == (4, 10.0)
    assert freed.monthly_usd == pytest.approx(1.0)
