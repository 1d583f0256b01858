"""Run: one batch on its way through countdown, turns, pauses and its end.

Who ends what: an item that is gone through gets its outcome on its way (`OneItem`, `Answers`). What still waits when
nothing more is to be sent gets one in `Run._end`, in two steps: `Worker.end_rest` settles what was certainly not
deleted, without a request; `Worker.settle_lost` looks at what a lost DELETE may have deleted. `Run.give_up_rest` does
the first step at once, so that a cancel is answered when it is final; the run does the second. `BatchOwner` ends the
batch itself with its last outcome on disk.
"""

import asyncio
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from snaptui.deletion.account_check import account_problem
from snaptui.deletion.batch import Batch, StopKind
from snaptui.deletion.batch_file import BatchFile
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.countdown import count_down
from snaptui.deletion.items import Outcome
from snaptui.deletion.looks import Looker
from snaptui.deletion.progress import Pace, Progress
from snaptui.deletion.shared import Shared
from snaptui.deletion.states import Event, State
from snaptui.deletion.ticks import tick
from snaptui.deletion.turn import Turn
from snaptui.deletion.worker import Worker

WRITE_AGAIN_SECONDS: Final = 2.0
"""How often writing what could not be written is tried again."""
BLOCKED_SECONDS: Final = 60.0
"""How long who waits for a batch waits for a journal that cannot be written."""
CLOSING_SECONDS: Final = 1.0
"""How long leaving waits for the client to say what is on the wire."""
_RESTS: Final = frozenset({State.PAUSED, State.PAUSING, State.BLOCKED})


class Run:
    """Drives one batch; its turn comes when those before it have ended or were paused."""

    def __init__(self, batch: Batch, file: BatchFile, shared: Shared, listed: int, *, unproven_confirmed: bool) -> None:
        self.listed = listed
        self.unproven_confirmed = unproven_confirmed
        self._shared = shared
        self._pace = Pace(shared.clock)
        self._looker = Looker(shared.api, shared.clock, listed, few=len(batch.items) <= shared.few)
        self.owner = BatchOwner(
            batch, file, clock=shared.wall, changed=shared.changed, item_ended=self._pace.item_ended
        )
        self._worker = Worker(self.owner, shared, self._looker)
        self._rest: tuple[Outcome, str] = (Outcome.CANCELLED, "cancelled before it was sent")
        self._task: asyncio.Task[None] | None = None

    @property
    def batch(self) -> Batch:
        """The batch as it is now."""
        return self.owner.batch

    def progress(self, usd_per_gb_month: float) -> Progress:
        """Return how far the batch is."""
        left = len(self.batch.items) - self.batch.done
        waits = max(0.0, self.batch.waits_until - self._shared.wall())
        return self._pace.of(self.batch, self._looker.requests(left), waits, usd_per_gb_month)

    def start(self, turn: Turn) -> None:
        """Begin the countdown."""
        self._task = asyncio.create_task(self._drive(turn))
        self._task.add_done_callback(self._over)

    async def give_up_rest(self, outcome: Outcome, reason: str) -> Batch:
        """Send nothing more; returns when what waited has its outcome."""
        self._rest = (outcome, reason)
        await self._worker.withdraw()
        await self._worker.end_rest(outcome, reason)
        return self.batch

    async def quiet(self) -> Batch:
        """Withdraw what has not left; returns when that is certain."""
        await self._worker.withdraw()
        if self.batch.may(Event.QUIET):
            self.owner.happens(Event.QUIET)
        return self.batch

    def resume(self) -> Batch:
        """Go on after a pause; what has not begun is given its whole countdown again."""
        resumed = self.batch.after(Event.RESUME)
        if resumed.state is State.GRACE:
            resumed = replace(resumed, grace_left=self._shared.grace_seconds)
        self.owner.show(resumed)
        return self.batch

    async def at_rest(self) -> Batch:
        """Wait for the end, or until the journal could not be written for a minute, and return the batch."""
        waiting = asyncio.create_task(self._ended_or_blocked_for_long())
        await asyncio.wait({waiting, *([self._task] if self._task else [])}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()  # a crash is told to whoever waits
        return self.batch

    async def _ended_or_blocked_for_long(self) -> None:
        while True:
            await self.owner.until(lambda batch: batch.state is State.ENDED or batch.unwritable is not None)
            if self.batch.state is State.ENDED:
                return
            free = asyncio.create_task(self.owner.until(lambda batch: batch.unwritable is None))
            patience = asyncio.ensure_future(self._shared.sleep(BLOCKED_SECONDS))
            try:
                await asyncio.wait({free, patience}, return_when=asyncio.FIRST_COMPLETED)
                if not free.done():
                    return
            finally:
                free.cancel()
                patience.cancel()

    async def close(self, reason: str | None) -> None:
        """Leave as soon as it is known what is on the wire; the rest is cancelled for a reason, or stays open."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                if reason is None:
                    await self._worker.withdraw()
                else:
                    await self.give_up_rest(Outcome.CANCELLED, reason)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self.batch.state is not State.ENDED:
            self.owner.leave()

    def halt(self) -> None:
        """Send nothing more, at once and for good; what is open on disk is left to the next start."""
        self._worker.halt()
        if self._task is not None:
            self._task.cancel()

    def _over(self, task: asyncio.Task[None]) -> None:
        """End a batch whose run crashed, so that it is not shown as going on for ever."""
        error = None if task.cancelled() else task.exception()
        if error is not None and self.batch.may(Event.CRASHED):
            self.owner.crashed(f"snaptui failed ({_kind(error)}); what is open is left to the next start")

    async def _drive(self, turn: Turn) -> None:
        while self.batch.state is not State.ENDED:
            match self.batch.state:
                case State.GRACE | State.HELD:
                    await count_down(self.owner, self._shared)
                case State.QUEUED | State.WAITING:
                    async with turn.of(self.owner) as has_turn:
                        if has_turn:
                            await self._take_turn()
                case State.STOPPING:
                    await self._end()
                case _:
                    await self._rest_a_while()

    async def _take_turn(self) -> None:
        if self.owner.blocked and not await self.owner.write_held():
            return
        if not self.batch.may(Event.TURN):
            return
        began = self.batch.began or self._shared.wall()
        self.owner.show(replace(self.batch.after(Event.TURN), began=began))
        await self._work_off()
        if self.batch.may(Event.QUIET):
            self.owner.happens(Event.QUIET)

    async def _work_off(self) -> None:
        """Work while the ticks go on. If either fails, nothing more leaves, and the failure ends the run."""
        working = asyncio.create_task(self._check_and_work())
        ticking = asyncio.create_task(tick(self.owner, self._shared, self._pace, self._nothing_admitted))
        try:
            done, _ = await asyncio.wait({working, ticking}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            working.cancel()
            ticking.cancel()
            await asyncio.gather(working, ticking, return_exceptions=True)

    async def _check_and_work(self) -> None:
        planned = self.batch.plan.account
        problem = await account_problem(planned, self._shared.api, unproven_confirmed=self.unproven_confirmed)
        if problem is not None:
            self._worker.stop(problem.kind, problem.message)
        elif self.batch.state is State.RUNNING:
            await self._worker.work_off()

    def _nothing_admitted(self) -> None:
        message = "rate limit: no DELETE was let through for 65 minutes"
        self._rest = (Outcome.FAILED, message)
        self._worker.stop(StopKind.RATE_LIMIT, message)

    async def _end(self) -> None:
        """Give everything an outcome that has none."""
        outcome, reason = self._rest
        if self.batch.stop is not None and self.batch.stop.kind is not StopKind.RATE_LIMIT:
            reason = f"stopped: {self.batch.stop.message}"
        await self._worker.end_rest(outcome, reason)
        await self._worker.settle_lost(reason)
        if self.batch.state is not State.ENDED:
            await self._shared.sleep(WRITE_AGAIN_SECONDS)
            await self.owner.write_held()

    async def _rest_a_while(self) -> None:
        """Wait until a pause ends, or the journal can be written, which is tried now and then."""
        if self.owner.blocked:
            await self._shared.sleep(WRITE_AGAIN_SECONDS)
            await self.owner.write_held()
        else:
            await self.owner.until(lambda batch: batch.state not in _RESTS or batch.unwritable is not None)


def _kind(error: BaseException) -> str:
    """Return the name of an error; of a group, that of its first: texts may hold what must not be shown."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
