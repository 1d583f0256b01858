"""`snaptui delete`: the same plan, review, guards, queue and journal as on the screen, without one."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from msgspec.structs import replace

from snaptui.cli import known, planning
from snaptui.cli.confirming import is_confirmed
from snaptui.cli.delete_review import cautions_of, print_review, warnings_of
from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.known import Known
from snaptui.cli.planning import Wanted
from snaptui.cli.progress import Progress
from snaptui.cli.settling import settle
from snaptui.cli.wiring import Parts, wired
from snaptui.cli.working import Work, exit_code, interrupted
from snaptui.deletion.batch import Batch
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import DEMO_ACCOUNT, Plan
from snaptui.deletion.queue import DeletionQueue
from snaptui.deletion.recovery import Interrupted
from snaptui.deletion.rule_problems import rule_problems
from snaptui.digitalocean.api.rate_limit import Wait
from snaptui.model.account import Account, same_account
from snaptui.model.snapshot import Snapshot

if TYPE_CHECKING:
    from snaptui.digitalocean.client.client import Client

T = TypeVar("T")
Begin = Callable[[DeletionQueue, int], None]
"""Hands one batch to a queue, with the number of snapshots of the account."""
MOST_PAGES_FOR_WARNINGS: Final = 25
"""A tenth of what the API allows in a minute; whether something is the last copy is not known without the rest."""


def run(options: Namespace) -> int:
    """Print the plan, ask for the count, delete; the exit code says whether everything is gone."""
    ways = [bool(options.ids), options.plan is not None, options.query is not None, options.resume]
    if sum(ways) != 1:
        raise UsageError("delete takes snapshot ids, or --query QUERY, or --plan FILE, or --resume")
    with wired(options) as parts, asyncio.Runner() as runner:
        if parts.settings.read_only.value:
            raise UsageError(f"read-only ({parts.settings.read_only.origin}): nothing can be deleted")
        plan = planning.read_plan(options.plan) if options.plan is not None else None
        if plan is not None and parts.demo and plan.api_url == DEMO_ACCOUNT:
            plan = replace(plan, api_url=parts.settings.api_url.value)
        ids = planning.read_ids(options.ids) if options.ids else ()
        deletion = _Deletion(parts, options, runner)
        try:
            return deletion.resume() if options.resume else deletion.delete(plan, ids)
        finally:
            runner.run(deletion.client.aclose())


class _Deletion:
    """One run of the command: what is known, what is asked, what is done."""

    def __init__(self, parts: Parts, options: Namespace, runner: asyncio.Runner) -> None:
        settings = parts.settings
        self.client: Client = parts.client(parts.need_token())
        self._options = options
        self._runner = runner
        self._journal = parts.journal
        self._api_url = settings.api_url.value
        self._price = settings.price_per_gb_month.value
        self._guards = Guards(False, settings.protect.value, settings.max_batch.value)
        self._waiting: Wait | None = None
        self.client.on_state(self._state_changed)

    def _state_changed(self) -> None:
        self._waiting = self.client.wait

    def _reading(self, what: Coroutine[None, None, T]) -> T:
        """Run what reads from the account, saying what it waits for."""
        with Progress(sys.stderr, lambda: "reading the account", lambda: self._waiting):
            return self._runner.run(what)

    def delete(self, plan: Plan | None, ids: Sequence[str]) -> int:
        """Delete what a plan, ids or a query name."""
        account, earlier = self._begin()
        for left_open in earlier:
            left_open.file.close()
        now, wanted = self._reading(self._wanted(account, plan, ids))
        for row_id in wanted.gone:
            print(f"already gone     {row_id}: there is no snapshot with this id", flush=True)
        for row_id, reason in wanted.unreadable:
            say(f"{row_id} cannot be looked at: {reason}")
        code = ExitCode.NOT_ALL_DELETED if wanted.unreadable else wanted.code
        if not wanted.plan.items:
            say("nothing is left to be deleted" if wanted.gone else "there is nothing to delete")
            return code
        unproven = same_account(wanted.plan.account, account) is None
        if not self._reviewed(wanted.plan.items, now, len(wanted.gone), unproven=unproven):
            return ExitCode.NOT_ALL_DELETED
        submit = partial(_submitted, plan=wanted.plan, unproven_account_confirmed=unproven)
        return self._work(now, [submit]) or code

    def resume(self) -> int:
        """Go on with what an earlier run left open."""
        account, earlier = self._begin()
        if not earlier:
            say("nothing is left to be resumed")
            return ExitCode.FINE
        now = self._reading(known.look(self.client, account, self._price))
        known.check_judgeable(now, self._guards)
        # Two of them may name the same snapshot.
        items = {item.snapshot.id: item.snapshot for found in earlier for item in found.items if item.outcome is None}
        if not self._reviewed(list(items.values()), now, 0, unproven=False):
            return ExitCode.NOT_ALL_DELETED
        return self._work(now, [partial(_adopted, found=found) for found in earlier])

    def _begin(self) -> tuple[Account | None, list[Interrupted]]:
        return self._reading(self._settled())

    async def _settled(self) -> tuple[Account | None, list[Interrupted]]:
        account = await known.whose(self.client)
        return account, await settle(self._journal, self._api_url, account, self.client)

    async def _wanted(self, account: Account | None, plan: Plan | None, ids: Sequence[str]) -> tuple[Known, Wanted]:
        if plan is not None:
            self._check(plan, account)
        now = await known.look(self.client, account, self._price, most_pages=self._most_pages(len(ids)))
        known.check_judgeable(now, self._guards)
        if plan is not None:
            return now, Wanted(plan)
        if ids:
            return now, await planning.of_ids(ids, now, self._api_url, self.client)
        return now, planning.of_query(self._options.query, now, self._guards, self._api_url)

    def _most_pages(self, ids: int) -> int | None:
        """Return how long a list is worth reading for some ids; `None` where the whole of it is needed."""
        needs_all = ids == 0 or any(rule.uses_places for rule in self._guards.protect)
        return None if needs_all else max(MOST_PAGES_FOR_WARNINGS, ids)

    def _check(self, plan: Plan, account: Account | None) -> None:
        if plan.api_url != self._api_url:
            raise UsageError(f"the plan is for {plan.api_url}, not for {self._api_url}")
        if same_account(plan.account, account) is False:
            raise UsageError("the plan is for another account than the one this token belongs to")

    def _reviewed(self, items: Sequence[Snapshot], now: Known, gone: int, *, unproven: bool) -> bool:
        """Print the review, and return whether it was confirmed."""
        rules = self._guards.protect if now.coverage.complete else ()
        problems = rule_problems(rules, now.snapshots, now.context)
        cautions = [*cautions_of(items, now, unproven=unproven), *problems.lines]
        print_review(items, now, warnings_of(items, now, self._guards), cautions, self._api_url)
        number = len(items)
        # Asked outside of any event loop: Ctrl-C ends the question at once.
        agreed = is_confirmed(
            number,
            number + gone,
            self._options,
            max_batch=self._guards.max_batch,
            unproven=unproven,
            terminal=sys.stdin,
            said=sys.stderr,
        )
        if not agreed:
            say("nothing was deleted")
        return agreed

    def _work(self, now: Known, begin: Sequence[Begin]) -> ExitCode:
        return self._runner.run(self._worked_off(now, begin))

    async def _worked_off(self, now: Known, begin: Sequence[Begin]) -> ExitCode:
        """Work batches off one after the other: two may be of one plan, or name the same snapshot."""
        listed = now.coverage.total or len(now.snapshots)
        batches: list[Batch] = []
        for begin_with in begin:
            queue = DeletionQueue(self.client, self._journal, self._guards, context=now.context_now)
            begin_with(queue, listed)
            try:
                batches += await Work(queue, self.client, self._price).until_ended()
            except asyncio.CancelledError:
                say(interrupted([*batches, *queue.batches]))
                raise
        return exit_code(batches)


def _submitted(queue: DeletionQueue, listed: int, *, plan: Plan, unproven_account_confirmed: bool) -> None:
    queue.submit(plan, listed=listed, unproven_account_confirmed=unproven_account_confirmed)


def _adopted(queue: DeletionQueue, listed: int, *, found: Interrupted) -> None:
    queue.adopt(found, listed=listed)
