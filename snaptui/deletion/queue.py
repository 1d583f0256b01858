"""Works confirmed batches off in the background, one after the other: undo window, account check, workers, journal."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from snaptui.deletion.batch import GONE, RETRIED, Batch
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal, JournalError
from snaptui.deletion.plan import Plan
from snaptui.deletion.reread import Looker
from snaptui.deletion.states import Event, State
from snaptui.deletion.worker import Api, Run
from snaptui.query import QueryContext

WORKERS: Final = 4
TICK_SECONDS: Final = 0.5


class RefusedPlanError(Exception):
    """A plan that is not even begun: why not."""


class UnprovenAccountError(RefusedPlanError):
    """A plan whose account is not proven to be the token's, and that was not confirmed as such."""


class DeletionQueue:
    """Runs batches one after the other with several workers; `changed` is called whenever one has moved on.

    What may be asked of a batch is told by `Batch.why_not`; asking for something else raises `ImpossibleError`.
    `context` gives the moment and the sources that protection rules are judged by.
    """

    def __init__(
        self,
        api: Api,
        journal: Journal,
        guards: Guards,
        *,
        clock: Callable[[], float],
        context: Callable[[], QueryContext],
        changed: Callable[[], None] = lambda: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        workers: int = WORKERS,
        grace_seconds: float = 0.0,
    ) -> None:
        self._api = api
        self._journal = journal
        self._guards = guards
        self._clock = clock
        self._context = context
        self._changed = changed
        self._sleep = sleep
        self._workers = workers
        self._grace_seconds = grace_seconds
        self._runs: dict[str, Run] = {}
        self._turn = asyncio.Lock()

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Every batch of this session, oldest first."""
        return tuple(run.batch for run in self._runs.values())

    @property
    def busy(self) -> bool:
        """True while anything may still be sent."""
        return any(run.task is not None and not run.task.done() for run in self._runs.values())

    @property
    def ids_in_unfinished(self) -> frozenset[str]:
        """The ids of what was confirmed and has no outcome yet: it cannot be planned again."""
        return frozenset().union(*(batch.open_ids for batch in self.batches))

    @property
    def next_to_take_back(self) -> Batch | None:
        """The newest batch that can be taken back."""
        return next((batch for batch in reversed(self.batches) if batch.may(Event.TAKE_BACK)), None)

    def submit(self, plan: Plan, *, listed: int = 0, unproven_account_confirmed: bool = False) -> Batch:
        """Begin a confirmed plan; nothing is sent in the time in which it can be taken back.

        `listed` is how many snapshots the account has, as far as known. A plan without a proven account has to be
        confirmed as such. Raises `RefusedPlanError`.
        """
        if self._guards.read_only:
            raise RefusedPlanError("snaptui was started read-only")
        if plan.id in self._runs:
            raise RefusedPlanError("this plan has been begun already")
        now = self._clock()
        try:
            file = self._journal.begin(now, plan)
        except JournalError as error:
            raise RefusedPlanError(str(error)) from None
        run = Run(
            Batch.of(plan, now, self._grace_seconds),
            file,
            api=self._api,
            guards=self._guards,
            context=self._context,
            clock=self._clock,
            looker=Looker(self._api, self._clock, listed),
        )
        self._runs[plan.id] = run
        run.waiting.extend(range(len(plan.items)))
        run.task = asyncio.create_task(self._work(run))
        self._changed()
        return run.batch

    async def ended(self, batch_id: str) -> Batch:
        """Wait until a batch has ended, or was paused because its journal cannot be written, and return it."""
        run = self._runs[batch_id]
        if run.task is not None:
            await asyncio.wait({run.task})
        return run.batch

    async def take_back(self, batch_id: str) -> Batch:
        """Take a whole batch back, of which nothing has been sent."""
        run = self._runs[batch_id]
        run.happens(Event.TAKE_BACK)
        await run.cancel("taken back before anything was sent")
        self._changed()
        return run.batch

    def retry(self, batch_id: str) -> Batch:
        """Try again what failed or is unknown, as a batch of its own and looked at again. Raises `RefusedPlanError`."""
        batch = self._runs[batch_id].batch
        again = tuple(item.snapshot for item in batch.items if item.outcome in RETRIED)
        return self.submit(replace(batch.plan, id=uuid4().hex, items=again, created=self._clock()))

    async def cancel(self, batch_id: str) -> Batch:
        """Send nothing more of a batch; returns when all that was not on the wire is withdrawn, on disk too."""
        run = self._runs[batch_id]
        run.happens(Event.CANCEL)
        await run.cancel("cancelled before it was sent")
        run.may_go.set()
        self._changed()
        return run.batch

    async def pause(self, batch_id: str) -> Batch:
        """Send nothing until `resume`; returns when all that was not on the wire is withdrawn, on disk too."""
        run = self._runs[batch_id]
        run.happens(Event.PAUSE)
        run.may_go.clear()
        if run.batch.may(Event.QUIET):
            run.happens(Event.QUIET)
        self._changed()
        return run.batch

    def resume(self, batch_id: str) -> Batch:
        """Go on with a paused batch, when its turn comes."""
        run = self._runs[batch_id]
        run.happens(Event.RESUME)
        if run.batch.may(Event.TURN):
            run.happens(Event.TURN)
        run.may_go.set()
        self._changed()
        return run.batch

    async def close(self, *, cancel: bool = True) -> None:
        """Stop at once: what is under way is unknown; the rest is cancelled, or left to the next start."""
        runs = [run for run in self._runs.values() if run.task is not None and not run.task.done()]
        for run in runs:
            if cancel:
                await run.cancel("snaptui was left before it was sent")
            if run.task is not None:
                run.task.cancel()
        await asyncio.gather(*(run.task for run in runs if run.task), return_exceptions=True)

    async def _work(self, run: Run) -> None:
        try:
            while run.waiting and run.batch.grace_left > 0:
                await self._sleep(TICK_SECONDS)
                if run.batch.state is State.GRACE:
                    run.batch = replace(run.batch, grace_left=max(0.0, run.batch.grace_left - TICK_SECONDS))
                self._changed()
            async with self._turn:
                await self._run(run)
        finally:
            run.batch = replace(run.batch, state=State.ENDED, ended=self._clock())
            await run.close()
            self._changed()

    async def _run(self, run: Run) -> None:
        await run.may_go.wait()
        if run.waiting:
            run.batch = replace(run.batch, state=State.RUNNING, began=self._clock())
            await run.check_account()
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._workers, len(run.waiting))):
                group.create_task(self._worker(run))

    async def _worker(self, run: Run) -> None:
        while run.waiting:
            await run.may_go.wait()
            while run.waiting and (left := run.batch.waits_until - self._clock()) > 0:
                await self._sleep(min(left, TICK_SECONDS))
                self._changed()
            if run.waiting:
                await run.delete(run.waiting.popleft())
                self._changed()


def unfinished(batches: Iterable[Batch]) -> int:
    """Return how many items have no outcome yet."""
    return sum(item.outcome is None for batch in batches for item in batch.items)


def gone_ids(batches: Iterable[Batch]) -> frozenset[str]:
    """Return the ids of everything that the batches found or made gone."""
    return frozenset(item.snapshot.id for batch in batches for item in batch.items if item.outcome in GONE)
