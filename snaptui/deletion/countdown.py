"""Countdown of a batch: the time in which it can be taken back, and nothing is sent."""

from typing import Final

from msgspec.structs import replace

from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.shared import Shared
from snaptui.deletion.states import Event, State

TICK_SECONDS: Final = 0.25
GAP_SECONDS: Final = 1.0
"""A longer time between two ticks is one in which the program did not run: the clock goes on while it is stopped."""
_COUNTED: Final = (State.GRACE, State.HELD)


async def count_down(owner: BatchOwner, shared: Shared) -> None:
    """Count to the end of the grace, or until something else becomes of the batch.

    Only time in which the program ran counts: after a gap between two ticks, as after a pause, the whole time is given
    again.
    """
    last = shared.clock()
    while owner.batch.state in _COUNTED:
        if owner.batch.state is State.GRACE and owner.batch.grace_left <= 0:
            owner.happens(Event.GRACE_OVER)
            return
        held = owner.batch.state is State.HELD
        await shared.sleep(TICK_SECONDS)
        now = shared.clock()
        batch = owner.batch
        if batch.state in _COUNTED:
            anew = now - last > GAP_SECONDS or held or batch.state is State.HELD
            left = shared.grace_seconds if anew else max(0.0, batch.grace_left - (now - last))
            owner.show(replace(batch, grace_left=left))
        last = now
