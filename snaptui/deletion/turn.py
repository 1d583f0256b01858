"""Turn that batches have one after the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.states import Event


class Turn:
    """Lock that one batch holds at a time; the next is the one that has waited longest."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def of(self, owner: BatchOwner) -> AsyncIterator[bool]:
        """Wait for the turn, or until the batch does so no more, as after a pause; yields whether it has the turn."""
        having = asyncio.create_task(self._lock.acquire())
        leaving = asyncio.create_task(owner.until(lambda batch: not batch.may(Event.TURN)))
        try:
            await asyncio.wait({having, leaving}, return_when=asyncio.FIRST_COMPLETED)
            yield having.done() and owner.batch.may(Event.TURN)
        finally:
            for task in (having, leaving):
                task.cancel()
            await asyncio.gather(having, leaving, return_exceptions=True)
            # It may have got the lock in the moment in which it was cancelled.
            if not having.cancelled():
                self._lock.release()
