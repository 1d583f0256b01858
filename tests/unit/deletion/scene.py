"""A queue of eight snapshots for tests, with its API, its journal and its time."""

from collections.abc import Callable
from pathlib import Path

from snaptui.deletion.batch import Batch
from snaptui.deletion.guards import Guards
from snaptui.deletion.queue import DeletionQueue
from snaptui.deletion.states import State
from snaptui.query import QueryContext
from tests.support.deleting import Disk, FullJournal, Pretended, Timeline, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(8))


class BugError(Exception):
    """Nothing that was thought of."""


class Scene:
    """A queue, its API, its disk and its time."""

    def __init__(self, folder: Path, grace_seconds: float = 0.0, changed: Callable[[], None] = lambda: None) -> None:
        self.time = Timeline()
        self.api = Pretended(self.time, ROWS)
        self.disk = Disk(written={})
        self.journal = FullJournal(folder / "deletions", self.disk)
        self.queue = DeletionQueue(
            self.api,
            self.journal,
            Guards(),
            clock=self.time.wall,
            boot=self.time.clock,
            sleep=self.time.sleep,
            context=lambda: QueryContext(self.time.wall()),
            changed=changed,
            workers=2,
            grace_seconds=grace_seconds,
        )

    def breaks_at(self, step: str) -> None:
        async def bug() -> None:
            raise BugError("token=secret")

        self.api.at[step] = bug

    def mend(self) -> None:
        self.api.at.clear()

    def batch(self, batch_id: str = "p") -> Batch:
        return next(batch for batch in self.queue.batches if batch.id == batch_id)

    async def ended(self, batch_id: str = "p") -> Batch:
        await self.time.until(lambda: self.batch(batch_id).state is State.ENDED)
        return self.batch(batch_id)
