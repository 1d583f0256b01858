"""One random history of deletions over real HTTP, at twenty times the speed, and what must be so at every moment."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from snaptui.deletion.batch import Batch
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal_lines import Recorded
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue, unfinished
from snaptui.deletion.states import Event, State
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.digitalocean.api.departure import LOOK_SECONDS, Departure
from snaptui.digitalocean.api.rate_limit import Lease
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.api.retries import Patience
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import Loaded
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.model.snapshot import Snapshot
from snaptui.model.token import Token
from snaptui.query import QueryContext, parse
from tests.support.deleting import Disk, FullJournal
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

NOW = 1_790_000_000.0
SPEED = 20.0
MOST_SECONDS = 30.0
ONE, LIST = "/v2/snapshots/.+", "/v2/snapshots"
ERROR = b'{"id":"x","message":"trouble"}'
STEPS = ("lease", "look", "list", "connect", "answer")
THOUGHTS = ("none", "cancel", "pause", "take back", "leave", "retry")
TROUBLES: dict[str, Fault] = {
    "429 with hint": Fault(status=429, body=ERROR, headers={"retry-after": "1"}),
    "429 without hint": Fault(status=429, body=ERROR, headers={"ratelimit-remaining": "100"}),
    "500 acted": Fault(reset_after=True),
    "500": Fault(status=500, body=ERROR),
    "502": Fault(status=502, body=HTML_502, content_type="text/html"),
    "409": Fault(status=409, body=ERROR),
    "422": Fault(status=422, body=b""),
    "lost before": Fault(reset_before=True),
    "cut off": Fault(truncate=True),
    "403": Fault(status=403, body=ERROR),
    "401": Fault(status=401, body=ERROR),
}
DISTURBANCES: dict[str, dict[str, object]] = {
    "renamed": {"name": "another name"},
    "resized": {"size_gigabytes": 299.99},
    "protected": {"tags": ["keep"]},
}


class Clocks:
    """Twenty times as fast as the real time, set and stopped at will."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.wall_offset = 0.0
        self.suspended = 0.0

    def boot(self) -> float:
        return (time.monotonic() - self._began) * SPEED + self.suspended

    def wall(self) -> float:
        return NOW + self.boot() + self.wall_offset

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


class Watched(Client):
    """The client, telling at which step it is; `thoughts` are had there."""

    def __init__(self, url: str, clocks: Clocks, thought: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(
            Token(DEMO_TOKEN),
            base_url=url,
            pacer=Pacer(clock=clocks.boot, wall=clocks.wall, sleep=clocks.sleep),
            patience=Patience(attempts=2, try_seconds=2.0, total_seconds=3.0, first_backoff_seconds=0.1),
            clock=clocks.wall,
            boot=clocks.boot,
            sleep=clocks.sleep,
        )
        self._at = thought
        self.left: list[tuple[str, float]] = []
        self.looked: list[str] = []
        self.on_leave: Callable[[str], None] = lambda _: None

    @asynccontextmanager
    async def _lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        await self._at("lease")
        async with super().lease(wanted, least) as lease:
            yield lease

    def lease(self, wanted: int, least: int) -> AbstractAsyncContextManager[Lease]:
        return self._lease(wanted, least)

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        await self._at("list")
        async for step in super().relisting(lease):
            self.looked += [row.id for row in step.rows]
            yield step

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        await self._at("look")
        fetched = await super().get_snapshot(snapshot_id, lease)
        self.looked.append(snapshot_id)
        return fetched

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        await self._at("connect")
        tell, clock = departure.on_leave, self._boot

        def leaves() -> None:
            self.left.append((snapshot_id, clock() - departure.seen))
            self.on_leave(snapshot_id)
            self.looked = [seen for seen in self.looked if seen != snapshot_id]
            tell()

        departure.on_leave = leaves
        try:
            return await super().delete_snapshot(snapshot_id, departure)
        finally:
            await self._at("answer")


class History:
    """One account, one server, one journal: batches are confirmed, disturbed, thought better of and worked off."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.folder = folder
        self.clocks = Clocks()
        self.disk = Disk()
        self.journal = FullJournal(folder / f"deletions-{seed}", self.disk)
        self.guards = Guards(protect=(parse("tag:keep"), parse("tag:protected")))
        self.happened: Counter[str] = Counter()
        self.confirmed: dict[str, Snapshot] = {}
        self.disturbed: set[str] = set()
        self.stopped: set[str] = set()
        """The ids of batches of which nothing may leave now, by what was answered."""
        self.tasks: list[asyncio.Task[None]] = []
        self.broken: list[str] = []
        # Every combination of a thought and a step comes in turn, whatever chance brings beside it.
        self.thought = THOUGHTS[seed % len(THOUGHTS)]
        self.step = STEPS[seed // len(THOUGHTS) % len(STEPS)]
        self.trouble = list(TROUBLES)[seed % len(TROUBLES)]
        self.jump = ("", "back", "ahead", "suspended")[seed // 2 % 4]
        self.full_line = ("", "IntentLine", "", "OutcomeLine", "")[seed % 5]
        self.thought_had = self.jumped = False

    async def run(self) -> Counter[str]:
        """Live through it; returns how often what happened."""
        account = generated_account(now=NOW, snapshots=30, seed=self.seed)
        scopes = ALL_SCOPES - ({"block_storage_snapshot:read"} if self.seed % 7 == 6 else set())
        with ScriptedServer(account, scopes={DEMO_TOKEN: scopes}) as self.server:
            self.client = Watched(self.server.url, self.clocks, self._at)
            self.client.on_leave = self._leaves
            rows = {row.id: row async for step in self.client.listing() for row in step.rows}
            grace = self.chance.choice([0.0, 2.0]) if self.thought != "take back" else 3.0
            self.queue = DeletionQueue(
                self.client,
                self.journal,
                self.guards,
                clock=self.clocks.wall,
                boot=self.clocks.boot,
                sleep=self.clocks.sleep,
                context=lambda: QueryContext(self.clocks.wall()),
                workers=3,
                few=0,
                grace_seconds=grace,
            )
            await self._live(list(rows.values()))
            await self.queue.close()
            await self.client.aclose()
            self._check()
        return self.happened

    async def _live(self, rows: list[Snapshot]) -> None:
        self.chance.shuffle(rows)
        account = await self.client.get_account()
        self._make_trouble()
        for number in range(self.chance.choice([1, 2, 3])):
            chosen = tuple(rows.pop() for _ in range(self.chance.randint(2, 9)))
            self.confirmed |= {row.id: row for row in chosen}
            self._disturb(chosen)
            plan = Plan(f"plan{number}", NOW, self.server.url, account, "", chosen)
            self.queue.submit(plan, listed=self.chance.choice([0, 30]))
            self.happened["batch"] += 1
        if self.thought == "take back":
            await self._think_better()
        deadline = time.monotonic() + MOST_SECONDS
        while self.queue.busy and self.thought != "left":
            assert not self.broken, self.broken
            assert time.monotonic() < deadline, f"it does not end: {[batch.state for batch in self.queue.batches]}"
            await asyncio.sleep(0.02)
            self._look_after()
        await asyncio.gather(*self.tasks)

    def _make_trouble(self) -> None:
        for name in (self.trouble, self.chance.choice(list(TROUBLES))):
            if name in ("401", "403") and self.chance.random() < 0.5:
                continue
            method, path = self.chance.choice([("DELETE", ONE), ("DELETE", ONE), ("GET", ONE), ("GET", LIST)])
            fault = replace(TROUBLES[name], method=method, path=path)
            self.server.faults.add(replace(fault, skip=self.chance.randint(0, 2), times=self.chance.randint(1, 3)))
        if self.full_line:
            self.disk.full_at = {self.full_line: self.chance.randint(1, 4)}

    def _disturb(self, chosen: tuple[Snapshot, ...]) -> None:
        """Change some of what was confirmed before anything is looked at."""
        for row in chosen:
            if self.chance.random() < 0.15:
                what = self.chance.choice([*DISTURBANCES, "gone"])
                if what == "gone":
                    self.server.account.delete(row.id)
                else:
                    self.server.account.change(row.id, **DISTURBANCES[what])
                    self.disturbed.add(row.id)

    # While it goes on

    async def _at(self, step: str) -> None:
        """Have the thought at its step, once; it runs beside what it interrupts."""
        if step != self.step:
            return
        if self.jump and not self.jumped:
            self.jumped = True
            self._let_time_jump()
        if self.thought in ("cancel", "pause", "leave") and not self.thought_had:
            self.thought_had = True
            self.tasks.append(asyncio.create_task(self._think_better()))
            await asyncio.sleep(0)

    def _let_time_jump(self) -> None:
        self.happened[f"clock {self.jump}"] += 1
        if self.jump == "suspended":
            self.clocks.suspended += 60.0
        else:
            self.clocks.wall_offset += 3_600.0 if self.jump == "ahead" else -3_600.0

    async def _think_better(self) -> None:
        running = next((b for b in self.queue.batches if b.state in (State.RUNNING, State.GRACE, State.QUEUED)), None)
        if running is None:
            return
        event = {"cancel": Event.CANCEL, "pause": Event.PAUSE, "take back": Event.TAKE_BACK}.get(self.thought)
        if self.thought == "leave":
            self.happened[f"leave at {self.step}"] += 1
            self.thought = "left"
            await self.queue.close(cancel=self.chance.random() < 0.5)
            self.stopped |= {batch.id for batch in self.queue.batches}
        elif event is not None and running.may(event):
            self.happened[self.thought if self.thought == "take back" else f"{self.thought} at {self.step}"] += 1
            ask = {"cancel": self.queue.cancel, "pause": self.queue.pause, "take back": self.queue.take_back}
            await ask[self.thought](running.id)
            self.stopped.add(running.id)

    def _look_after(self) -> None:
        """Make room on the disk, and go on with what is paused, sooner or later."""
        if self.disk.full and self.chance.random() < 0.2:
            self.happened["full disk"] += 1
            self.disk.full = False
        for batch in self.queue.batches:
            if batch.may(Event.RESUME) and self.chance.random() < 0.2:
                self.stopped.discard(batch.id)
                self.queue.resume(batch.id)
                self.happened["resume"] += 1
        if self.thought == "retry" and not self.thought_had and self.chance.random() < 0.5:
            for batch in self.queue.batches:
                if batch.may(Event.RETRY):
                    self.thought_had = True
                    self.queue.retry(batch.id)
                    self.happened["retry"] += 1
                    break

    def _leaves(self, snapshot_id: str) -> None:
        """Note what is not as it must be when a DELETE leaves; told here it would only stop the batch."""
        batch = self._last_batch_of(snapshot_id)
        rules = {
            "a look of its own": snapshot_id in self.client.looked,
            "a look of at most five seconds": self.client.left[-1][1] <= LOOK_SECONDS,
            "an intent on disk": snapshot_id in self._recorded(batch).unknown_ids,
            "no answered stop before it": batch.id not in self.stopped,
            "a batch that runs": batch.state in (State.RUNNING, State.PAUSING, State.STOPPING),
            "what was reviewed": snapshot_id not in self.disturbed,
        }
        self.broken += [f"{snapshot_id} left without {rule}" for rule, kept in rules.items() if not kept]

    # In the end

    def _last_batch_of(self, snapshot_id: str) -> Batch:
        """Return the newest batch that has a snapshot: what failed may have been tried again."""
        return next(b for b in reversed(self.queue.batches) if any(i.snapshot.id == snapshot_id for i in b.items))

    def _recorded(self, batch: Batch) -> Recorded:
        return next(one for one in self.journal.history() if one.plan is not None and one.plan.id == batch.id)

    def _check(self) -> None:
        """Every item has one outcome, and the journal tells the story that the server tells."""
        assert not self.broken, self.broken
        sent = [seen.path.rpartition("/")[2] for seen in self.server.requests if seen.method == "DELETE"]
        acted = set(self.server.deleted_ids)
        seen = {request.status for request in self.server.requests}
        fault = TROUBLES[self.trouble]
        met = fault.status in seen if fault.status else 0 in seen or self.server.faults.wait_taken(0.0)
        self.happened[self.trouble] += met
        assert set(sent) <= set(self.confirmed)
        assert len(sent) <= len(self.client.left), "the server saw more than left"
        assert not acted & self.disturbed
        self._check_server_log()
        if self.thought != "left":
            assert unfinished(self.queue.batches) == 0
        for batch in self.queue.batches:
            self._check_batch(batch, acted)

    def _check_server_log(self) -> None:
        """By the server's own log every DELETE followed a look at its snapshot, and stands in a journal as intended."""
        looked: set[str] = set()
        intended: set[str] = set().union(*(self._recorded(batch).intended for batch in self.queue.batches))
        for request in self.server.requests:
            row_id = request.path.rpartition("/")[2]
            if request.method == "DELETE":
                assert row_id in looked, f"the server saw a DELETE of {row_id} without a look before it"
                assert row_id in intended
                looked.discard(row_id)
            elif request.status == 200 and request.path.startswith(LIST):
                looked |= set(self.confirmed) if request.path == LIST else {row_id}

    def _check_batch(self, batch: Batch, acted: set[str]) -> None:
        recorded = self._recorded(batch)
        for item in batch.items:
            row_id, line = item.snapshot.id, recorded.outcomes.get(item.snapshot.id)
            self.happened[str(item.outcome)] += 1
            if item.outcome is Outcome.DELETED:
                assert row_id in recorded.intended
            if item.outcome in (Outcome.DELETED, Outcome.ALREADY_GONE):
                assert row_id not in self.server.account.snapshots
            if item.outcome is Outcome.ALREADY_GONE:
                assert row_id not in acted, "what was deleted by us is said to have been gone"
            if row_id in acted and batch.id == self._last_batch_of(row_id).id:
                assert item.outcome in (Outcome.DELETED, Outcome.UNKNOWN), f"{row_id} is gone: {item}"
            if batch.state is State.ENDED:
                assert line is not None
                assert line.outcome is item.outcome
                if "lost" in item.reason or "broke" in item.reason:
                    self.happened["lost answer"] += 1
