"""A large batch against the server's limiter: no 429 of our making, nearly all that is allowed, room to browse."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import mean

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
    """Return the share of what background work may use, by how long it took each time until so many were through."""
    moments = [seen.at for seen in server.requests if seen.status != 429]
    allowed = int(limits.per_minute * (1.0 - RESERVED_SHARE))
    return limits.minute_seconds / mean(
        later - earlier for earlier, later in zip(moments, moments[allowed:], strict=False)
    )


async def check(server: ScriptedServer, limits: Limits, tmp_path: Path) -> None:
    share, slowest = await delete_all(server, limits, Journal(tmp_path / "deletions"))
    print(f"share of the limit {share:.2f}, slowest answer while browsing {slowest * 1000:.0f} ms")
    assert not [seen for seen in server.requests if seen.status == 429]
    assert share >= LEAST_SHARE
    assert slowest < 1.0


async def test_a_batch_uses_what_the_limit_allows(serve: Serve, tmp_path: Path) -> None:
    limits = Limits(per_minute=50, minute_seconds=5.0)
    await check(serve(snapshots=180, limits=limits), limits, tmp_path)


@pytest.mark.long
async def test_a_batch_of_a_thousand_at_the_real_limit(serve: Serve, tmp_path: Path) -> None:
    limits = Limits()
    await check(serve(snapshots=1_000, limits=limits), limits, tmp_path)
