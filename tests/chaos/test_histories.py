"""Random histories of plans, faults and second thoughts: what was confirmed, what was sent, what was recorded."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from snaptui.deletion.batch import Outcome
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal
from snaptui.deletion.plan import Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.demo.account import DemoAccount
from snaptui.demo.api import DEMO_TOKEN
from snaptui.digitalocean.api.patience import Patience
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.listing import Loaded, load_snapshots
from snaptui.model.snapshot import Snapshot
from snaptui.model.token import Token
from snaptui.query import QueryContext, parse
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

NOW = 1_790_000_000.0
ONE, LIST = "/v2/snapshots/.+", "/v2/snapshots"
ERROR = b'{"id":"x","message":"trouble"}'
FAULTS = st.sampled_from(
    [
        Fault(status=429, body=ERROR, headers={"retry-after": "0"}),
        Fault(status=429, body=ERROR, headers={"ratelimit-reset": "1"}),
        Fault(status=500, body=ERROR),
        Fault(status=502, body=HTML_502, content_type="text/html"),
        Fault(status=409, body=ERROR),
        Fault(status=422, body=b""),
        Fault(reset_before=True),
        Fault(reset_after=True),
        Fault(truncate=True),
        Fault(delay_seconds=0.02),
        Fault(status=403, body=ERROR),
    ]
)
QUICK = Patience(attempts=2, try_seconds=2.0, total_seconds=1.0, first_backoff_seconds=0.001)


class Api(Client):
    """The client with the listing that the queue asks for."""

    def listing(self) -> AsyncIterator[Loaded]:
        return load_snapshots(self)


class Histories(RuleBasedStateMachine):
    """One account, one server, one journal; plans are confirmed, disturbed, cancelled and worked off."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.server = ScriptedServer(DemoAccount.generate(now=NOW, snapshots=30))
        self.server.__enter__()
        self.journal = Journal(Path(self.folder.name) / "deletions")
        self.context = QueryContext(NOW)
        self.guards = Guards(protect=(parse("tag:keep"), parse("tag:protected")))
        self.confirmed: dict[str, Snapshot] = {}
        self.taken_back: set[str] = set()
        self.plans = 0

    @initialize()
    def connect(self) -> None:
        async def make() -> tuple[Api, DeletionQueue]:
            client = Api(Token(DEMO_TOKEN), base_url=self.server.url, patience=QUICK)
            queue = DeletionQueue(
                client, self.journal, self.guards, clock=time.time, context=lambda: self.context, workers=3
            )
            return client, queue

        self.client, self.queue = self.loop.run_until_complete(make())
        self.loop.run_until_complete(self.list())

    async def list(self) -> None:
        self.rows = {}
        async for step in load_snapshots(self.client):
            self.rows.update({row.id: row for row in step.rows})

    @rule(method=st.sampled_from(["DELETE", "GET"]), trouble=FAULTS, skip=st.integers(0, 3), times=st.integers(1, 3))
    def trouble(self, method: str, trouble: Fault, skip: int, times: int) -> None:
        self.server.faults.add(replace(trouble, method=method, path=ONE, skip=skip, times=times))

    @rule(data=st.data(), what=st.sampled_from(["gone", "renamed", "protected", "resized"]))
    def disturb(self, data: st.DataObject, what: str) -> None:
        if not self.server.account.snapshots:
            return
        row_id = data.draw(st.sampled_from(sorted(self.server.account.snapshots)))
        if what == "gone":
            self.server.account.delete(row_id)
        elif what == "renamed":
            self.server.account.change(row_id, name=f"renamed {self.plans}")
        elif what == "protected":
            self.server.account.change(row_id, tags=["keep"])
        else:
            self.server.account.change(row_id, size_gigabytes=299.99)

    @rule(data=st.data(), second_thought=st.sampled_from(["none", "cancel", "pause", "close"]), listed=st.booleans())
    def delete(self, data: st.DataObject, second_thought: str, listed: bool) -> None:
        rows = [row for row in self.rows.values() if row.id not in self.confirmed]
        if not rows:
            return
        chosen = data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=8, unique_by=lambda row: row.id))
        self.plans += 1
        plan = Plan(f"plan{self.plans}", NOW + self.plans, self.server.url, None, "", tuple(chosen))
        self.confirmed.update({row.id: row for row in chosen})
        before = len(self.server.requests)
        self.loop.run_until_complete(self.work(plan, second_thought, listed))
        sent = [seen.path.rpartition("/")[2] for seen in self.server.requests[before:] if seen.method == "DELETE"]
        assert set(sent) <= {row.id for row in chosen}
        self.check(plan)

    async def work(self, plan: Plan, second_thought: str, listed: bool) -> None:
        self.queue.submit(plan, listed=len(self.rows) if listed else 0, unproven_account_confirmed=True)
        if second_thought == "cancel":
            await asyncio.sleep(0)
            await self.queue.cancel(plan.id)
        elif second_thought == "pause":
            await self.queue.pause(plan.id)
            await asyncio.sleep(0)
            self.queue.resume(plan.id)
        elif second_thought == "close":
            await asyncio.sleep(0)
            await self.queue.close()
        await self.queue.ended(plan.id)

    def check(self, plan: Plan) -> None:
        """Every item has exactly one outcome, and the journal tells the story that the server tells."""
        job = next(job for job in self.queue.batches if job.id == plan.id)
        assert job.finished
        recorded = next(one for one in self.journal.history() if one.plan is not None and one.plan.id == plan.id)
        deleted = set(self.server.deleted_ids)
        for item in job.items:
            if item.outcome in (Outcome.DELETED, Outcome.ALREADY_GONE):
                assert item.snapshot.id not in self.server.account.snapshots
            if item.outcome in (Outcome.CHANGED, Outcome.PROTECTED):
                assert item.snapshot.id not in deleted
            if item.snapshot.id in deleted:
                assert item.snapshot.id in recorded.intended
                assert item.outcome in (Outcome.DELETED, Outcome.ALREADY_GONE, Outcome.UNKNOWN)
            if item.outcome is not Outcome.UNKNOWN and job.state == "ended":
                line = recorded.outcomes.get(item.snapshot.id)
                assert line is not None
                assert line.outcome is item.outcome

    @rule()
    def reload(self) -> None:
        self.server.faults.clear()
        self.loop.run_until_complete(self.list())

    @invariant()
    def only_what_was_confirmed_was_sent(self) -> None:
        for seen in self.server.requests:
            if seen.method == "DELETE":
                assert seen.path.rpartition("/")[2] in self.confirmed

    @invariant()
    def nothing_protected_or_changed_was_deleted(self) -> None:
        for row_id in self.server.deleted_ids:
            assert self.guards.refusal(self.confirmed[row_id], self.context) is None

    def teardown(self) -> None:
        if hasattr(self, "client"):
            self.loop.run_until_complete(self.queue.close())
            self.loop.run_until_complete(self.client.aclose())
        self.loop.close()
        self.server.__exit__(None, None, None)
        self.folder.cleanup()


def histories(number: int) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=number, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_a_few_histories() -> None:
    histories(25)


@pytest.mark.long
def test_many_histories() -> None:
    histories(600)
