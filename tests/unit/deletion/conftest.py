"""A queue with its API, its journal and its time, made by the fixture `make`."""

from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.deletion.batch import Batch
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.deletion.states import State
from snaptui.query import QueryContext
from snaptui.query.context import Places
from tests.support.deleting import (
    Disk,
    FullJournal,
    Pretended,
    Timeline,
    plan_of,
    snapshot,
)

ROWS = tuple(snapshot(str(n)) for n in range(12))


class Scene:
    """A queue with its API, its journal and its time."""

    def __init__(self, folder: Path, grace_seconds: float, guards: Guards, few: int) -> None:
        self.time = Timeline()
        self.api = Pretended(self.time, ROWS)
        self.disk = Disk()
        self.journal = FullJournal(folder / "deletions", self.disk)
        self.changes = 0
        self.places: Places | None = None
        self.queue = DeletionQueue(
            self.api,
            self.journal,
            guards,
            clock=self.time.wall,
            boot=self.time.clock,
            sleep=self.time.sleep,
            context=lambda: QueryContext(self.time.wall(), places=self.places),
            changed=self._changed,
            workers=2,
            few=few,
            grace_seconds=grace_seconds,
        )

    def _changed(self) -> None:
        self.changes += 1

    def batch(self, batch_id: str = "p") -> Batch:
        return next(batch for batch in self.queue.batches if batch.id == batch_id)

    async def until(self, *states: State, batch_id: str = "p") -> Batch:
        await self.time.until(lambda: self.batch(batch_id).state in states)
        return self.batch(batch_id)

    async def done(self, plan: Plan | None = None, listed: int = 0) -> Batch:
        batch = self.queue.submit(plan or plan_of(ROWS[:3]), listed=listed)
        return await self.until(State.ENDED, batch_id=batch.id)

    def outcomes(self, batch_id: str = "p") -> list[Outcome | None]:
        return [item.outcome for item in self.batch(batch_id).items]

    def on_disk(self, batch_id: str = "p") -> dict[str, Outcome]:
        (recorded,) = [one for one in self.journal.history() if one.plan is not None and one.plan.id == batch_id]
        return {row_id: line.outcome for row_id, line in recorded.outcomes.items()}


Make = Callable[..., Scene]


@pytest.fixture
async def make(tmp_path: Path) -> Make:
    def scene(**settings: object) -> Scene:
        grace, guards = settings.get("grace", 0.0), settings.get("guards", Guards())
        assert isinstance(grace, float)
        assert isinstance(guards, Guards)
        few = settings.get("few", 0)
        assert isinstance(few, int)
        return Scene(tmp_path, grace, guards, few)

    return scene
