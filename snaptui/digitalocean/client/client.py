"""`Client`: the `ApiClient` of this process, whose requests are paced, retried and bounded in time."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial

from msgspec.structs import replace

from snaptui.digitalocean.api import answers, error_answers, requests
from snaptui.digitalocean.api.address import API_URL
from snaptui.digitalocean.api.departure import Departure, boot_seconds
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConnectionFailedError,
    NoAnswerInTimeError,
    NotFoundError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
)
from snaptui.digitalocean.api.rate_limit import Lease, RateLimit, Wait
from snaptui.digitalocean.api.requests import Answer, Deletion, FetchedSnapshot, Page, Request
from snaptui.digitalocean.api.retries import Patience
from snaptui.digitalocean.client.listing import Loaded, load_snapshots
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.digitalocean.client.sources import read_pools, read_sources
from snaptui.digitalocean.client.transport import Transport
from snaptui.digitalocean.client.withdrawal import departing, withdrawable
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.model.token import Token


class Client:
    """`ApiClient` for one token, in this process and event loop."""

    def __init__(
        self,
        token: Token,
        *,
        base_url: str = API_URL,
        pacer: Pacer | None = None,
        read_only: bool = False,
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.time,
        boot: Callable[[], float] = boot_seconds,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        error_answers.check_token(token)
        self._read_only = read_only
        self._patience = patience
        self._clock = clock
        self._boot = boot
        self._jitter = jitter
        self._listeners: list[Callable[[], None]] = []
        self._pacer = pacer or Pacer(sleep=sleep)
        self._pacer.on_change(self._state_changed)
        self._transport = Transport(base_url, token)
        self.rate_limit: RateLimit | None = None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    @property
    def wait(self) -> Wait | None:
        """The wait that ends first, with its reason; `None` when nothing waits."""
        return self._pacer.wait

    def on_state(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever a wait of a second or more begins or ends."""
        self._listeners.append(listener)

    def _state_changed(self) -> None:
        for listener in self._listeners:
            listener()

    def listing(self) -> AsyncIterator[Loaded]:
        """Load all snapshots, yielding rows as pages come."""
        return load_snapshots(self)

    def lease(self, wanted: int, least: int) -> AbstractAsyncContextManager[Lease]:
        """Wait for places of the rate limit and hold them."""
        return self._pacer.lease(wanted, least)

    def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        """Load all snapshots within a lease."""
        return load_snapshots(_Leased(self, lease))

    async def get_sources(self) -> Sources:
        """Return all droplets and volumes; what could not be read is said in it, not raised."""
        return await read_sources(self)

    async def list_snapshots(
        self, page: int, per_page: int = requests.PAGE_SIZE, resource_type: str | None = None, lease: int = 0
    ) -> Page[Snapshot]:
        """Return one page of snapshots."""
        answer = await self.answer(requests.list_snapshots(page, per_page, resource_type), lease)
        return answers.read_page(answer, page)

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        answer = await self.answer(requests.get_snapshot(snapshot_id), lease)
        return replace(answers.read_snapshot(answer, snapshot_id), seen=self._boot())

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back (`NotSentError`).

        After any other error than a clear no, the server may have acted on it if `departure.left` is true.
        """
        request = requests.delete_snapshot(snapshot_id)
        if self._read_only:
            raise ReadOnlyError("snaptui was started read-only, so nothing was deleted")
        async with withdrawable(departure):
            try:
                answer = await self._send(request, self._patience.try_seconds, self._place_of(departure), departure)
                error_answers.check(request, answer, now=self._clock())
                answers.check_deleted(answer)
            except NotFoundError:
                return Deletion.ALREADY_GONE
            except RateLimitedError as error:
                self._delay_after(error, 1)
                raise
        return Deletion.DELETED

    async def get_account(self) -> Account:
        """Return the account behind the token."""
        return answers.read_account(await self.answer(requests.get_account()))

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        return frozenset(pool.image_id for pool in await read_pools(self) if pool.image_id is not None)

    async def answer(self, request: Request, lease: int = 0) -> Answer:
        """Send, and send again after failures, as long as `Patience` allows; returns the first answer that counts.

        Only the first try has a place of the lease: the others are held for what follows the look.
        """
        attempts, failures, slow, waited = 0, 0, 0, 0.0
        while True:
            attempts += 1
            try:
                place = lease if attempts == 1 else 0
                return await self._try(request, place, slow, background=bool(lease))
            except (ConnectionFailedError, RateLimitedError, ServerError) as error:
                limited = isinstance(error, RateLimitedError)
                failures += not limited
                slow += isinstance(error, NoAnswerInTimeError)
                delay = self._delay_after(error, attempts)
                if not self._patience.tries_again(failures, waited, delay):
                    raise
            await self._pacer.pause(delay, "rate limit" if limited else "trying again")
            waited += delay

    async def _try(self, request: Request, lease: int, slow: int, *, background: bool) -> Answer:
        """Send once; after `slow` tries that took too long, this one is shown as a wait."""
        seconds = self._patience.try_seconds_after(slow)
        with self._pacer.shown("slow answer", seconds) if slow else nullcontext():
            answer = await self._send(request, seconds, self._pacer.slot(background=background, lease=lease))
        error_answers.check(request, answer, now=self._clock())
        return answer

    def _delay_after(self, error: ApiError, attempt: int) -> float:
        delay = self._patience.delay_after(error, attempt, self._clock(), self._jitter())
        if isinstance(error, RateLimitedError):
            # Whatever else is asked meanwhile would be refused, too.
            self._pacer.block_for(min(delay, self._patience.total_seconds))
        return delay

    def _place_of(self, departure: Departure) -> AbstractAsyncContextManager[None]:
        lease = departure.lease
        return self._pacer.leased_slot(lease) if lease else self._pacer.slot(background=True)

    async def _send(
        self,
        request: Request,
        seconds: float,
        place: AbstractAsyncContextManager[None],
        departure: Departure | None = None,
    ) -> Answer:
        async with place:
            try:
                extensions = departing(departure) if departure else {}
                answer = await self._transport.exchange(request, seconds, extensions)
            except ConnectionFailedError as error:
                error.sent = error.sent if departure is None else departure.left
                raise
        self._learn(answer.rate_limit)
        return answer

    def _learn(self, said: RateLimit) -> None:
        """Update the rate limit from an answer, unless a later answer has overtaken it."""
        known = self.rate_limit
        if known is not None and known.reset == said.reset and (said.remaining or 0) > (known.remaining or 0):
            return
        self.rate_limit = said


class _Leased:
    """Source of pages that are asked for within a lease."""

    def __init__(self, client: Client, lease: int) -> None:
        self.list_snapshots = partial(client.list_snapshots, lease=lease)
