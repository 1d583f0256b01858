"""Worker: works off what waits of one batch, by listings or by single GETs, until a halt."""

import asyncio
from typing import Final

from snaptui.deletion.answers import Answers
from snaptui.deletion.batch import StopKind
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.halt import Halt, HaltedError
from snaptui.deletion.items import Outcome
from snaptui.deletion.items_left import WaitingItems
from snaptui.deletion.listing_blocks import Blocks
from snaptui.deletion.looks import Looker
from snaptui.deletion.one_item import OneItem
from snaptui.deletion.shared import Shared
from snaptui.deletion.waits import Waits
from snaptui.digitalocean.api.errors import ApiError, NotFoundError

WORKERS: Final = 8
"""Items under way at once: at 0.2 s a block of 100 is through in the 5 s that a look may be old."""


SETTLING_SECONDS: Final = 120.0
"""How long, at the end of a batch, looks at what may have been deleted are begun."""


class Worker:
    """Deletes what is open in a batch."""

    def __init__(self, owner: BatchOwner, shared: Shared, looker: Looker) -> None:
        self._owner = owner
        self._looker = looker
        self._workers = shared.workers
        self._clock = shared.clock
        self._waiting = waiting = WaitingItems(owner)
        self._halt = halt = Halt()
        self._waits = waits = Waits(owner, halt, clock=shared.clock, wall=shared.wall, sleep=shared.sleep)
        self._answers = answers = Answers(owner, halt, waits)
        self._one = OneItem(owner, shared, looker, waiting=waiting, halt=halt, waits=waits, answers=answers)
        self._blocks = Blocks(owner, shared, looker, self._one, waiting=waiting, halt=halt, answers=answers)

    async def work_off(self) -> None:
        """Go through the items until none waits or a halt; returns when nothing is under way any more."""
        self._halt.lift()
        try:
            while self._waiting and not self._halt.asked:
                await self._waits.over()
                block = self._looker.block(len(self._waiting))
                if block:
                    await self._blocks.work_off(block)
                else:
                    async with asyncio.TaskGroup() as group:
                        for _ in range(self._workers):
                            group.create_task(self._work_by_gets())
        except HaltedError:
            pass

    async def _work_by_gets(self) -> None:
        while self._waiting and not self._halt.asked and not self._looker.block(len(self._waiting)):
            await self._one.by_get(self._waiting.take())

    async def withdraw(self) -> None:
        """Halt; returns when all that is not on the wire is known never to be sent, on disk too."""
        self.halt()
        await self._halt.quiet()

    def halt(self) -> None:
        """Begin nothing more and withdraw what has not left, without waiting until that is certain."""
        self._halt.ask()

    def stop(self, kind: StopKind, message: str) -> None:
        """Send nothing more of the batch, for a reason that does not go away."""
        self._answers.stop(kind, message)

    async def end_rest(self, outcome: Outcome, reason: str) -> None:
        """Give an outcome to all that waits and was certainly not deleted."""
        for position in self._waiting:
            if self._answers.lost(position) is None and self._waiting.take_this(position):
                await self._owner.settle(position, outcome, reason)

    async def settle_lost(self, reason: str) -> None:
        """Look at what waits and may have been deleted already, and give it the outcome that is found.

        Where answers do not come, each look takes minutes: what is not looked at after some is unknown.
        """
        until = self._clock() + SETTLING_SECONDS
        while self._waiting:
            position = self._waiting.take()
            lost = self._answers.lost(position)
            if self._clock() < until:
                await self._settle_lost(position, lost, reason)
            else:
                await self._owner.settle(position, Outcome.UNKNOWN, f"{lost}; it may or may not be deleted")

    async def _settle_lost(self, position: int, lost: str | None, reason: str) -> None:
        try:
            await self._looker.get(self._owner.batch.items[position].snapshot.id)
        except NotFoundError:
            await self._owner.settle(position, Outcome.DELETED, f"{lost}; the snapshot is gone")
        except ApiError:
            await self._owner.settle(position, Outcome.UNKNOWN, f"{lost}; it may or may not be deleted")
        else:
            await self._owner.settle(position, Outcome.FAILED, f"{lost}; the snapshot is still there; {reason}")
