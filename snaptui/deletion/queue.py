"""Deletes the snapshots of confirmed plans in the background, one outcome for each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Final, Protocol

from snaptui.deletion.job import GONE, Item, Job, Outcome, Phase
from snaptui.digitalocean.errors import (
    ApiError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
)
from snaptui.digitalocean.protocol import Deletion, FetchedSnapshot
from snaptui.model.plan import Plan

WORKERS: Final = 4
RETRIED: Final = frozenset({Outcome.FAILED, Outcome.UNKNOWN})


class DeletesSnapshots(Protocol):
    """What the queue needs of a client to delete."""

    async def delete_snapshot(self, snapshot_id: str) -> Deletion:
        """Delete one snapshot, or raise `ApiError`."""
        ...


class ReadsSnapshots(Protocol):
    """What the queue needs of a client to settle what it does not know."""

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...


class Api(DeletesSnapshots, ReadsSnapshots, Protocol):
    """Both."""


class _Run:
    """The changing side of one job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.items = list(job.items)
        self.waiting: list[int] = []
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.task: asyncio.Task[None] | None = None

    def snapshot(self) -> Job:
        """Return the job as it is now."""
        return replace(self.job, items=tuple(self.items))

    def end(self, position: int, outcome: Outcome, reason: str = "", request_id: str | None = None) -> None:
        """Give an item its outcome."""
        self.items[position] = Item(self.items[position].snapshot, outcome, reason, request_id)

    def cancel_waiting(self, reason: str) -> None:
        """End what has not been sent."""
        for position in self.waiting:
            self.end(position, Outcome.CANCELLED, reason)
        self.waiting.clear()


class DeletionQueue:
    """Runs jobs one after the other with several workers; `changed` is called whenever a job has moved on."""

    def __init__(
        self,
        api: Api,
        *,
        clock: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        workers: int = WORKERS,
        grace_seconds: float = 0.0,
    ) -> None:
        self._api = api
        self._clock = clock
        self._changed = changed
        self._sleep = sleep
        self._workers = workers
        self._grace_seconds = grace_seconds
        self._runs: dict[str, _Run] = {}
        self._turn = asyncio.Lock()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Every job of this session, oldest first."""
        return tuple(run.snapshot() for run in self._runs.values())

    @property
    def busy(self) -> bool:
        """True while anything may still be sent."""
        return any(run.task is not None and not run.task.done() for run in self._runs.values())

    def submit(self, plan: Plan) -> Job:
        """Start deleting a confirmed plan, after the time in which it can be taken back."""
        run = _Run(Job.of(plan, self._clock() + self._grace_seconds))
        self._runs[plan.id] = run
        self._start(run, range(len(plan.items)))
        return run.snapshot()

    def retry(self, job_id: str) -> None:
        """Try again what failed or is unknown."""
        run = self._runs[job_id]
        again = [n for n, item in enumerate(run.items) if item.outcome in RETRIED]
        for position in again:
            run.items[position] = Item(run.items[position].snapshot)
        run.job = replace(run.job, starts_at=self._clock(), stopped_by="", ended=None)
        self._start(run, again)

    def cancel(self, job_id: str) -> None:
        """Send nothing more of a job; what is under way is waited for."""
        run = self._runs[job_id]
        run.cancel_waiting("cancelled before it was sent")
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

    async def close(self) -> None:
        """Stop at once: what was not sent is cancelled, what was under way is unknown."""
        for run in self._runs.values():
            if run.task is not None:
                run.task.cancel()
        await asyncio.gather(*(run.task for run in self._runs.values() if run.task), return_exceptions=True)

    def _start(self, run: _Run, positions: Iterable[int]) -> None:
        run.waiting = list(positions)
        run.task = asyncio.create_task(self._work(run))
        self._changed()

    async def _work(self, run: _Run) -> None:
        try:
            run.job = replace(run.job, phase=Phase.GRACE)
            while run.waiting and (left := run.job.starts_at - self._clock()) > 0:
                await self._sleep(min(left, 0.5))
                self._changed()
            async with self._turn:
                run.job = replace(run.job, phase=Phase.RUNNING, started=run.job.started or self._clock())
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self._workers, len(run.waiting))):
                        group.create_task(self._worker(run))
        finally:
            run.cancel_waiting("snaptui was closed before it was sent")
            run.job = replace(run.job, phase=Phase.DONE, ended=self._clock())
            self._changed()

    async def _worker(self, run: _Run) -> None:
        while run.waiting:
            await run.may_go.wait()
            if not run.waiting:
                return
            position = run.waiting.pop(0)
            await self._delete(run, position)
            self._changed()

    async def _delete(self, run: _Run, position: int) -> None:
        item = run.items[position]
        run.items[position] = replace(item, sending=True)
        try:
            deletion = await self._api.delete_snapshot(item.snapshot.id)
            run.end(position, Outcome(deletion.value))
        except asyncio.CancelledError:
            run.end(position, Outcome.UNKNOWN, "snaptui was closed before the answer came")
            raise
        except (NotPermittedError, NotAuthenticatedError) as error:
            run.end(position, Outcome.FAILED, str(error), error.request_id)
            run.job = replace(run.job, stopped_by=str(error))
            run.cancel_waiting(f"stopped: {error.message}")
        except ConnectionFailedError as error:
            if error.sent:
                await self._settle(run, position, error)
            else:
                run.end(position, Outcome.FAILED, str(error))
        except ApiError as error:
            run.end(position, Outcome.FAILED, str(error), error.request_id)

    async def _settle(self, run: _Run, position: int, lost: ConnectionFailedError) -> None:
        """The answer to a DELETE was lost: look whether the snapshot is still there."""
        try:
            await self._api.get_snapshot(run.items[position].snapshot.id)
        except NotFoundError:
            run.end(position, Outcome.DELETED, "the answer was lost; the snapshot is gone")
        except ApiError:
            run.end(position, Outcome.UNKNOWN, f"{lost.message}; it may or may not be deleted")
        else:
            run.end(position, Outcome.FAILED, f"{lost.message}; the snapshot is still there")


def unfinished(jobs: Iterable[Job]) -> int:
    """Return how many items have no outcome yet."""
    return sum(item.outcome is None for job in jobs for item in job.items)


def gone_ids(jobs: Iterable[Job]) -> frozenset[str]:
    """Return the ids of everything that the jobs found or made gone."""
    return frozenset(item.snapshot.id for job in jobs for item in job.items if item.outcome in GONE)
