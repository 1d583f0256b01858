import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from snaptui.digitalocean.api.errors import NotSentError
from snaptui.digitalocean.client.pacer import Pacer
from tests.support.deleting import Timeline


class Scene:
    def __init__(self, per_minute: int = 10, per_hour: int = 5_000) -> None:
        self.time = Timeline()
        self.pacer = Pacer(
            clock=self.time.clock,
            wall=self.time.wall,
            sleep=self.time.sleep,
            per_minute=per_minute,
            per_hour=per_hour,
        )

    async def send(self, number: int, *, background: bool = False) -> None:
        for _ in range(number):
            async with self.pacer.slot(background=background):
                pass

    @asynccontextmanager
    async def leased(self, wanted: int, least: int) -> AsyncIterator[tuple[int, int]]:
        async with self.pacer.lease(wanted, least) as lease:
            yield lease.number, lease.places


async def test_background_work_leaves_a_reserve_and_browsing_may_use_all() -> None:
    scene = Scene(per_minute=100)
    await scene.time.of(scene.send(92, background=True))
    assert scene.time.now == 1_000.0
    await scene.time.of(scene.send(8))
    assert scene.time.now == 1_000.0
    await scene.time.of(scene.send(1))
    assert scene.time.now == 1_060.0


async def test_the_hour_counts_too() -> None:
    scene = Scene(per_minute=1_000, per_hour=20)
    await scene.time.of(scene.send(20))
    await scene.time.of(scene.send(1))
    assert scene.time.now == pytest.approx(4_600.0)


async def test_a_lease_takes_what_is_free_and_gives_back_what_was_not_used() -> None:
    scene = Scene(per_minute=100)
    async with scene.leased(50, 4) as (number, places):
        assert places == 50
        for _ in range(3):
            async with scene.pacer.leased_slot(number):
                pass
        async with scene.leased(200, 4) as (_, more):
            assert more == 92 - 50
    async with scene.leased(200, 4) as (_, rest):
        assert rest == 92 - 3


async def test_a_lease_waits_for_the_least_it_can_do_with() -> None:
    scene = Scene(per_minute=100)
    await scene.time.of(scene.send(90, background=True))
    held: list[int] = []

    async def hold() -> None:
        async with scene.leased(50, 10) as (_, places):
            held.append(places)

    await scene.time.of(hold())
    assert scene.time.now == 1_060.0
    assert held == [50]


async def test_a_lease_never_waits_for_more_than_half_of_what_background_work_may_use() -> None:
    scene = Scene(per_minute=100)
    await scene.time.of(scene.send(46, background=True))
    async with scene.leased(500, 500) as (_, places):
        assert places == 46
    assert scene.time.now == 1_000.0


async def test_a_place_of_a_lease_is_there_at_once_or_not_at_all() -> None:
    scene = Scene(per_minute=100)
    async with scene.leased(1, 1) as (number, _):
        async with scene.pacer.leased_slot(number):
            pass
        with pytest.raises(NotSentError, match="no place"):
            async with scene.pacer.leased_slot(number):
                pass
    with pytest.raises(NotSentError, match="no place"):
        async with scene.pacer.leased_slot(99):
            pass


async def test_nothing_leaves_while_the_server_has_said_to_wait() -> None:
    scene = Scene(per_minute=100)
    async with scene.leased(5, 5) as (number, _):
        scene.pacer.block_for(30.0)
        scene.pacer.block_for(10.0)
        with pytest.raises(NotSentError, match="used up"):
            async with scene.pacer.leased_slot(number):
                pass

        async def look() -> None:
            async with scene.pacer.slot(background=True, lease=number):
                pass

        await scene.time.of(look())
        assert scene.time.now == 1_030.0


async def test_a_request_beyond_its_lease_waits_for_a_place_of_its_own() -> None:
    scene = Scene(per_minute=100)
    async with scene.leased(1, 1) as (number, _):
        await scene.time.of(scene.send(91, background=True))

        async def look(times: int) -> None:
            for _ in range(times):
                async with scene.pacer.slot(background=True, lease=number):
                    pass

        await scene.time.of(look(1))
        assert scene.time.now == 1_000.0
        await scene.time.of(look(1))
        assert scene.time.now == 1_060.0


async def test_giving_up_the_wait_for_a_lease_holds_nothing() -> None:
    scene = Scene(per_minute=100)
    await scene.time.of(scene.send(92, background=True))
    waiting = asyncio.create_task(scene.leased(5, 5).__aenter__())
    await asyncio.sleep(0)
    assert scene.pacer.wait is not None
    assert scene.pacer.wait.until == 1_060.0
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    assert scene.pacer.wait is None
    scene.time.gap(61.0)
    async with scene.leased(92, 4) as (_, places):
        assert places == 92


async def test_setting_the_clock_changes_nothing_but_what_is_said() -> None:
    scene = Scene(per_minute=10)
    await scene.time.of(scene.send(10))
    scene.time.offset = -3_600.0
    waits: list[float] = []
    scene.pacer.on_change(lambda: waits.append(scene.pacer.wait.until if scene.pacer.wait else 0.0))
    await scene.time.of(scene.send(1))
    assert scene.time.now == 1_060.0
    assert waits == [1_060.0 - 3_600.0, 0.0]


async def test_a_lease_that_has_enough_waits_a_moment_for_more() -> None:
    scene = Scene(per_minute=100)
    for _ in range(8):
        await scene.time.of(scene.send(10, background=True))
        scene.time.gap(1.0)
    held: list[int] = []

    async def hold() -> None:
        async with scene.leased(92, 20) as (_, places):
            held.append(places)

    await scene.time.of(hold())
    # 12 are free; the first ten follow after 60 s, and the others one second apart.
    assert held == [92 - 10]
    assert scene.time.now == 1_066.0


async def test_a_lease_that_holds_all_there_can_be_waits_for_no_more() -> None:
    scene = Scene(per_minute=100)

    async def lease() -> None:
        async with scene.leased(150, 20) as (_, places):
            assert places == 92

    await scene.time.of(lease())
    assert scene.time.now == 1_000.0


async def test_a_lease_that_has_enough_does_not_wait_for_what_is_far_off() -> None:
    scene = Scene(per_minute=100)
    await scene.time.of(scene.send(50, background=True))
    async with scene.leased(92, 20) as (_, places):
        assert places == 42
    assert scene.time.now == 1_000.0


async def test_a_place_is_free_a_window_after_the_answer_not_after_the_sending() -> None:
    scene = Scene(per_minute=1)

    async def slow() -> None:
        async with scene.pacer.slot(background=False):
            await scene.time.sleep(20.0)

    await scene.time.of(slow())
    await scene.time.of(scene.send(1))
    assert scene.time.now == 1_080.0


async def test_who_gives_up_waiting_for_what_the_server_said_leaves_the_lease_its_place() -> None:
    scene = Scene(per_minute=100)
    async with scene.leased(1, 1) as (number, _):
        scene.pacer.block_for(30.0)

        async def look() -> None:
            async with scene.pacer.slot(background=True, lease=number):
                raise AssertionError("it was given up")

        waiting = asyncio.create_task(look())
        await scene.time.of(scene.time.sleep(1.0))
        waiting.cancel()
        await asyncio.wait({waiting})
        assert waiting.cancelled()
        await scene.time.of(scene.time.sleep(30.0))
        async with scene.pacer.leased_slot(number):
            pass
