"""Ticks while a batch has its turn: they tell what moves by itself, and end a wait that can bring nothing any more."""

from collections.abc import Callable
from typing import Final

from snaptui.deletion.countdown import GAP_SECONDS, TICK_SECONDS
from snaptui.deletion.owner import BatchOwner
from snaptui.deletion.progress import Pace
from snaptui.deletion.shared import Shared
from snaptui.deletion.states import State
from snaptui.deletion.waits import Waits

NO_ADMISSION_SECONDS: Final = 65 * 60.0
"""How long to wait for the rate limit, of which the longest window is an hour."""


async def tick(
    owner: BatchOwner, shared: Shared, pace: Pace, waits: Waits, nothing_admitted: Callable[[], None]
) -> None:
    """Tick until cancelled; `nothing_admitted` is called when the rate limit has let nothing through for too long.

    Time in which the program did not run is no time in which the rate limit let nothing through.
    """
    last = shared.clock()
    while True:
        await shared.sleep(TICK_SECONDS)
        now = shared.clock()
        if now - last > GAP_SECONDS:
            waits.admitted += now - last
        if shared.api.wait is None and owner.batch.waits_until <= shared.wall():
            pace.worked(min(now - last, GAP_SECONDS))
        if now - waits.admitted > NO_ADMISSION_SECONDS and owner.batch.state is State.RUNNING:
            nothing_admitted()
        last = now
        shared.changed()
