"""Workers run at once, end together, and none goes on once another has failed."""

import asyncio

import pytest

from snaptui.deletion.side_by_side import side_by_side


class BugError(Exception):
    """Nothing that was thought of."""


@pytest.mark.parametrize("number", [1, 3])
async def test_so_many_workers_are_under_way_at_once(number: int) -> None:
    meeting, met = asyncio.Barrier(number), list[int]()

    async def work() -> None:
        met.append(await meeting.wait())

    async with asyncio.timeout(10):
        await side_by_side(number, work)
    assert sorted(met) == list(range(number))


async def test_it_returns_when_the_slowest_has_ended() -> None:
    names, done = ["second", "first"], list[str]()
    other_ended = asyncio.Event()

    async def work() -> None:
        name = names.pop()
        if name == "first":
            await other_ended.wait()
        done.append(name)
        other_ended.set()

    await side_by_side(2, work)
    assert done == ["second", "first"]


async def test_where_one_fails_the_others_are_cancelled_before_that_is_told() -> None:
    ends = list[str]()
    waiting = asyncio.Event()

    async def work() -> None:
        if waiting.is_set():
            raise BugError
        waiting.set()
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("cancelled")

    with pytest.raises(ExceptionGroup) as told:
        await side_by_side(2, work)
    assert [type(error) for error in told.value.exceptions] == [BugError]
    assert ends == ["cancelled"]
