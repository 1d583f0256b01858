"""A large batch against the server's limiter: no 429 of our making, nearly all that is allowed, room to browse."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import pytest

from snaptui.deletion.guards import Guards
from snaptui.deletion.items import Outcome
from snaptui.deletion.journal import Journal
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import Loaded, load_snapshots
from snaptui.digitalocean.client.pacer import RESERVED_SHARE, Pacer
from snaptui.model.token import Token
from snaptui.query import QueryContext
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
LEAST_SHARE = 0.9
"""Of what the limit leaves to background work."""


class Api(Client):
    """The client with the listing that the queue asks for."""

    def listing(self) -> AsyncIterator[Loaded]:
        return load_snapshots(self)


class Run(NamedTuple):
    """Time of a batch, the share of the limit that it used, and the slowest answer to browsing meanwhile."""

    seconds: float
    share: float
    slowest_seconds: float


async def delete(server: ScriptedServer, count: int, limits: Limits, journal: Journal) -> Run:
    """Delete the first `count` snapshots of the account while somebody browses."""
    pacer = Pacer(clock=time.time, per_minute=limits.per_minute, minute_seconds=limits.minute_seconds)
    client = Api(Token(DEMO_TOKEN), base_url=server.url, pacer=pacer)
    rows = [row async for step in load_snapshots(client) for row in step.rows]
    queue = DeletionQueue(
        client, journal, Guards(), clock=time.time, context=lambda: QueryContext(time.time()), workers=4
    )
    plan = Plan("some", time.time(), server.url, None, "", tuple(rows[:count]))
    submitted = time.monotonic()
    queue.submit(plan, listed=len(rows), unproven_account_confirmed=True)
    slowest = 0.0
    ended = asyncio.create_task(queue.ended("some"))
    while not ended.done():
        began = time.monotonic()
        await client.get_account()
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.wait({ended}, timeout=limits.minute_seconds / 3)
    took = time.monotonic() - submitted
    assert ended.result().counts[Outcome.DELETED] == count == len(server.deleted_ids)
    await client.aclose()
    return Run(took, share_of(server, limits), slowest)


def share_of(server: ScriptedServer, limits: Limits) -> float:
    """Return the share of what background work may use, by how long it took each time until so many were through."""
    moments = [seen.at for seen in server.requests if seen.status != 429]
    allowed = int(limits.per_minute * (1.0 - RESERVED_SHARE))
    return limits.minute_seconds / mean(
        later - earlier for earlier, later in zip(moments, moments[allowed:], strict=False)
    )


async def check(server: ScriptedServer, count: int, limits: Limits, tmp_path: Path) -> Run:
    run = await delete(server, count, limits, Journal(tmp_path / "deletions"))
    print(
        f"{count} deleted in {run.seconds:.0f} s, share of the limit {run.share:.2f}, "
        f"slowest answer while browsing {run.slowest_seconds * 1000:.0f} ms"
    )
    assert not [seen for seen in server.requests if seen.status == 429]
    assert run.slowest_seconds < 1.0
    return run


async def test_a_batch_uses_what_the_limit_allows(serve: Serve, tmp_path: Path) -> None:
    limits = Limits(per_minute=50, minute_seconds=5.0)
    assert (await check(serve(snapshots=180, limits=limits), 180, limits, tmp_path)).share >= LEAST_SHARE


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("listed", "count", "most_seconds"), [(300, 300, 75), (2_500, 1_000, 360)])
async def test_large_batches_at_the_real_limit(
    serve: Serve, tmp_path: Path, listed: int, count: int, most_seconds: float
) -> None:
    server = serve(snapshots=listed, latency_seconds=0.2)
    assert (await check(server, count, Limits(), tmp_path)).seconds <= most_seconds
