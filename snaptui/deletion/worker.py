"""One job while it is worked on."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Protocol

from msgspec.structs import replace

from snaptui.deletion.batch import Batch, Item, Outcome, Stop, StopKind
from snaptui.deletion.guards import Guards, difference
from snaptui.deletion.journal import BatchFile, JournalError
from snaptui.deletion.reread import Listed, Looker
from snaptui.deletion.states import Event
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
)
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.model.account import Account, same_account
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext

LONGEST_WAIT_SECONDS = 3_600.0


class Api(Protocol):
    """What deleting needs of a client."""

    async def delete_snapshot(self, snapshot_id: str) -> Deletion:
        """Delete one snapshot, or raise `ApiError`."""
        ...

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...

    async def get_account(self) -> Account:
        """Return whose token it is, or raise `ApiError`."""
        ...

    def listing(self) -> AsyncIterator[Listed]:
        """Load the whole list."""
        ...


class Run:
    """The changing side of a job: what is waiting, what has ended, and its file in the journal."""

    def __init__(
        self,
        batch: Batch,
        file: BatchFile,
        *,
        api: Api,
        guards: Guards,
        context: Callable[[], QueryContext],
        clock: Callable[[], float],
        looker: Looker,
    ) -> None:
        self.batch = batch
        self.waiting: deque[int] = deque()
        self.may_go = asyncio.Event()
        self.may_go.set()
        self.task: asyncio.Task[None] | None = None
        self._ending = asyncio.Lock()
        self._file = file
        self._api = api
        self._guards = guards
        self._context = context
        self._clock = clock
        self._looker = looker

    def happens(self, event: Event) -> None:
        """Take over that `event` happened."""
        self.batch = self.batch.after(event)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items as they are now."""
        return self.batch.items

    async def end(self, position: int, outcome: Outcome, reason: str = "", request_id: str | None = None) -> None:
        """Give an item its outcome, on disk too."""
        item = Item(self.items[position].snapshot, outcome, reason, request_id)
        self.batch = self.batch.with_item(position, item)
        try:
            await asyncio.to_thread(self._file.settle, self._clock(), item)
        except JournalError as error:
            self.batch = replace(self.batch, stop=Stop(StopKind.JOURNAL, str(error)))
            self._cancel_in_memory(f"stopped: {error}")

    async def stop(self, kind: StopKind, reason: str) -> None:
        """Send nothing more, because of `reason`."""
        self.batch = replace(self.batch, stop=Stop(kind, reason))
        await self.cancel(f"stopped: {reason}")

    def _cancel_in_memory(self, reason: str) -> list[int]:
        cancelled = list(self.waiting)
        self.waiting.clear()
        for position in cancelled:
            self.batch = self.batch.with_item(position, Item(self.items[position].snapshot, Outcome.CANCELLED, reason))
        return cancelled

    async def cancel(self, reason: str) -> None:
        """End what has not been sent."""
        async with self._ending:
            for position in self._cancel_in_memory(reason):
                await self.end(position, Outcome.CANCELLED, reason)

    async def check_account(self) -> None:
        """Stop when another account is behind the token than the one the plan was made for."""
        planned = self.batch.plan.account
        try:
            account = await self._api.get_account()
        except NotPermittedError:
            return  # the token may not say; every item is looked at again all the same
        except ApiError as error:
            await self.stop(_kind(error), str(error))
            return
        if planned is not None and not same_account(planned, account):
            await self.stop(StopKind.OTHER_ACCOUNT, f"the token belongs to {account.label} now, not to {planned.label}")

    async def delete(self, position: int) -> None:
        """Look at an item again, and delete it if it is what was planned."""
        planned = self.items[position].snapshot
        try:
            now = await self._looker.look(planned.id, len(self.waiting) + 1)
            if now is None:
                await self.end(position, Outcome.ALREADY_GONE, "it was gone before anything was sent")
            elif changed := difference(planned, now):
                await self.end(position, Outcome.CHANGED, changed)
            elif refused := self._guards.refusal(now, self._context()):
                await self.end(position, Outcome.PROTECTED, refused)
            else:
                await self._send(position, now)
        except RateLimitedError as error:
            free = error.rate_limit.free_in_seconds(self._clock()) if error.rate_limit else None
            wait = self._clock() + min(free or 60.0, LONGEST_WAIT_SECONDS)
            self.batch = replace(self.batch, waits_until=max(wait, self.batch.waits_until))
            self.batch = self.batch.with_item(position, Item(planned))
            self.waiting.appendleft(position)
        except (NotPermittedError, NotAuthenticatedError) as error:
            await self.end(position, Outcome.FAILED, str(error), error.request_id)
            await self.stop(_kind(error), str(error))
        except JournalError as error:
            await self.end(position, Outcome.CANCELLED, f"not sent: {error}")
            await self.stop(StopKind.JOURNAL, str(error))
        except ApiError as error:
            await self.end(position, Outcome.FAILED, str(error), error.request_id)

    async def _send(self, position: int, now: Snapshot) -> None:
        """Send the DELETE, its intent on disk first."""
        if self.batch.stop:
            await self.end(position, Outcome.CANCELLED, f"stopped: {self.batch.stop.message}")
            return
        await asyncio.to_thread(self._file.intend, self._clock(), now.id)
        self.batch = self.batch.with_item(position, replace(self.items[position], sending=True))
        try:
            deletion = await self._api.delete_snapshot(now.id)
        except ConnectionFailedError as error:
            if error.sent:
                await self._settle(position, error)
            else:
                await self.end(position, Outcome.FAILED, str(error))
        except asyncio.CancelledError:
            self.batch = self.batch.with_item(
                position, Item(now, Outcome.UNKNOWN, "snaptui was left before the answer came")
            )
            raise
        else:
            await self.end(position, Outcome(deletion.value))

    async def _settle(self, position: int, lost: ConnectionFailedError) -> None:
        """The answer to a DELETE was lost: look whether the snapshot is still there."""
        try:
            await self._api.get_snapshot(self.items[position].snapshot.id)
        except NotFoundError:
            await self.end(position, Outcome.DELETED, "the answer was lost; the snapshot is gone")
        except ApiError:
            await self.end(position, Outcome.UNKNOWN, f"{lost.message}; it may or may not be deleted")
        else:
            await self.end(position, Outcome.FAILED, f"{lost.message}; the snapshot is still there")

    async def close(self) -> None:
        """Close the file: with an end when nothing is open, so that it is not offered again."""
        async with self._ending:
            await self._close()

    async def _close(self) -> None:
        settled = all(item.outcome is not None and not item.sending for item in self.items)
        unknown = any(item.outcome is Outcome.UNKNOWN for item in self.items)
        if settled and not unknown:
            with suppress(JournalError):  # the batch is offered again, and has nothing left to do
                await asyncio.to_thread(self._file.end, self._clock())
        self._file.close()


def _kind(error: ApiError) -> StopKind:
    return StopKind.NOT_AUTHENTICATED if isinstance(error, NotAuthenticatedError) else StopKind.NOT_PERMITTED
