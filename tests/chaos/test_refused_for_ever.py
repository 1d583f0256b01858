"""A server that lets looks through and refuses every DELETE by a 429, over real HTTP, for 65 minutes of waits."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from snaptui.deletion.batch import StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal import Journal
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.model.account import Account
from snaptui.model.token import Token
from snaptui.query import QueryContext
from tests.support.deleting import OneThread
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
STEP_SECONDS = 0.25
MOST_SECONDS = 60.0
REFUSED = b'{"id":"too_many_requests","message":"API Rate limit exceeded."}'


class Hours:
    """A clock on which a quarter of a second passes at once whenever nothing is on the wire or being written."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._on_the_wire: set[asyncio.Task[object] | None] = set()
        self._disk = OneThread()
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def clock(self) -> float:
        return self.now

    @contextmanager
    def wire(self) -> Iterator[None]:
        """Context of a call: time stands still in it, but for the waits of the client within."""
        task = asyncio.current_task()
        self._on_the_wire.add(task)
        try:
            yield
        finally:
            self._on_the_wire.discard(task)

    async def sleep(self, seconds: float) -> None:
        task = asyncio.current_task()
        within = task in self._on_the_wire
        self._on_the_wire.discard(task)
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.now + seconds, future))
        await future
        if within:
            self._on_the_wire.add(task)

    async def pass_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + MOST_SECONDS
        while not done():
            assert time.monotonic() < deadline, f"it does not end, {self.now - 1_000:.0f} s after it began"
            await self._disk.all_wait()
            if self._on_the_wire:
                await asyncio.sleep(0.001)
                continue
            self.now += STEP_SECONDS
            for until, future in self._sleepers:
                if until <= self.now and not future.done():
                    future.set_result(None)
            self._sleepers = [sleeper for sleeper in self._sleepers if not sleeper[1].done()]


class Waiting(Client):
    """The client, whose calls let time stand still."""

    def __init__(self, url: str, hours: Hours) -> None:
        self._hours = hours
        pacer = Pacer(clock=hours.clock, wall=hours.clock, sleep=hours.sleep)
        super().__init__(
            Token(DEMO_TOKEN), base_url=url, pacer=pacer, clock=hours.clock, boot=hours.clock, sleep=hours.sleep
        )

    async def get_account(self) -> Account:
        with self._hours.wire():
            return await super().get_account()

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        with self._hours.wire():
            return await super().get_snapshot(snapshot_id, lease)

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        with self._hours.wire():
            return await super().delete_snapshot(snapshot_id, departure)


async def test_a_429_to_every_delete_ends_the_rest_after_65_minutes(serve: Serve, tmp_path: Path) -> None:
    refused = Fault(method="DELETE", times=None, status=429, body=REFUSED, headers={"retry-after": "60"})
    server, hours = serve(refused, snapshots=6, limits=Limits(per_minute=100_000, per_hour=100_000)), Hours()
    client = Waiting(server.url, hours)
    rows = {row.id: row async for step in client.listing() for row in step.rows}
    account = await client.get_account()
    journal = Journal(tmp_path / "deletions")
    queue = DeletionQueue(
        client,
        journal,
        Guards(),
        clock=hours.clock,
        boot=hours.clock,
        sleep=hours.sleep,
        context=lambda: QueryContext(hours.now),
    )
    queue.submit(Plan("p", 1.0, server.url, account, "", tuple(rows.values())), listed=6)
    ended = asyncio.create_task(queue.ended("p"))
    await hours.pass_until(ended.done)
    await client.aclose()
    batch = ended.result()
    assert batch.stop is not None
    assert batch.stop.kind is StopKind.RATE_LIMIT
    assert {(item.outcome, item.reason) for item in batch.items} == {
        (Outcome.FAILED, "rate limit: no DELETE was let through for 65 minutes")
    }
    assert 65 * 60 <= hours.now - 1_000.0 < 67 * 60
    assert len(server.account.snapshots) == 6
    assert server.count("DELETE") >= 60
    assert {seen.status for seen in server.requests if seen.method == "GET"} == {200}
    (recorded,) = journal.history()
    assert recorded.ended is not None
