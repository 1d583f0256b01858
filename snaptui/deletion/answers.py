"""Answers of the API while deleting: what each means for its item, or for the whole batch."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from snaptui.deletion.batch import Stop, StopKind
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.halt import Halt
from snaptui.deletion.items import Outcome
from snaptui.deletion.states import Event
from snaptui.deletion.waits import Waits
from snaptui.digitalocean.api.errors import (
    ApiError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    LookTooOldError,
    NotAuthenticatedError,
    NotPermittedError,
    NotSentError,
    PreconditionFailedError,
    RateLimitedError,
    ReadOnlyError,
    RefusedRequestError,
    UnprocessableError,
)
from snaptui.digitalocean.api.requests import Deletion

MOST_TRIES: Final = 4
"""How often an item is gone through when answers are lost, the server has errors or its look grows too old.

The rate limit does not count.
"""
FIRST_BACKOFF_SECONDS: Final = 0.5
# Real batches meet 409 and 422 now and then, as for an image in use or an action that is pending: the others go on.
_CLEAR_NO: Final = (BadRequestError, ConflictError, PreconditionFailedError, UnprocessableError, RefusedRequestError)


class Answers:
    """Deals with what comes back; whatever is not a clear answer leaves its item open, to be gone through again."""

    def __init__(self, owner: BatchOwner, halt: Halt, waits: Waits) -> None:
        self._owner = owner
        self._halt = halt
        self._waits = waits
        self._tries: Counter[int] = Counter()
        self._errors: dict[int, str] = {}
        """By item, the last error of a try."""

    def lost(self, position: int) -> str | None:
        """Return why it is not known whether an item's DELETE was acted on; `None` when none may have been."""
        return self._owner.batch.items[position].lost

    def with_loss(self, position: int, reason: str) -> str:
        """Return a reason, followed by the lost answer of an earlier DELETE where one may have been acted on."""
        lost = self.lost(position)
        return reason if lost is None else f"{reason}; an earlier DELETE may have been acted on ({lost})"

    def given_up(self, position: int) -> str | None:
        """Return why an item that is still there is not tried again; `None` when it is."""
        if self._tries[position] < MOST_TRIES:
            return None
        error = self._errors[position]
        reason = f"{error}; the snapshot is still there"
        return reason if self.lost(position) == error else self.with_loss(position, reason)

    def concerns_all(self, error: ApiError) -> bool:
        """Take over an answer that concerns the whole batch; returns whether it does."""
        if isinstance(error, RateLimitedError):
            self._waits.rate_limited(error)
        elif isinstance(error, NotAuthenticatedError):
            self.stop(StopKind.NOT_AUTHENTICATED, str(error))
        elif isinstance(error, NotPermittedError | ReadOnlyError):
            self.stop(StopKind.NOT_PERMITTED, str(error))
        else:
            return False
        return True

    def stop(self, kind: StopKind, message: str) -> None:
        """Send nothing more of the batch, for a reason that does not go away."""
        if self._owner.batch.may(Event.STOP):
            self._owner.show(replace(self._owner.batch.after(Event.STOP), stop=Stop(kind, message)))
        self._halt.ask()

    async def gone(self, position: int) -> None:
        """Settle an item that a look did not find."""
        await self._settle_gone(position, Outcome.ALREADY_GONE, "it was gone before anything was sent")

    async def deleted(self, position: int, deletion: Deletion) -> None:
        """Settle an item whose DELETE was answered by a yes."""
        await self._settle_gone(position, Outcome(deletion.value), "")

    async def _settle_gone(self, position: int, outcome: Outcome, reason: str) -> None:
        """Settle what no longer exists: by us, if a DELETE of ours may have been acted on."""
        if lost := self.lost(position):
            outcome, reason = Outcome.DELETED, f"{lost}; the snapshot is gone"
        await self._owner.settle(position, outcome, reason)

    async def not_deleted(self, position: int, error: ApiError) -> None:
        """Deal with a DELETE that was not answered by a yes."""
        if isinstance(error, RateLimitedError | NotSentError) or _never_left(error):
            await self._owner.withdraw(position)
            if isinstance(error, RateLimitedError):
                self._waits.rate_limited(error)
            elif isinstance(error, LookTooOldError):
                self._count(position, error)  # a round of more than 5 s has been wait enough
            elif isinstance(error, ConnectionFailedError):
                self._try_again(position, error)
            else:
                self._waits.at_least(FIRST_BACKOFF_SECONDS)
        elif isinstance(error, NotAuthenticatedError | NotPermittedError | ReadOnlyError):
            self.concerns_all(error)  # first: with its last outcome the batch has ended, and would not say why
            await self._not_acted_on(position, error)
        elif isinstance(error, _CLEAR_NO):
            await self._not_acted_on(position, error)
        else:
            # A 5xx, or no answer: it may have been acted on, and what the next look finds decides, not another DELETE.
            self._try_again(position, error)
            self._owner.lose(position, self._errors[position])

    async def _not_acted_on(self, position: int, error: ApiError) -> None:
        """Settle an item whose DELETE was refused; look again where an earlier one of it may have been acted on."""
        if self.lost(position) is not None:
            self._try_again(position, error)
        else:
            await self._owner.settle(position, Outcome.FAILED, str(error), error.request_id)

    async def look_failed(self, position: int, error: ApiError) -> None:
        """Deal with a look at one item that brought nothing."""
        if isinstance(error, NotPermittedError):
            return  # a listing may do, and its own answer stops the batch if not
        if self.concerns_all(error):
            return
        self._try_again(position, error)
        what = "" if self.lost(position) is not None else ", and was not deleted"
        await self._give_up_looking(position, f"it could not be looked at{what}: {error}", error.request_id)

    async def no_look(self, positions: Iterable[int], problem: str) -> None:
        """Deal with items that neither a listing nor a GET can look at: a few tries, then they are given up."""
        self._waits.at_least(FIRST_BACKOFF_SECONDS)
        for position in positions:
            self._tries[position] += 1
            await self._give_up_looking(position, f"it cannot be looked at before it is deleted: {problem}", None)

    async def _give_up_looking(self, position: int, reason: str, request_id: str | None) -> None:
        if self._tries[position] >= MOST_TRIES:
            lost = self.lost(position)
            outcome, what = (Outcome.UNKNOWN, f"{lost}; ") if lost else (Outcome.FAILED, "")
            await self._owner.settle(position, outcome, what + reason, request_id)

    def _count(self, position: int, error: ApiError) -> None:
        self._tries[position] += 1
        self._errors[position] = str(error).rstrip(".")

    def _try_again(self, position: int, error: ApiError) -> None:
        self._count(position, error)
        self._waits.at_least(FIRST_BACKOFF_SECONDS * (1 << self._tries[position] - 1))


def _never_left(error: ApiError) -> bool:
    return isinstance(error, ConnectionFailedError) and not error.sent
