"""The same work several times at once."""

import asyncio
from collections.abc import Callable, Coroutine


async def side_by_side(number: int, work: Callable[[], Coroutine[object, object, None]]) -> None:
    """Do `work` so many times at once; returns when all are done. If one fails, the others are cancelled."""
    async with asyncio.TaskGroup() as group:
        for _ in range(number):
            group.create_task(work())
