"""The thread on which sums of many rows are made: one after the other, so that keys wait for no more than one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, ParamSpec, TypeVar

Given = ParamSpec("Given")
Made = TypeVar("Made")
# Each busy thread takes the interpreter from the event loop in turn: three of them made a key wait three times as long.
_ONE_BY_ONE: Final = ThreadPoolExecutor(1, thread_name_prefix="snaptui-sums")


async def summed(work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """Return what `work` makes of what is given, off the event loop; work whose caller is cancelled may not begin."""
    return await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, partial(work, *given, **named))
