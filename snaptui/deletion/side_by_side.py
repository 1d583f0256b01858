"""Parallel workers: the same coroutine several times at once."""

import asyncio
from collections.abc import Callable, Coroutine


async def side_by_side(number: int, work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Run `number` workers and wait for all. If one raises, the others are cancelled; raises an `ExceptionGroup`."""
    async with asyncio.TaskGroup() as group:
        for _ in range(number):
            group.create_task(work())
