"""Run: one batch on its way through countdown, turns, pauses and its end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from snaptui.deletion.batch import Batch, Outcome, StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import BatchFile
from snaptui.deletion.owner import BatchOwner
from snaptui.deletion.progress import Pace, Progress
from snaptui.deletion.reread import Looker
from snaptui.deletion.states import Event, State
from snaptui.deletion.worker import Api, Worker
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError
from snaptui.model.account import same_account
from snaptui.query import QueryContext

TICK_SECONDS: Final = 0.25
GAP_SECONDS: Final = 1.0
"""A longer time between two ticks is one in which the program did not run."""
NO_ADMISSION_SECONDS: Final = 65 * 60.0
"""How long to wait for the rate limit, of which the longest window is an hour."""
WRITE_AGAIN_SECONDS: Final = 2.0
CLOSING_SECONDS: Final = 1.0
_REST: Final = frozenset({State.PAUSED, State.STOPPING})


class Run:
    """Drives one batch; the turn is a lock that batches hold one after the other."""

    def __init__(
        self,
        batch: Batch,
        file: BatchFile,
        *,
        api: Api,
        guards: Guards,
        context: Callable[[], QueryContext],
        wall: Callable[[], float],
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        changed: Callable[[], None],
        listed: int,
        workers: int,
        few: int,
        grace_seconds: float,
        unproven_account_confirmed: bool,
    ) -> None:
        self.listed = listed
        self.unproven_account_confirmed = unproven_account_confirmed
        self._api = api
        self._wall = wall
        self._clock = clock
        self._sleep = sleep
        self._changed = changed
        self._grace_seconds = grace_seconds
        self._pace = Pace(clock)
        self._looker = Looker(api, clock, listed, few=len(batch.items) <= few)
        self.owner = BatchOwner(batch, file, clock=wall, changed=changed, item_ended=self._pace.item_ended)
        self._worker = Worker(
            self.owner,
            api=api,
            guards=guards,
            context=context,
            looker=self._looker,
            clock=clock,
            sleep=sleep,
            wall=wall,
            workers=workers,
        )
        self._rest: tuple[Outcome, str] = (Outcome.CANCELLED, "cancelled before it was sent")
        self._task: asyncio.Task[None] | None = None

    @property
    def batch(self) -> Batch:
        """The batch as it is now."""
        return self.owner.batch

    def progress(self, usd_per_gb_month: float) -> Progress:
        """Return how far the batch is."""
        left = len(self.batch.items) - self.batch.done
        waits = max(0.0, self.batch.waits_until - self._wall())
        return self._pace.of(self.batch, self._looker.requests(left), waits, usd_per_gb_month)

    def start(self, turn: asyncio.Lock) -> None:
        """Begin the countdown."""
        self._task = asyncio.create_task(self._drive(turn))
        self._task.add_done_callback(self._over)

    async def stop(self, outcome: Outcome, reason: str) -> Batch:
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
            resumed = replace(resumed, grace_left=self._grace_seconds)
        self.owner.show(resumed)
        return self.batch

    async def at_rest(self) -> Batch:
        """Wait for the end, or for a rest because the journal cannot be written."""

        def rests(batch: Batch) -> bool:
            return batch.state is State.ENDED or (self.owner.blocked and batch.state in _REST)

        waiting = asyncio.create_task(self.owner.until(rests))
        await asyncio.wait({waiting, *([self._task] if self._task else [])}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.result()  # a crash is told to whoever waits
        return self.batch

    async def close(self, reason: str | None) -> None:
        """Leave as soon as it is known what is on the wire; the rest is cancelled for a reason, or stays open."""
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                if reason is None:
                    await self._worker.withdraw()
                else:
                    await self.stop(Outcome.CANCELLED, reason)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        if self.batch.state is not State.ENDED:
            self.owner.leave()

    def _over(self, task: asyncio.Task[None]) -> None:
        """End a batch whose run crashed, so that it is not shown as going on for ever."""
        error = None if task.cancelled() else task.exception()
        if error is not None and self.batch.may(Event.CRASHED):
            self.owner.crashed(f"snaptui failed ({_kind(error)}); what is open is left to the next start")

    # The way of a batch

    async def _drive(self, turn: asyncio.Lock) -> None:
        await self._count_down()
        while self.batch.state is not State.ENDED:
            match self.batch.state:
                case State.QUEUED | State.WAITING:
                    async with turn:
                        await self._take_turn()
                case State.GRACE | State.HELD:
                    await self._count_down()
                case State.STOPPING:
                    await self._end()
                case _:
                    await self._rest_a_while()

    async def _count_down(self) -> None:
        """Count only time in which the program ran: after a gap between two ticks the whole time is given again."""
        last = self._clock()
        while self.batch.state in (State.GRACE, State.HELD):
            if self.batch.state is State.GRACE and self.batch.grace_left <= 0:
                self.owner.happens(Event.GRACE_OVER)
                return
            await self._sleep(TICK_SECONDS)
            now = self._clock()
            anew = now - last > GAP_SECONDS or self.batch.state is State.HELD
            if self.batch.state in (State.GRACE, State.HELD):
                left = self._grace_seconds if anew else max(0.0, self.batch.grace_left - (now - last))
                self.owner.show(replace(self.batch, grace_left=left))
            last = now

    async def _take_turn(self) -> None:
        if not self.batch.may(Event.TURN):
            return
        if self.owner.blocked and not await self.owner.write_held():
            return
        if not self.batch.may(Event.TURN):
            return
        stop = None if self.owner.blocked else self.batch.stop
        self.owner.show(replace(self.batch.after(Event.TURN), began=self.batch.began or self._wall(), stop=stop))
        ticking = asyncio.create_task(self._tick())
        try:
            await self._check_account()
            if self.batch.state is State.RUNNING:
                await self._worker.work_off()
        finally:
            ticking.cancel()
        if self.batch.may(Event.QUIET):
            self.owner.happens(Event.QUIET)

    async def _tick(self) -> None:
        """Tell what moves by itself, and end a wait for the rate limit that can bring nothing any more."""
        last = self._clock()
        while True:
            await self._sleep(TICK_SECONDS)
            now = self._clock()
            if now - last > GAP_SECONDS:
                self._worker.admitted += now - last
            if self._api.wait is None and self.batch.waits_until <= self._wall():
                self._pace.worked(min(now - last, GAP_SECONDS))
            if now - self._worker.admitted > NO_ADMISSION_SECONDS and self.batch.state is State.RUNNING:
                message = "rate limit: no request was let through for 65 minutes"
                self._rest = (Outcome.FAILED, message)
                self._worker.stop(StopKind.RATE_LIMIT, message)
            last = now
            self._changed()

    async def _end(self) -> None:
        """Give everything an outcome that has none."""
        outcome, reason = self._rest
        if self.batch.stop is not None and self.batch.stop.kind not in (StopKind.RATE_LIMIT, StopKind.JOURNAL):
            reason = f"stopped: {self.batch.stop.message}"
        await self._worker.end_rest(outcome, reason)
        await self._worker.settle_lost(reason)
        if self.batch.state is not State.ENDED:
            await self._sleep(WRITE_AGAIN_SECONDS)
            await self.owner.write_held()

    async def _rest_a_while(self) -> None:
        """Wait until a pause ends, writing meanwhile what could not be written."""
        moved = asyncio.create_task(self.owner.until(lambda batch: batch.state not in (State.PAUSED, State.PAUSING)))
        try:
            while not moved.done():
                if not self.owner.holds:
                    await moved
                    return
                await self._sleep(WRITE_AGAIN_SECONDS)
                await self.owner.write_held()
        finally:
            moved.cancel()

    async def _check_account(self) -> None:
        """Stop unless it is proven that the token's account is the plan's, or was confirmed without proof."""
        planned = self.batch.plan.account
        if planned is None and self.unproven_account_confirmed:
            return
        try:
            account = await self._api.get_account()
        except NotAuthenticatedError as error:
            self._worker.stop(StopKind.NOT_AUTHENTICATED, str(error))
        except NotPermittedError as error:
            if not self.unproven_account_confirmed:
                self._worker.stop(StopKind.UNPROVEN_ACCOUNT, f"whose account the token is for cannot be read: {error}")
        except ApiError as error:
            self._worker.stop(StopKind.UNPROVEN_ACCOUNT, f"whose account the token is for cannot be read: {error}")
        else:
            if planned is not None and same_account(planned, account) is False:
                message = f"the token belongs to {account.label} now, not to {planned.label}"
                self._worker.stop(StopKind.OTHER_ACCOUNT, message)


def _kind(error: BaseException) -> str:
    """Return the name of an error; of a group, that of its first: texts may hold what must not be shown."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__
