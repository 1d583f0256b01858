"""Sums of many rows: one after the other, off the event loop."""

import asyncio
import threading

from snaptui.tui.sums_thread import summed


async def test_sums_are_made_one_after_the_other_on_another_thread() -> None:
    under_way: list[int] = []
    most: list[int] = []

    def work(number: int) -> int:
        under_way.append(number)
        most.append(len(under_way))
        under_way.remove(number)
        assert threading.current_thread() is not threading.main_thread()
        return number

    assert await asyncio.gather(*(summed(work, number) for number in range(20))) == list(range(20))
    assert max(most) == 1


async def test_work_that_nobody_waits_for_any_more_does_not_begin() -> None:
    begun, free, done = threading.Event(), threading.Event(), list[str]()

    def hold() -> None:
        begun.set()
        free.wait(10)

    first = asyncio.ensure_future(summed(hold))
    await asyncio.to_thread(begun.wait, 10)
    given_up = asyncio.ensure_future(summed(done.append, "given up"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    free.set()
    await first
    await summed(done.append, "wanted")
    assert done == ["wanted"]
