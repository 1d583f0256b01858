import asyncio
import time

import pytest

from snaptui.digitalocean.api.departure import LOOK_SECONDS, Departure, boot_seconds
from snaptui.digitalocean.api.errors import LookTooOldError, WithdrawnError


@pytest.mark.parametrize("age", [0.0, 4.9, LOOK_SECONDS])
def test_a_delete_leaves_on_a_look_of_at_most_five_seconds(age: float) -> None:
    departure = Departure(100.0, clock=lambda: 100.0 + age)
    assert (departure.left, departure.withdrawn) == (False, False)
    left: list[bool] = []
    departure.on_leave = lambda: left.append(True)
    departure.leave()
    assert departure.left
    assert left == [True]


@pytest.mark.parametrize("age", [5.001, 60.0, 1e9, -0.001])
def test_an_older_look_or_one_of_the_future_keeps_it_back(age: float) -> None:
    departure = Departure(100.0, clock=lambda: 100.0 + age)
    with pytest.raises(LookTooOldError, match="looked at"):
        departure.leave()
    assert not departure.left


def test_what_is_withdrawn_never_leaves() -> None:
    departure = Departure(100.0, clock=lambda: 100.0)
    told: list[bool] = []
    departure.on_withdraw = lambda: told.append(True)
    departure.withdraw()
    departure.withdraw()
    assert told == [True]
    with pytest.raises(WithdrawnError, match=r"^it was withdrawn before it was sent\.$"):
        departure.leave()
    assert not departure.left


def test_what_has_left_cannot_be_withdrawn() -> None:
    departure = Departure(100.0, clock=lambda: 100.0)
    told: list[bool] = []
    departure.on_withdraw = lambda: told.append(True)
    departure.leave()
    departure.withdraw()
    assert told == []
    assert departure.left
    assert not departure.withdrawn


def test_it_waits_for_a_place_by_itself_unless_a_lease_holds_one() -> None:
    assert (Departure(100.0).lease, Departure(100.0, 7).lease) == (0, 7)


async def test_it_is_decided_once_it_has_left_or_is_over() -> None:
    gone, never = Departure(100.0, clock=lambda: 100.0), Departure(100.0, clock=lambda: 100.0)
    waiting = [asyncio.create_task(departure.decided()) for departure in (gone, never)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in waiting)
    gone.leave()
    never.over()
    await asyncio.gather(*waiting)


def test_the_age_of_a_look_counts_suspend() -> None:
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= boot_seconds() <= time.clock_gettime(time.CLOCK_BOOTTIME)
