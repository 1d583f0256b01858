from collections import deque

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.progress import BACKGROUND_PER_HOUR, STEPS, Pace, forecast
from tests.support.deleting import plan_of, snapshot


def batch_of(done: int, total: int) -> Batch:
    items = Items.of(Item(snapshot(str(n)), Outcome.DELETED if n < done else None) for n in range(total))
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


@pytest.mark.parametrize(("each", "seconds"), [(1, 10.0), (2, 70.0)])
def test_what_was_just_sent_has_its_places_of_the_minute(each: int, seconds: float) -> None:
    pace = Pace(lambda: 100.0)
    for _ in range(115):
        pace.item_ended()
    pace.worked(11.5)
    left = pace.of(batch_of(115, 215), 100.0 * each, 0.0, 0.06).seconds_left
    assert left == pytest.approx(seconds, abs=0.1)


def test_what_was_freed_is_what_is_gone() -> None:
    pace = Pace(lambda: 100.0)
    freed = pace.of(batch_of(4, 6), 4.0, 0.0, 0.10).freed
    assert (freed.count, freed.gigabytes) == (4, 10.0)
    assert freed.monthly_usd == pytest.approx(1.0)


def one_by_one(needed: int, sent: list[float], now: float, rate: float, limit: int, window: float) -> float:
    """The same, request by request."""
    taken = [moment + window - now for moment in sorted(sent) if moment > now - window][-limit:]
    free_at = deque([0.0] * (limit - len(taken)) + taken)
    through = 0.0
    for _ in range(needed):
        through = max(through + 1 / rate, free_at.popleft())
        free_at.append(through + window)
    return through


@given(
    st.integers(0, 4_000),
    st.lists(st.floats(0.0, 100.0), max_size=100).map(sorted),
    st.floats(0.2, 50.0),
    st.sampled_from([1, 7, 40, 230]),
)
def test_a_forecast_of_few_steps_says_what_going_through_each_request_says(
    needed: int, sent: list[float], rate: float, limit: int
) -> None:
    exact = one_by_one(needed, sent, 100.0, rate, limit, 60.0)
    assert forecast(needed, sent, 100.0, rate, limit, 60.0) == pytest.approx(exact, abs=max(1e-6, limit / rate))


@given(
    st.integers(0, 30_000),
    st.lists(st.floats(0.0, 3_700.0), max_size=100).map(sorted),
    st.integers(1, 40),
    st.floats(0.5, 20.0),
)
@settings(max_examples=20)
@example(22_861, [0.0, 30.0, 269.0, 619.0, 888.0, 888.0, 888.0, 888.0, 1059.0, 3332.0], 19, 20.0)
def test_a_forecast_of_the_hour_is_right_to_a_hundredth_of_it_and_to_two_steps(
    needed: int, some: list[float], times: int, rate: float
) -> None:
    sent = sorted(some * times)
    limits = BACKGROUND_PER_HOUR, 3_600.0
    steps = 2 * BACKGROUND_PER_HOUR // STEPS
    fewer, more = (one_by_one(max(0, needed + by), sent, 3_700.0, rate, *limits) for by in (-steps, steps))
    within = max(60.0, 0.01 * more)
    assert fewer - within <= forecast(needed, sent, 3_700.0, rate, *limits) <= more + within


def test_a_large_batch_is_foretold_from_the_last_hour_alone() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for _ in range(50_000):
        now[0] += 2.0
        pace.item_ended()
    pace.worked(100_000.0)
    assert pace.per_second == pytest.approx(0.5)
    assert pace.of(batch_of(5, 15), 20.0, 0.0, 0.06).seconds_left == pytest.approx(20.0, abs=1.0)
