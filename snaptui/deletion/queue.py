"""Works confirmed plans off in the background: undo window, account check, workers, journal."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from msgspec.structs import replace

from snaptui.deletion.batch import GONE, Item, Job, Outcome, Phase
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal, JournalError
from snaptui.deletion.plan import Plan
from snaptui.deletion.reread import Looker
from snaptui.deletion.worker import Api, Run
from snaptui.query import QueryContext

WORKERS: Final = 4
TICK_SECONDS: Final = 0.5
RETRIED: Final = frozenset({Outcome.FAILED, Outcome.UNKNOWN})


class RefusedPlanError(Exception):
    """A plan that is not even begun: why not."""


class DeletionQueue:
    """Runs jobs one after the other with several workers; `changed` is called whenever a job has moved on.

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
    def jobs(self) -> tuple[Job, ...]:
        """Every job of this session, oldest first."""
        return tuple(run.snapshot() for run in self._runs.values())

    @property
    def busy(self) -> bool:
        """True while anything may still be sent."""
        return any(run.task is not None and not run.task.done() for run in self._runs.values())

    def submit(self, plan: Plan, *, listed: int = 0) -> Job:
        """Begin a confirmed plan; nothing is sent in the time in which it can be taken back.

        `listed` is how many snapshots the account has, as far as known. Raises `RefusedPlanError`.
        """
        if self._guards.read_only:
            raise RefusedPlanError("snaptui was started read-only")
        if plan.id in self._runs:
            raise RefusedPlanError("this plan has been begun already")
        now = self._clock()
        try:
            batch = self._journal.begin(now, plan)
        except JournalError as error:
            raise RefusedPlanError(str(error)) from None
        run = Run(
            Job.of(plan, now + self._grace_seconds),
            batch,
            api=self._api,
            guards=self._guards,
            context=self._context,
            clock=self._clock,
            looker=Looker(self._api, self._clock, listed),
        )
        self._runs[plan.id] = run
        self._start(run, range(len(plan.items)))
        return run.snapshot()

    async def ended(self, job_id: str) -> Job:
        """Wait until nothing of a job is open, and return it."""
        run = self._runs[job_id]
        if run.task is not None:
            await asyncio.wait({run.task})
        return run.snapshot()

    async def take_back(self, job_id: str) -> bool:
        """Take the whole batch back, if nothing of it has begun; returns whether it was so."""
        run = self._runs[job_id]
        if run.job.phase is not Phase.GRACE:
            return False
        await run.cancel("taken back before anything was sent")
        self._changed()
        return True

    def retry(self, job_id: str) -> None:
        """Try again what failed or is unknown, as a plan of its own and looked at again."""
        run = self._runs[job_id]
        again = tuple(item.snapshot for item in run.items if item.outcome in RETRIED)
        if again:
            number = sum(job.plan.id.startswith(job_id) for job in self.jobs)
            self.submit(replace(run.job.plan, id=f"{job_id}-{number}", items=again, created=self._clock()))

    async def cancel(self, job_id: str) -> None:
        """Send nothing more of a job; what is under way is waited for."""
        run = self._runs[job_id]
        await run.cancel("cancelled before it was sent")
        run.may_go.set()
        self._changed()

    def pause(self, job_id: str) -> None:
        """Send nothing until `resume`."""
        run = self._runs[job_id]
        run.may_go.clear()
        run.job = replace(run.job, phase=Phase.PAUSED)
        self._changed()

    def resume(self, job_id: str) -> None:
        """Go on."""
        run = self._runs[job_id]
        run.may_go.set()
        run.job = replace(run.job, phase=Phase.RUNNING)
        self._changed()

    async def close(self, *, cancel: bool = True) -> None:
        """Stop at once: what is under way is unknown; the rest is cancelled, or left to the next start."""
        runs = [run for run in self._runs.values() if run.task is not None and not run.task.done()]
        for run in runs:
            if cancel:
                await run.cancel("snaptui was left before it was sent")
            if run.task is not None:
                run.task.cancel()
        await asyncio.gather(*(run.task for run in runs if run.task), return_exceptions=True)

    def _start(self, run: Run, positions: Iterable[int]) -> None:
        run.waiting.extend(positions)
        run.task = asyncio.create_task(self._work(run))
        self._changed()

    async def _work(self, run: Run) -> None:
        try:
            while run.waiting and (left := run.job.starts_at - self._clock()) > 0:
                await self._sleep(min(left, TICK_SECONDS))
                self._changed()
            async with self._turn:
                if run.waiting:
                    run.job = replace(run.job, phase=Phase.RUNNING, started=self._clock())
                    await run.check_account()
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self._workers, len(run.waiting))):
                        group.create_task(self._worker(run))
        finally:
            run.job = replace(run.job, phase=Phase.DONE, ended=self._clock())
            await run.close()
            self._changed()

    async def _worker(self, run: Run) -> None:
        while run.waiting:
            await run.may_go.wait()
            while run.waiting and (left := run.job.waits_until - self._clock()) > 0:
                await self._sleep(min(left, TICK_SECONDS))
                self._changed()
            if run.waiting:
                await run.delete(run.waiting.popleft())
                self._changed()


def unfinished(jobs: Iterable[Job]) -> int:
    """Return how many items have no outcome yet."""
    return sum(item.outcome is None for job in jobs for item in job.items)


def gone_ids(jobs: Iterable[Job]) -> frozenset[str]:
    """Return the ids of everything that the jobs found or made gone."""
    return frozenset(item.snapshot.id for job in jobs for item in job.items if item.outcome in GONE)


def still_planned(job: Job) -> tuple[Item, ...]:
    """Return the items of an interrupted job that nothing was sent for."""
    return tuple(item for item in job.items if item.outcome is None)
