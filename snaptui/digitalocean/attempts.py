"""Sends a request until there is an answer that counts, as far as patience goes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from snaptui.digitalocean import refusals
from snaptui.digitalocean.errors import (
    ApiError,
    ConnectionFailedError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    UnknownOutcomeError,
    UnreadableAnswerError,
)
from snaptui.digitalocean.pacing import Pacer
from snaptui.digitalocean.protocol import Answer, Request


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a request may take: tries, seconds per try, and seconds for all tries and the waits after them."""

    attempts: int = 4
    try_seconds: float = 30.0
    total_seconds: float = 120.0
    first_backoff_seconds: float = 0.5


PATIENT: Final = Patience()


class Attempts:
    """Paces and retries what `send` does once; `send` raises `ConnectionFailedError` when no answer came."""

    def __init__(
        self,
        send: Callable[[Request], Awaitable[Answer]],
        pacer: Pacer,
        patience: Patience,
        *,
        clock: Callable[[], float],
        jitter: Callable[[], float],
    ) -> None:
        self._send = send
        self._pacer = pacer
        self._patience = patience
        self._clock = clock
        self._jitter = jitter

    async def answer(self, request: Request) -> Answer:
        """Return the first answer that is no refusal; raises the `ApiError` of the last try.

        A DELETE that any try may have got done, and no try saw the end of, is an `UnknownOutcomeError`.
        """
        outcome: Answer | ApiError = ConnectionFailedError("no try was allowed", sent=False)
        spent, doubtful = 0.0, False
        for attempt in range(1, self._patience.attempts + 1):
            outcome, seconds = await self._try(request)
            if isinstance(outcome, Answer):
                return outcome
            doubtful = doubtful or (request.deletes and _may_have_acted(outcome))
            delay = self._delay_after(outcome, attempt)
            spent += seconds + (delay or 0.0)
            if delay is None or spent > self._patience.total_seconds:
                break
            await self._pacer.pause(delay, "rate limit" if isinstance(outcome, RateLimitedError) else "trying again")
        if isinstance(outcome, ApiError):
            raise UnknownOutcomeError(outcome) if doubtful and not isinstance(outcome, NotFoundError) else outcome
        return outcome

    async def _try(self, request: Request) -> tuple[Answer | ApiError, float]:
        """Return how one try ended, and how many seconds it took once it was its turn."""
        began: float | None = None
        try:
            async with self._pacer.slot(background=request.deletes):
                began = self._clock()
                answer = await self._send(request)
            refusals.check(request, answer, now=self._clock())
        except ApiError as error:
            return error, 0.0 if began is None else self._clock() - began
        return answer, 0.0

    def _delay_after(self, error: ApiError, attempt: int) -> float | None:
        """Return how long to wait before the next try; `None` when there is none."""
        if not isinstance(error, ConnectionFailedError | RateLimitedError | ServerError):
            return None
        if isinstance(error, RateLimitedError) and error.status is None:
            return None  # it was our own pacing that would have taken too long
        free = None
        if isinstance(error, RateLimitedError) and error.rate_limit is not None:
            free = error.rate_limit.free_in_seconds(self._clock())
        if free is not None:
            self._pacer.block_until(self._clock() + min(free, self._patience.total_seconds))
        if attempt == self._patience.attempts:
            return None
        if free is not None:
            return free + self._jitter()
        return self._patience.first_backoff_seconds * (1 << attempt - 1) * (0.5 + self._jitter())


def _may_have_acted(error: ApiError) -> bool:
    """Return whether a DELETE may have been carried out all the same: 502 and 504 come from in between."""
    if isinstance(error, ConnectionFailedError):
        return error.sent
    return isinstance(error, ServerError | UnreadableAnswerError)
