"""Ticks while a batch has its turn: they tell what moves by itself, and end a wait that can bring nothing any more."""

from collections.abc import Callable
from typing import Final

from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.countdown import GAP_SECONDS, TICK_SECONDS
from snaptui.deletion.progress import Pace
from snaptui.deletion.shared import Shared
from snaptui.deletion.states import State

NO_ADMISSION_SECONDS: Final = 65 * 60.0
"""How long to wait for the rate limit, of which the longest window is an hour."""


async def tick(owner: BatchOwner, shared: Shared, pace: Pace, nothing_admitted: Callable[[], None]) -> None:
    """Tick until cancelled; `nothing_admitted` is called when no item has ended for too long in this turn.

    Errors are counted for each item, so that it ends after a few; only what the rate limit keeps back is tried again
    without end. That GETs are let through is no progress. Time in which the program did not run does not count.
    """
    last = since = shared.clock()
    ended = pace.ended
    while True:
        await shared.sleep(TICK_SECONDS)
        now = shared.clock()
        if now - last > GAP_SECONDS:
            since += now - last
        if pace.ended != ended:
            ended, since = pace.ended, now
        if shared.api.wait is None and owner.batch.waits_until <= shared.wall():
            pace.worked(min(now - last, GAP_SECONDS))
        if now - since > NO_ADMISSION_SECONDS and owner.batch.state is State.RUNNING:
            nothing_admitted()
        last = now
        shared.changed()
