"""`snaptui delete`: the same plan, guards, queue and journal without a terminal."""

import asyncio
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from msgspec.structs import replace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.wiring import Parts, wired
from snaptui.deletion.batch import Batch, StopKind
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal
from snaptui.deletion.plan import Plan, PlanError
from snaptui.deletion.queue import DeletionQueue
from snaptui.digitalocean.api.errors import NotPermittedError
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account, same_account
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import QueryContext
from snaptui.report.fields import TABLE_FIELDS, Facts
from snaptui.report.table import table
from snaptui.text.amounts import count, total_gigabytes, usd_per_month
from snaptui.text.safe import visible


def run(options: Namespace) -> int:
    """Print the plan, ask for the count, delete; the exit code says whether everything is gone."""
    if bool(options.ids) == bool(options.plan):
        raise UsageError("delete takes snapshot ids, or --plan FILE")
    with wired(options) as parts, asyncio.Runner() as runner:
        if parts.settings.read_only.value:
            raise UsageError(f"read-only ({parts.settings.read_only.origin}): nothing can be deleted")
        client = parts.client(parts.need_token())
        try:
            return _review_and_delete(parts, options, client, runner)
        finally:
            runner.run(client.aclose())


def _review_and_delete(parts: Parts, options: Namespace, client: ApiClient, runner: asyncio.Runner) -> int:
    plan, account, context = runner.run(_prepared(parts, options, client))
    _show(plan, account, context)
    guards = Guards(False, parts.settings.protect.value, parts.settings.max_batch.value)
    # Asked outside of any event loop: Ctrl-C ends the question at once.
    if not _confirmed(plan, guards, options.confirm):
        say("nothing was deleted")
        return ExitCode.NOT_ALL_DELETED

    def context_now() -> QueryContext:
        return replace(context, now=time.time())

    job = runner.run(_work(client, parts.journal, guards, context_now, plan))
    return ExitCode.FINE if not job.failed else _failure(job)


async def _prepared(parts: Parts, options: Namespace, client: ApiClient) -> tuple[Plan, Account | None, QueryContext]:
    """Return the plan, whose it is, and what the protection rules are judged by."""
    account = await _account(client)
    plan = _read(Path(options.plan)) if options.plan else await _planned(parts, options.ids, client, account)
    if plan.api_url != parts.settings.api_url.value:
        raise UsageError(f"the plan is for {plan.api_url}, not for {parts.settings.api_url.value}")
    if same_account(plan.account, account) is False:
        raise UsageError("the plan is for another account than the one this token belongs to")
    return plan, account, await _context(parts, client)


async def _context(parts: Parts, client: ApiClient) -> QueryContext:
    """Load what the protection rules ask for; raise when too little is known to judge by them."""
    rules, price = parts.settings.protect.value, parts.settings.price_per_gb_month.value
    snapshots: Snapshots | None = None
    if any(rule.uses_places for rule in rules):
        rows: list[Snapshot] = []
        async for loaded in client.listing():
            rows += loaded.rows
        if (shortfall := loaded.coverage.shortfall) is not None:
            raise UsageError(f"which snapshots are protected cannot be told: {shortfall}", ExitCode.INCOMPLETE)
        snapshots = Snapshots(rows, price)
    sources = await client.get_sources() if any(rule.uses_sources for rule in rules) else Sources()
    return QueryContext(time.time(), places=snapshots, sources=sources, usd_per_gb_month=price)


async def _account(client: ApiClient) -> Account | None:
    try:
        return await client.get_account()
    except NotPermittedError:
        return None


def _read(path: Path) -> Plan:
    try:
        return Plan.from_json(path.read_bytes())
    except OSError as error:
        raise UsageError(f"--plan {path} cannot be read: {error.strerror}") from None
    except PlanError as error:
        raise UsageError(f"--plan {path}: {error}") from None


async def _planned(parts: Parts, ids: Sequence[str], client: ApiClient, account: Account | None) -> Plan:
    """Look at each snapshot; one that cannot be had is an error before anything is deleted."""
    items: list[Snapshot] = []
    for row_id in dict.fromkeys(ids):
        items.append((await client.get_snapshot(row_id)).snapshot)
    return Plan(uuid4().hex, time.time(), parts.settings.api_url.value, account, "", tuple(items))


def _show(plan: Plan, account: Account | None, context: QueryContext) -> None:
    totals = plan.totals
    whose = visible(account.label) if account else "an account this token may not name"
    sys.stdout.writelines(table(plan.items, TABLE_FIELDS, Facts(context.now, context.usd_per_gb_month)).pieces)
    sums = f"{total_gigabytes(totals.gigabytes)}, {usd_per_month(totals.monthly_usd)}"
    print(f"delete {count(totals.count, 'snapshot')} from {whose} at {visible(plan.api_url)}: {sums}", flush=True)


def _confirmed(plan: Plan, guards: Guards, confirm: int | None) -> bool:
    """Return whether the count was given, as `--confirm N` or typed; above max_batch words are asked for too."""
    wanted = len(plan.items)
    if confirm is not None:
        if confirm != wanted:
            raise UsageError(f"--confirm {confirm} is not the number of snapshots in the plan, {wanted}")
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"without a terminal, give --confirm {wanted} to delete these")
    if not _typed(f"There is no undo. Type {wanted} to delete them: ", str(wanted)):
        return False
    return wanted <= guards.max_batch or _typed("So many? Then type delete them all: ", "delete them all")


def _typed(question: str, wanted: str) -> bool:
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() == wanted


async def _work(
    client: ApiClient, journal: Journal, guards: Guards, context: Callable[[], QueryContext], plan: Plan
) -> Batch:
    """Work the plan off, printing each outcome; an interrupt, or output that nobody reads, stops between items."""
    queue = DeletionQueue(client, journal, guards, clock=time.time, context=context)
    queue.submit(plan, unproven_account_confirmed=plan.account is None)
    told: set[str] = set()
    try:
        ended = asyncio.create_task(queue.ended(plan.id))
        while not ended.done():
            await asyncio.wait({ended}, timeout=0.05)
            _tell(queue.batches[0], told)
    except asyncio.CancelledError:
        await queue.cancel(plan.id)
        await queue.close()
        _tell(queue.batches[0], told)
        _tell_interrupted(queue.batches[0])
        raise
    except OSError:
        await queue.cancel(plan.id)
        await queue.ended(plan.id)
        raise
    _tell(queue.batches[0], told)
    return queue.batches[0]


def _tell(job: Batch, told: set[str]) -> None:
    for item in job.items:
        if item.outcome is not None and item.snapshot.id not in told:
            told.add(item.snapshot.id)
            reason = f": {visible(item.reason)}" if item.reason else ""
            print(f"{item.outcome:<16} {visible(item.snapshot.id)}  {visible(item.snapshot.name)}{reason}", flush=True)


def _tell_interrupted(job: Batch) -> None:
    """Say of every item how it stands, when nobody waits for the rest."""
    unsent = sum(item.outcome is None for item in job.items)
    ended = [f"{number} {outcome}" for outcome, number in sorted(job.counts.items())]
    said = ", ".join([*ended, *([f"{unsent} not sent"] if unsent else [])])
    print(f"snaptui: interrupted: {said}. The next start of snaptui settles what is open.", file=sys.stderr)


def _failure(job: Batch) -> int:
    ended = ", ".join(f"{number} {outcome}" for outcome, number in sorted(job.counts.items()))
    print(f"snaptui: not everything was deleted: {ended}", file=sys.stderr)
    denied = job.stop is not None and job.stop.kind in (StopKind.NOT_AUTHENTICATED, StopKind.NOT_PERMITTED)
    if denied:
        return ExitCode.NOT_PERMITTED
    return ExitCode.NOT_ALL_DELETED
