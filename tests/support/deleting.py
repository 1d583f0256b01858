"""Doubles for deleting at unit level: a time that passes while all wait, an API, a journal on a disk that fills up."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from typing import ParamSpec, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.journal import Journal
from snaptui.deletion.journal_lines import ConfirmedLine, Line
from snaptui.deletion.plan import Plan
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.errors import ApiError, NotFoundError, NotSentError
from snaptui.digitalocean.api.rate_limit import Lease, Wait
from snaptui.digitalocean.api.requests import PAGE_SIZE, Deletion, FetchedSnapshot
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.account import Account
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot

URL = "https://x"
OURS = Account("u", "ops@example.com", "active")
MOST_WAKES = 4_000
"""A quarter of an hour of ticks: what is waited for longer never comes, unless a test says so."""
HOURS_OF_WAKES = 40_000
QUIET_ROUNDS = 12
"""How many turns of the loop an event takes at most until all that follows from it waits again."""
P = ParamSpec("P")
T = TypeVar("T")


def snapshot(row_id: str, name: str = "web", tags: tuple[str, ...] | None = ()) -> Snapshot:
    return Snapshot(row_id, f"{name}-{row_id}", None, 5.0, ("nyc3",), 25, 2.5, "1", "droplet", tags)


def plan_of(items: Iterable[Snapshot], plan_id: str = "p", account: Account | None = OURS) -> Plan:
    return Plan(plan_id, 1.0, URL, account, "", tuple(items))


class OneThread(ThreadPoolExecutor):
    """Writes to disk one after the other, so that it can be told when nothing is being written."""

    def __init__(self) -> None:
        super().__init__(1)
        self._begun = self._written = 0
        asyncio.get_running_loop().set_default_executor(self)

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self._begun += 1
        return super().submit(function, *args, **kwargs)

    async def all_wait(self) -> None:
        """Return when no task can go on by itself."""
        await _some_turns()
        while self._written != self._begun:
            self._written = self._begun
            # Behind all that was begun before it.
            await asyncio.wrap_future(super().submit(lambda: None))
            await _some_turns()


async def _some_turns() -> None:
    for _ in range(QUIET_ROUNDS):
        await asyncio.sleep(0)


class Timeline:
    """A clock that goes on only while everybody waits for it, to the moment at which the next one wakes."""

    def __init__(self, start: float = 1_000.0) -> None:
        self.now = start
        self.offset = 0.0
        """Seconds that the wall clock is ahead of this one; whoever sets the clock changes it."""
        self.most_wakes = MOST_WAKES
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._disk = OneThread()

    def clock(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now + self.offset

    async def sleep(self, seconds: float) -> None:
        future = asyncio.get_running_loop().create_future()
        heappush(self._sleepers, (self.now + seconds, next(self._numbers), future))
        await future

    def gap(self, seconds: float) -> None:
        """Let time pass in which the program does not run."""
        self.now += seconds

    async def until(self, reached: Callable[[], bool]) -> None:
        """Let time pass until something is so."""
        wakes = count()
        while not reached():
            assert next(wakes) < self.most_wakes, "it never came"
            await self._disk.all_wait()
            if not reached():
                self._wake()

    async def of(self, work: Awaitable[object]) -> None:
        """Let time pass until some work is done."""
        task = asyncio.ensure_future(work)
        await self.until(task.done)
        task.result()

    def _wake(self) -> None:
        assert self._sleepers, "everybody waits, and nobody for the time"
        at, _, future = heappop(self._sleepers)
        self.now = max(self.now, at)
        if not future.done():
            future.set_result(None)


class Sent(Struct, frozen=True):
    """A DELETE that left: when, and how old its look was."""

    snapshot_id: str
    at: float
    age: float


class Pretended:
    """An API with an account in memory. `fails` has errors to answer with by what is done, in order.

    `at` has what to do at a step: `lease`, `look`, `list`, `connect` (before a DELETE leaves), `answer` (after it).
    """

    def __init__(self, time: Timeline, rows: Iterable[Snapshot], latency: float = 0.1) -> None:
        self.time = time
        self.rows = {row.id: row for row in rows}
        self.latency = latency
        self.account: Account | ApiError = OURS
        self.wait: Wait | None = None
        self.fails: defaultdict[str, deque[ApiError]] = defaultdict(deque)
        self.always: dict[str, ApiError] = {}
        self.lost_after_acting: deque[ApiError] = deque()
        self.at: dict[str, Callable[[], Awaitable[None]]] = {}
        self.sent: list[Sent] = []
        self.asked: list[str] = []
        self.leases: list[tuple[int, int]] = []
        self.held = 0
        self.without_lease: list[str] = []
        """Requests that were made without a place held for them."""
        self.places: int | None = None
        self.omitted: set[str] = set()
        self.incomplete = False
        self.list_seconds = 0.1
        self._left: dict[int, int] = {}
        self._numbers = count(1)

    async def _step(self, name: str, subject: str = "") -> None:
        if name in self.at:
            await self.at[name]()
        if self.fails[name]:
            raise self.fails[name].popleft()
        if (error := self.always.get(name) or self.always.get(f"{name} {subject}")) is not None:
            raise error

    @asynccontextmanager
    async def lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        await self._step("lease")
        places = min(wanted, self.places) if self.places is not None else wanted
        self.leases.append((wanted, least))
        number = next(self._numbers)
        self._left[number] = places
        self.held += places
        try:
            yield Lease(number, places)
        finally:
            self.held -= self._left.pop(number)

    def _use(self, lease: int, what: str) -> None:
        """Use a place of a lease; without one a request waits for a place, which a DELETE must not."""
        if self._left.get(lease, 0) > 0:
            self._left[lease] -= 1
            self.held -= 1
        elif what == "delete":
            raise NotSentError("no place of the rate limit is held for it")
        else:
            self.without_lease.append(what)

    async def get_account(self) -> Account:
        self.asked.append("account")
        await self._step("account")
        if isinstance(self.account, ApiError):
            raise self.account
        return self.account

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        self.asked.append(f"get {snapshot_id}")
        self._use(lease, f"get {snapshot_id}")
        await self._step("look", snapshot_id)
        await self.time.sleep(self.latency)
        if snapshot_id not in self.rows:
            raise NotFoundError("there is none", status=404)
        return FetchedSnapshot(self.rows[snapshot_id], "", self.time.clock())

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        self.asked.append("list")
        for _ in range(max(1, -(-len(self.rows) // PAGE_SIZE))):
            self._use(lease, "list")
        await self._step("list")
        rows = tuple(row for row in self.rows.values() if row.id not in self.omitted)
        await self.time.sleep(self.list_seconds)
        yield Loaded(rows, Coverage(), None if self.incomplete else {row.id for row in rows})

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        try:
            await self._step("connect", snapshot_id)
            self._use(departure.lease, "delete")
            departure.leave()
            self.sent.append(Sent(snapshot_id, self.time.clock(), self.time.clock() - departure.seen))
            await self.time.sleep(self.latency)
            await self._step("answer", snapshot_id)
            was_there = self.rows.pop(snapshot_id, None) is not None
            if self.lost_after_acting:
                raise self.lost_after_acting.popleft()
            return Deletion.DELETED if was_there else Deletion.ALREADY_GONE
        finally:
            departure.over()

    def change(self, snapshot_id: str, tags: tuple[str, ...]) -> None:
        self.rows[snapshot_id] = replace(self.rows[snapshot_id], tags=tags)

    @property
    def sent_ids(self) -> list[str]:
        return [sent.snapshot_id for sent in self.sent]


class Disk(Struct):
    """A disk that can be full, from some line on or at once."""

    full: bool = False
    full_at: Mapping[str, int] = {}
    written: dict[str, int] = {}
    before: Callable[[Line | ConfirmedLine], object] = lambda _: None
    """Called in the thread that writes, before each line."""

    def take(self, line: Line | ConfirmedLine) -> None:
        self.before(line)
        kind = type(line).__name__
        self.written[kind] = self.written.get(kind, 0) + 1
        if self.full or self.written[kind] == self.full_at.get(kind):
            self.full = True
            raise JournalError("the disk is full")


class FullFile(BatchFile):
    """A batch's file on a disk that can be full."""

    def __init__(self, file: BatchFile, disk: Disk) -> None:
        super().__init__(file.path, -1)
        self._file = file
        self._disk = disk

    def write(self, line: Line | ConfirmedLine) -> None:
        self._disk.take(line)
        self._file.write(line)

    def close(self) -> None:
        self._file.close()


class FullJournal(Journal):
    """A journal on a disk that can be full."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        super().__init__(folder)
        self.disk = disk

    def begin(self, at: float, plan: Plan) -> BatchFile:
        if self.disk.full:
            raise JournalError("the disk is full")
        return FullFile(super().begin(at, plan), self.disk)
