"""Deletion queue: works confirmed batches off in the background, one after the other."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from uuid import uuid4

from msgspec.structs import replace

from snaptui.deletion.batch import Batch, ImpossibleError
from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.client_interface import Api
from snaptui.deletion.guards import Guards
from snaptui.deletion.items import RETRIED, Items, Outcome
from snaptui.deletion.journal import Journal
from snaptui.deletion.looks import FEW
from snaptui.deletion.plan import Plan
from snaptui.deletion.progress import Progress
from snaptui.deletion.recovery import Interrupted
from snaptui.deletion.run import Run
from snaptui.deletion.shared import Shared
from snaptui.deletion.states import Event, State
from snaptui.deletion.turn import Turn
from snaptui.deletion.worker import WORKERS
from snaptui.digitalocean.api.departure import boot_seconds
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH
from snaptui.query import QueryContext


class RefusedPlanError(Exception):
    """A plan that is not even begun: why not."""


class UnprovenAccountError(RefusedPlanError):
    """A plan whose account is not proven to be the token's, and that was not confirmed as such."""


class DeletionQueue:
    """Runs batches one after the other; `changed` is called whenever one has moved on.

    What may be asked of a batch is told by `Batch.why_not`; asking for something else raises `ImpossibleError`.
    `context` gives the moment and the sources that protection rules are judged by. `clock` tells dates, `boot` measures
    durations, suspend included.
    """

    def __init__(
        self,
        api: Api,
        journal: Journal,
        guards: Guards,
        *,
        clock: Callable[[], float] = time.time,
        context: Callable[[], QueryContext],
        changed: Callable[[], None] = lambda: None,
        boot: Callable[[], float] = boot_seconds,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        workers: int = WORKERS,
        few: int = FEW,
        grace_seconds: float = 0.0,
    ) -> None:
        self._shared = Shared(
            api,
            guards,
            context,
            wall=clock,
            clock=boot,
            sleep=sleep,
            changed=changed,
            workers=workers,
            few=few,
            grace_seconds=grace_seconds,
            gone_or_leaving=set(),
        )
        self._journal = journal
        self._runs: dict[str, Run] = {}
        self._turn = Turn()
        self._halted = False

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Every batch of this session, oldest first."""
        return tuple(run.batch for run in self._runs.values())

    def find(self, batch_id: str) -> Batch | None:
        """Return a batch of this session by its id."""
        run = self._runs.get(batch_id)
        return None if run is None else run.batch

    @property
    def busy(self) -> bool:
        """True while a batch has not ended, paused ones included."""
        return any(batch.state is not State.ENDED for batch in self.batches)

    @property
    def ids_in_unfinished(self) -> frozenset[str]:
        """The ids of what was confirmed and has no outcome yet: it cannot be planned again."""
        return frozenset().union(*(batch.open_ids for batch in self.batches))

    @property
    def next_to_take_back(self) -> Batch | None:
        """The newest batch that can be taken back."""
        return next((batch for batch in reversed(self.batches) if batch.may(Event.TAKE_BACK)), None)

    def meant_to_take_back(self, shown_id: str) -> Batch | None:
        """Return the batch that is meant by whoever saw `shown_id` as the next to take back.

        That one, also when it has begun since, so that no other goes in its place; the next where it was taken back.
        """
        shown = self.find(shown_id)
        return self.next_to_take_back if shown is not None and shown.stopped_before_it_began else shown

    def progress(self, batch_id: str, usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> Progress:
        """Return how far a batch is, how fast it goes, how long it still takes, and what it has freed."""
        return self._runs[batch_id].progress(usd_per_gb_month)

    # Beginning

    def submit(self, plan: Plan, *, listed: int = 0, unproven_account_confirmed: bool = False) -> Batch:
        """Begin a confirmed plan; nothing is sent in the time in which it can be taken back.

        `listed` is how many snapshots the account has, as far as known. A plan without an account has to be confirmed
        as such (`UnprovenAccountError`). Raises `RefusedPlanError`.
        """
        self._check(plan, unproven_account_confirmed)
        now = self._shared.wall()
        try:
            file = self._journal.begin(now, plan)
        except JournalError as error:
            raise RefusedPlanError(str(error)) from None
        return self._begin(Batch.of(plan, now, self._shared.grace_seconds), file, listed, unproven_account_confirmed)

    def adopt(self, found: Interrupted, *, listed: int = 0, unproven_account_confirmed: bool = False) -> Batch:
        """Go on with an interrupted batch in the same file, so that at no moment it is in none.

        Raises `RefusedPlanError`, and then the file is still open.
        """
        self._check(found.plan, unproven_account_confirmed)
        batch = Batch(
            found.plan, Items.of(found.items), confirmed=self._shared.wall(), grace_left=self._shared.grace_seconds
        )
        return self._begin(batch, found.file, listed, unproven_account_confirmed)

    def _check(self, plan: Plan, unproven_account_confirmed: bool) -> None:
        if self._halted:
            raise RefusedPlanError("snaptui is ending")
        if self._shared.guards.read_only:
            raise RefusedPlanError("snaptui was started read-only")
        if plan.id in self._runs and self._runs[plan.id].batch.state is not State.ENDED:
            raise RefusedPlanError("this plan has been begun already")
        busy = self.ids_in_unfinished
        if busy and (twice := busy.intersection(snapshot.id for snapshot in plan.items)):
            raise RefusedPlanError(f"{min(twice)} is in a deletion that has not ended")
        if plan.account is None and not unproven_account_confirmed:
            raise UnprovenAccountError("whose account it is for is not proven, and that was not confirmed")

    def _begin(self, batch: Batch, file: BatchFile, listed: int, unproven: bool) -> Batch:
        run = Run(batch, file, self._shared, listed, unproven_confirmed=unproven)
        self._runs[batch.id] = run
        run.start(self._turn)
        self._shared.changed()
        return run.batch

    def retry(self, batch_id: str) -> Batch:
        """Try again what failed or is unknown, as a batch of its own and looked at again. Raises `RefusedPlanError`."""
        run = self._runs[batch_id]
        if reason := run.batch.why_not(Event.RETRY):
            raise ImpossibleError(reason)
        again = tuple(item.snapshot for item in run.batch.items if item.outcome in RETRIED)
        plan = replace(run.batch.plan, id=uuid4().hex, items=again, created=self._shared.wall())
        return self.submit(plan, listed=run.listed, unproven_account_confirmed=run.unproven_confirmed)

    # Second thoughts

    async def take_back(self, batch_id: str) -> Batch:
        """Take a whole batch back, of which nothing has been sent."""
        run = self._runs[batch_id]
        run.owner.happens(Event.TAKE_BACK)
        return await run.give_up_rest(Outcome.CANCELLED, "taken back before anything was sent")

    async def cancel(self, batch_id: str) -> Batch:
        """Send nothing more of a batch; returns when all that was not on the wire is withdrawn, on disk too."""
        run = self._runs[batch_id]
        run.owner.happens(Event.CANCEL)
        return await run.give_up_rest(Outcome.CANCELLED, "cancelled before it was sent")

    async def pause(self, batch_id: str) -> Batch:
        """Send nothing until `resume`; returns when all that was not on the wire is withdrawn, on disk too."""
        run = self._runs[batch_id]
        run.owner.happens(Event.PAUSE)
        return await run.quiet()

    def resume(self, batch_id: str) -> Batch:
        """Go on with a paused batch, when its turn comes; one that has not begun counts down anew."""
        return self._runs[batch_id].resume()

    # Ends

    async def ended(self, batch_id: str) -> Batch:
        """Wait until a batch has ended, or rests because its journal cannot be written, and return it."""
        return await self._runs[batch_id].at_rest()

    def halt(self) -> None:
        """Send nothing more of any batch, at once and for good; what is open on disk is left to the next start."""
        self._halted = True
        for run in self._runs.values():
            run.halt()

    async def close(self, *, cancel: bool = True) -> None:
        """Stop at once: what is on the wire is unknown; the rest is cancelled, or left to the next start."""
        open_runs = [run for run in self._runs.values() if run.batch.state is not State.ENDED]
        for run in open_runs:
            if cancel and run.batch.may(Event.CANCEL):
                run.owner.happens(Event.CANCEL)
        leaving = [run.close("snaptui was left before it was sent" if cancel else None) for run in open_runs]
        await asyncio.gather(*leaving)


def unfinished(batches: Iterable[Batch]) -> int:
    """Return how many items have no outcome yet."""
    return sum(len(batch.items) - batch.done for batch in batches)


def gone_ids(batches: Iterable[Batch]) -> frozenset[str]:
    """Return the ids of everything that the batches found or made gone."""
    return frozenset().union(*(batch.gone_ids for batch in batches))
