"""Worker: takes the items of one batch through the order of things, each until it has an outcome.

Per item: a lease of the rate limit for the look and the DELETE, the look, the guards, the intent on disk, then the
stop and the age of the look are asked last where the bytes leave. Whatever is not a clear answer goes through all of it
again.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Final, Protocol, TypeVar

from msgspec.structs import replace

from snaptui.deletion.batch import Outcome, Stop, StopKind
from snaptui.deletion.guards import Guards, difference
from snaptui.deletion.journal import JournalError
from snaptui.deletion.keepers import Keepers
from snaptui.deletion.owner import BatchOwner
from snaptui.deletion.reread import Listed, Listing, Look, Looker, NoLookError
from snaptui.deletion.states import Event
from snaptui.digitalocean.api.departure import LOOK_SECONDS, Departure
from snaptui.digitalocean.api.errors import (
    ApiError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    NotSentError,
    PreconditionFailedError,
    RateLimitedError,
    ReadOnlyError,
    RefusedRequestError,
    UnprocessableError,
)
from snaptui.digitalocean.api.rate_limit import Lease, Wait
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.model.account import Account
from snaptui.query import QueryContext

T = TypeVar("T")
WORKERS: Final = 8
"""Items under way at once: at 0.2 s a block of 100 is through in the 5 s that a look may be old."""
MOST_TRIES: Final = 4
"""How often an item is gone through when answers are lost or the server has errors; the rate limit does not count."""
FIRST_BACKOFF_SECONDS: Final = 0.5
NO_HINT_SECONDS: Final = 5.0
"""How long to wait after a 429 that does not say how long."""
LONGEST_WAIT_SECONDS: Final = 60.0
"""How long to wait at once for the rate limit; then it is asked again, as the hint may be about something else."""
_CLEAR_NO: Final = (BadRequestError, ConflictError, PreconditionFailedError, UnprocessableError, RefusedRequestError)


class Api(Protocol):
    """The part of a client that deleting needs."""

    @property
    def wait(self) -> Wait | None:
        """The wait that is going on in the client, if any."""
        ...

    def lease(self, wanted: int, least: int) -> AbstractAsyncContextManager[Lease]:
        """Wait for places of the rate limit, `least` to `wanted` of them, and hold them."""
        ...

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back; raises `ApiError`."""
        ...

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...

    async def get_account(self) -> Account:
        """Return whose token it is, or raise `ApiError`."""
        ...

    def relisting(self, lease: int) -> AsyncIterator[Listed]:
        """Load the whole list anew, within a lease."""
        ...


class _HaltedError(Exception):
    """Nothing more may be sent now."""


class Worker:
    """Deletes what is open in a batch, `workers` items at once; `clock` is `boot_seconds`."""

    def __init__(
        self,
        owner: BatchOwner,
        *,
        api: Api,
        guards: Guards,
        context: Callable[[], QueryContext],
        looker: Looker,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        wall: Callable[[], float],
        workers: int = WORKERS,
    ) -> None:
        self.owner = owner
        self._api = api
        self._guards = guards
        self._context = context
        self._looker = looker
        self._keepers = Keepers(owner.batch.plan.keeps, looker, clock)
        self._clock = clock
        self._sleep = sleep
        self._wall = wall
        self._workers = workers
        self._waiting = deque(n for n, item in enumerate(owner.batch.items) if item.outcome is None)
        self._departures: dict[int, Departure] = {}
        self._halt = asyncio.Event()
        self._quiet = asyncio.Event()
        self._tries: Counter[int] = Counter()
        self._errors: defaultdict[int, str] = defaultdict(str)
        """By item, the last error of a try."""
        self._lost: dict[int, str] = {}
        """Items whose DELETE may have been acted on: why that is not known."""
        self._not_before = float("-inf")
        self.admitted = clock()
        """When a request was last let through by the rate limit."""

    @property
    def left(self) -> int:
        """How many items wait to be looked at."""
        return len(self._waiting)

    # From outside

    async def work_off(self) -> None:
        """Go through the items until none waits or a halt; returns when nothing is under way any more."""
        self._halt.clear()
        self._quiet.clear()
        try:
            while self._waiting and not self._halt.is_set():
                await self._pass_waits()
                block = self._looker.block(len(self._waiting))
                if block:
                    await self._work_by_listing(block)
                else:
                    await self._each(self._workers, self._work_by_gets)
        except _HaltedError:
            pass

    async def withdraw(self) -> None:
        """Halt; returns when all that is not on the wire is known never to be sent, on disk too."""
        self.halt()
        self._check_quiet()
        await self._quiet.wait()

    def halt(self) -> None:
        """Begin nothing more, and withdraw what has not left."""
        self._halt.set()
        for departure in tuple(self._departures.values()):
            departure.withdraw()

    async def end_rest(self, outcome: Outcome, reason: str) -> None:
        """Give an outcome to all that waits and was certainly not deleted."""
        for position in tuple(self._waiting):
            if position not in self._lost and position in self._waiting:
                self._waiting.remove(position)
                await self.owner.settle(position, outcome, reason)

    async def settle_lost(self, reason: str) -> None:
        """Look at what waits and may have been deleted already, and give it the outcome that is found."""
        while self._waiting:
            await self._settle_lost(self._waiting.popleft(), reason)

    async def _settle_lost(self, position: int, reason: str) -> None:
        lost = self._lost[position]
        try:
            await self._looker.get(self.owner.batch.items[position].snapshot.id)
        except NotFoundError:
            await self.owner.settle(position, Outcome.DELETED, f"{lost}; the snapshot is gone")
        except ApiError:
            await self.owner.settle(position, Outcome.UNKNOWN, f"{lost}; it may or may not be deleted")
        else:
            await self.owner.settle(position, Outcome.FAILED, f"{lost}; the snapshot is still there; {reason}")

    # Waits

    async def _unless_halted(self, work: Coroutine[object, object, T]) -> T:
        """Return what `work` brings; it is given up at a halt, raising `_HaltedError`."""
        if self._halt.is_set():
            work.close()
            raise _HaltedError
        task, halt = asyncio.create_task(work), asyncio.create_task(self._halt.wait())
        try:
            await asyncio.wait({task, halt}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise _HaltedError
        finally:
            halt.cancel()
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    async def _pass_waits(self) -> None:
        """Wait as long as the server asked for, or an error before demands: always before a look."""

        async def wait() -> None:
            while (left := self._not_before - self._clock()) > 0:
                await self._sleep(left)

        if self._not_before > self._clock():
            await self._unless_halted(wait())

    def _wait_at_least(self, seconds: float) -> None:
        self._not_before = max(self._not_before, self._clock() + seconds)

    def _rate_limited(self, error: RateLimitedError) -> None:
        free = error.rate_limit.free_in_seconds(self._wall()) if error.rate_limit else None
        seconds = min(NO_HINT_SECONDS if free is None else free, LONGEST_WAIT_SECONDS)
        self._wait_at_least(seconds)
        batch = self.owner.batch
        self.owner.show(replace(batch, waits_until=max(self._wall() + seconds, batch.waits_until)))

    # Ways of looking

    async def _each(self, number: int, work: Callable[[], Coroutine[object, object, None]]) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(number):
                group.create_task(work())

    async def _work_by_gets(self) -> None:
        while self._waiting and not self._halt.is_set() and not self._looker.block(len(self._waiting)):
            await self._take(self._waiting.popleft(), self._get_and_delete)

    async def _get_and_delete(self, position: int) -> None:
        await self._pass_waits()
        async with AsyncExitStack() as stack:
            lease = await self._unless_halted(stack.enter_async_context(self._api.lease(2, 2)))
            await self._confirm_and_delete(position, lease.number)

    async def _confirm_and_delete(self, position: int, lease: int) -> None:
        """Look at one item by a GET, and delete it."""
        snapshot_id = self.owner.batch.items[position].snapshot.id
        watched = snapshot_id in self._keepers
        missing = await self._unless_halted(self._keepers.missing(snapshot_id)) if watched else None
        try:
            look = await self._unless_halted(self._looker.get(snapshot_id, lease))
        except NotFoundError:
            self._was_admitted()
            await self._gone(position, Outcome.ALREADY_GONE, "it was gone before anything was sent")
        else:
            self._was_admitted()
            await self._delete(position, look, lease, missing)

    async def _work_by_listing(self, block: int) -> None:
        """Wait, list, delete in a burst: own DELETEs shift pages, so that none is under way during the listing."""
        async with AsyncExitStack() as stack:
            least = self._looker.least_places(block)
            places = self._api.lease(self._looker.pages + block, least)
            lease = await self._unless_halted(stack.enter_async_context(places))
            number = min(len(self._waiting), max(1, lease.places - self._looker.pages))
            positions = [self._waiting.popleft() for _ in range(number)]
            queue = deque(positions)
            try:
                listing = await self._list(positions, lease.number)
                if listing is not None:
                    await self._each(self._workers, partial(self._burst, queue, listing, lease.number))
                    if not self._halt.is_set():
                        self._looker.learn(number, sum(not self.owner.is_open(position) for position in positions))
            finally:
                self._put_back(queue)

    async def _burst(self, queue: deque[int], listing: Listing, lease: int) -> None:
        """Take one item after the other while the listing is young enough."""
        while queue and self._clock() - listing.seen < LOOK_SECONDS:
            await self._take(queue.popleft(), partial(self._by_listing, listing, lease))

    async def _list(self, positions: Iterable[int], lease: int) -> Listing | None:
        """Return a listing's rows; `None` when nothing can rest on it."""
        wanted = {self.owner.batch.items[position].snapshot.id for position in positions}
        try:
            listing = await self._unless_halted(self._looker.list(wanted, lease))
        except NoLookError as error:
            if self._looker.get_refused is not None:
                await self._failed_looks(positions, str(error))
            return None
        except ApiError as error:
            self._concerns_all(error)
            return None
        self._was_admitted()
        return listing

    async def _failed_looks(self, positions: Iterable[int], problem: str) -> None:
        """Neither a listing nor a GET serves: try again a few times, then say so."""
        self._wait_at_least(FIRST_BACKOFF_SECONDS)
        for position in positions:
            self._tries[position] += 1
            if self._tries[position] >= MOST_TRIES:
                lost = self._lost.get(position)
                outcome, what = (Outcome.UNKNOWN, f"{lost}; ") if lost else (Outcome.FAILED, "")
                reason = f"{what}it cannot be looked at before it is deleted: {problem}, {self._looker.get_refused}"
                await self.owner.settle(position, outcome, reason)

    async def _by_listing(self, listing: Listing, lease: int, position: int) -> None:
        snapshot_id = self.owner.batch.items[position].snapshot.id
        look = listing.look(snapshot_id)
        if look is not None:
            missing = self._keepers.missing_from(snapshot_id, listing.present)
            await self._delete(position, look, lease, missing)
            return
        try:
            await self._confirm_and_delete(position, lease)
        except NotPermittedError as error:
            reason = f"it is not in the list, and whether it is gone cannot be told: {error}"
            await self.owner.settle(position, Outcome.UNKNOWN, reason, error.request_id)

    # One item

    async def _take(self, position: int, work: Callable[[int], Awaitable[None]]) -> None:
        """Go through an item; without an outcome it waits again."""
        try:
            await work(position)
        except (_HaltedError, JournalError):
            pass
        except ApiError as error:
            await self._look_failed(position, error)
        finally:
            self._put_back([position])
            if self.owner.blocked:
                self.halt()

    def _put_back(self, positions: Sequence[int]) -> None:
        self._waiting.extendleft(position for position in reversed(positions) if self.owner.is_open(position))

    async def _look_failed(self, position: int, error: ApiError) -> None:
        if isinstance(error, NotPermittedError):
            return  # a listing may do, and its own answer stops the batch if not
        if self._concerns_all(error):
            return
        self._try_again(position, error)
        if self._tries[position] >= MOST_TRIES:
            lost = self._lost.get(position)
            outcome, what = (Outcome.UNKNOWN, f"{lost}; ") if lost else (Outcome.FAILED, "")
            await self.owner.settle(
                position, outcome, f"{what}it could not be looked at, and was not deleted: {error}", error.request_id
            )

    def _try_again(self, position: int, error: ApiError) -> None:
        self._tries[position] += 1
        self._errors[position] = str(error).rstrip(".")
        self._wait_at_least(FIRST_BACKOFF_SECONDS * (1 << self._tries[position] - 1))

    def _concerns_all(self, error: ApiError) -> bool:
        """Take over an answer that concerns the whole batch; returns whether it does."""
        if isinstance(error, RateLimitedError):
            self._rate_limited(error)
        elif isinstance(error, NotAuthenticatedError):
            self.stop(StopKind.NOT_AUTHENTICATED, str(error))
        elif isinstance(error, NotPermittedError | ReadOnlyError):
            self.stop(StopKind.NOT_PERMITTED, str(error))
        else:
            return False
        return True

    def stop(self, kind: StopKind, message: str) -> None:
        """Send nothing more of the batch, for a reason that does not go away."""
        if self.owner.batch.may(Event.STOP):
            self.owner.show(replace(self.owner.batch.after(Event.STOP), stop=Stop(kind, message)))
        self.halt()

    async def _gone(self, position: int, outcome: Outcome, reason: str = "") -> None:
        """Settle what no longer exists: by us, if a DELETE of ours may have been acted on."""
        if lost := self._lost.get(position):
            outcome, reason = Outcome.DELETED, f"{lost}; the snapshot is gone"
        await self.owner.settle(position, outcome, reason)

    async def _delete(self, position: int, look: Look, lease: int, missing: str | None) -> None:
        """Delete what was looked at, if it is what was planned, nothing protects it, and no keeper is `missing`."""
        planned = self.owner.batch.items[position].snapshot
        if changed := difference(planned, look.snapshot) or missing:
            await self.owner.settle(position, Outcome.CHANGED, changed)
        elif refused := self._guards.refusal(look.snapshot, self._context()):
            await self.owner.settle(position, Outcome.PROTECTED, refused)
        elif self._tries[position] >= MOST_TRIES:
            reason = f"{self._errors[position]}; the snapshot is still there"
            await self.owner.settle(position, Outcome.FAILED, reason)
        elif not self._halt.is_set():
            await self._send(position, look, lease)

    async def _send(self, position: int, look: Look, lease: int) -> None:
        departure = self._departures[position] = Departure(look.seen, lease, clock=self._clock)
        departure.on_leave = self._check_quiet
        try:
            await self.owner.intend(position)
            deletion = await self._api.delete_snapshot(look.snapshot.id, departure)
        except ApiError as error:
            await self._not_deleted(position, error)
        else:
            self._was_admitted()
            await self._gone(position, Outcome(deletion.value))
        finally:
            departure.over()
            del self._departures[position]
            self._check_quiet()

    async def _not_deleted(self, position: int, error: ApiError) -> None:
        """Deal with a DELETE that was not answered by a yes."""
        if isinstance(error, RateLimitedError | NotSentError) or _never_left(error):
            await self.owner.withdraw(position)
            if isinstance(error, RateLimitedError):
                self._rate_limited(error)
            elif isinstance(error, ConnectionFailedError):
                self._try_again(position, error)
        elif isinstance(error, NotAuthenticatedError | NotPermittedError | ReadOnlyError):
            self._concerns_all(error)  # first: with its last outcome the batch has ended, and would not say why
            await self.owner.settle(position, Outcome.FAILED, str(error), error.request_id)
        elif isinstance(error, _CLEAR_NO):
            self._was_admitted()
            await self.owner.settle(position, Outcome.FAILED, str(error), error.request_id)
        else:
            self._try_again(position, error)
            self._lost[position] = self._errors[position]

    def _was_admitted(self) -> None:
        self.admitted = self._clock()

    def _check_quiet(self) -> None:
        if self._halt.is_set() and all(departure.left for departure in self._departures.values()):
            self._quiet.set()


def _never_left(error: ApiError) -> bool:
    return isinstance(error, ConnectionFailedError) and not error.sent
