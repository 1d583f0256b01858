"""A large batch against the server's limiter: no 429 of our making, nearly all that is allowed, room to browse."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from snaptui.deletion.batch import Outcome
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import Loaded, load_snapshots
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.model.token import Token
from snaptui.query import QueryContext
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
LEAST_SHARE = 0.7
"""Of the limit: 0.08 are left to browsing, and a busy machine takes its part of a window of two seconds."""


class Api(Client):
    """The client with the listing that the queue asks for."""

    def listing(self) -> AsyncIterator[Loaded]:
        return load_snapshots(self)


async def delete_all(server: ScriptedServer, limits: Limits, journal: Journal) -> tuple[float, float]:
    """Delete everything while browsing; return the share of the limit reached and the slowest answer to browsing."""
    pacer = Pacer(clock=time.time, per_minute=limits.per_minute, minute_seconds=limits.minute_seconds)
    client = Api(Token(DEMO_TOKEN), base_url=server.url, pacer=pacer)
    rows = {row.id: row async for step in load_snapshots(client) for row in step.rows}
    queue = DeletionQueue(
        client, journal, Guards(), clock=time.time, context=lambda: QueryContext(time.time()), workers=4
    )
    plan = Plan("all", time.time(), server.url, None, "", tuple(rows.values()))
    queue.submit(plan, listed=len(rows), unproven_account_confirmed=True)
    slowest = 0.0
    ended = asyncio.create_task(queue.ended("all"))
    while not ended.done():
        began = time.monotonic()
        await client.get_account()
        slowest = max(slowest, time.monotonic() - began)
        await asyncio.wait({ended}, timeout=limits.minute_seconds / 3)
    assert ended.result().counts[Outcome.DELETED] == len(rows)
    await client.aclose()
    return share_of(server, limits), slowest


def share_of(server: ScriptedServer, limits: Limits) -> float:
    """Return the requests admitted per second after the first window, as a share of what the limiter admits."""
    moments = [seen.at for seen in server.requests if seen.status != 429]
    later = [moment for moment in moments if moment > moments[0] + limits.minute_seconds]
    seconds = moments[-1] - moments[0] - limits.minute_seconds
    return len(later) / seconds / (limits.per_minute / limits.minute_seconds)


async def check(server: ScriptedServer, limits: Limits, tmp_path: Path) -> None:
    share, slowest = await delete_all(server, limits, Journal(tmp_path / "deletions"))
    print(f"share of the limit {share:.2f}, slowest answer while browsing {slowest * 1000:.0f} ms")
    assert not [seen for seen in server.requests if seen.status == 429]
    assert share >= LEAST_SHARE
    assert slowest < 1.0


async def test_a_batch_uses_what_the_limit_allows(serve: Serve, tmp_path: Path) -> None:
    limits = Limits(per_minute=100, minute_seconds=2.0)
    await check(serve(snapshots=400, limits=limits), limits, tmp_path)


@pytest.mark.long
async def test_a_batch_of_a_thousand_at_the_real_limit(serve: Serve, tmp_path: Path) -> None:
    limits = Limits()
    await check(serve(snapshots=1_000, limits=limits), limits, tmp_path)
