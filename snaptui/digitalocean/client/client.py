"""Sends the requests: paced, retried, bounded in time. The only module that imports httpx."""

import asyncio
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Final

import httpx
from msgspec import Struct
from msgspec.structs import replace

from snaptui import __version__
from snaptui.digitalocean.api import answers, refusals, requests
from snaptui.digitalocean.api.address import API_URL, check_base_url
from snaptui.digitalocean.api.departure import Departure, boot_seconds
from snaptui.digitalocean.api.errors import (
    ApiError,
    ConnectionFailedError,
    NotFoundError,
    RateLimitedError,
    ReadOnlyError,
    ServerError,
    UnreadableAnswerError,
    inert,
)
from snaptui.digitalocean.api.rate_limit import Lease, RateLimit, Wait
from snaptui.digitalocean.api.requests import Answer, Deletion, FetchedSnapshot, Page, Request
from snaptui.digitalocean.client.listing import Loaded, load_snapshots
from snaptui.digitalocean.client.pacer import Pacer
from snaptui.digitalocean.client.sources import read_pools, read_sources
from snaptui.digitalocean.client.withdrawal import departing, withdrawable
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.model.token import Token

LARGEST_BODY_BYTES: Final = 32 * 1024 * 1024


class Patience(Struct, frozen=True):
    """How long a request may take: tries, seconds per try, and seconds for all of it with its waits."""

    attempts: int = 4
    try_seconds: float = 30.0
    total_seconds: float = 120.0
    first_backoff_seconds: float = 0.5


class _BearerAuth(httpx.Auth):
    """Adds the token at the last moment, so that it is in no object that outlives the request."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Client:
    """One token's access to the API, in this process and event loop: an `ApiClient`."""

    def __init__(
        self,
        token: Token,
        *,
        base_url: str = API_URL,
        pacer: Pacer | None = None,
        read_only: bool = False,
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        loopback = check_base_url(base_url)
        refusals.check_token(token)
        self._read_only = read_only
        self._patience = patience
        self._clock = clock
        self._jitter = jitter
        self._listeners: list[Callable[[], None]] = []
        self._pacer = pacer or Pacer(sleep=sleep)
        self._pacer.on_change(self._state_changed)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            auth=_BearerAuth(token),
            headers={"Accept": "application/json", "User-Agent": f"snaptui/{__version__}"},
            timeout=httpx.Timeout(patience.try_seconds, connect=min(10.0, patience.try_seconds)),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0),
            # Without TLS nobody need be trusted, and reading whom to trust takes a while.
            verify=True if base_url.startswith("https") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=not loopback,
            follow_redirects=False,
        )
        self.rate_limit: RateLimit | None = None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    @property
    def wait(self) -> Wait | None:
        """What is waited for now; of several waits the one that ends first."""
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
        answer = await self._answer(requests.list_snapshots(page, per_page, resource_type), lease)
        return answers.read_page(answer, page)

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        answer = await self._answer(requests.get_snapshot(snapshot_id), lease)
        return replace(answers.read_snapshot(answer, snapshot_id), seen=boot_seconds())

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        """Send one DELETE, once, unless it is kept back (`NotSentError`).

        After any other error than a clear no, what `departure.left` says of may have been acted on.
        """
        request = requests.delete_snapshot(snapshot_id)
        if self._read_only:
            raise ReadOnlyError("snaptui was started read-only, so nothing was deleted")
        async with withdrawable(departure):
            try:
                answer = await self._send(request, departure.lease, departure)
                refusals.check(request, answer, now=self._clock())
            except NotFoundError:
                return Deletion.ALREADY_GONE
            except RateLimitedError as error:
                self._pacer.block_for(self._delay_after(error, 1))
                raise
        return Deletion.DELETED

    async def get_account(self) -> Account:
        """Return whose token it is."""
        return answers.read_account(await self._answer(requests.get_account()))

    async def get_autoscale_images(self) -> frozenset[str]:
        """Return the ids of the images that autoscale pools start droplets from."""
        return frozenset(pool.image_id for pool in await read_pools(self) if pool.image_id is not None)

    async def answer(self, request: Request) -> Answer:
        """Return the answer to a request."""
        return await self._answer(request)

    async def _answer(self, request: Request, lease: int = 0) -> Answer:
        """Send until there is an answer that counts, as far as patience goes."""
        patience, started = self._patience, self._clock()
        for attempt in range(1, patience.attempts + 1):
            try:
                answer = await self._send(request, lease)
                refusals.check(request, answer, now=self._clock())
            except (ConnectionFailedError, RateLimitedError, ServerError) as error:
                delay = self._delay_after(error, attempt)
                left = patience.total_seconds - (self._clock() - started)
                if attempt == patience.attempts or delay > left:
                    raise
                await self._pacer.pause(delay, "rate limit" if isinstance(error, RateLimitedError) else "trying again")
            else:
                return answer
        raise ConnectionFailedError("no attempt was allowed", sent=False)

    def _delay_after(self, error: ApiError, attempt: int) -> float:
        if isinstance(error, RateLimitedError) and error.rate_limit is not None:
            free = error.rate_limit.free_in_seconds(self._clock())
            if free is not None:
                self._pacer.block_for(min(free, self._patience.total_seconds))
                return free + self._jitter()
        return self._patience.first_backoff_seconds * (1 << attempt - 1) * (0.5 + self._jitter())

    async def _send(self, request: Request, lease: int = 0, departure: Departure | None = None) -> Answer:
        leased = lease and departure
        async with (
            self._pacer.leased_slot(lease) if leased else self._pacer.slot(background=bool(departure), lease=lease)
        ):
            try:
                async with asyncio.timeout(self._patience.try_seconds):
                    answer = await self._exchange(request, departing(departure) if departure else {})
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout) as error:
                raise _no_answer(error, sent=False) from None
            except httpx.DecodingError:
                raise UnreadableAnswerError("the API's answer cannot be unpacked", hint="Try again.") from None
            except (httpx.TransportError, TimeoutError) as error:
                raise _no_answer(error, sent=departure is None or departure.left) from None
        self._learn(answer.rate_limit)
        return answer

    def _learn(self, said: RateLimit) -> None:
        """Take over what an answer says of the limit, unless a later answer has overtaken it."""
        known = self.rate_limit
        if known is not None and known.reset == said.reset and (said.remaining or 0) > (known.remaining or 0):
            return
        self.rate_limit = said

    async def _exchange(self, request: Request, extensions: Mapping[str, object]) -> Answer:
        async with self._http.stream(
            request.method, request.path, params=dict(request.params), extensions=dict(extensions)
        ) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_BODY_BYTES:
                    raise UnreadableAnswerError("the API's answer is larger than any list can be")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(body))


class _Leased:
    """Pages that are asked for within a lease."""

    def __init__(self, client: Client, lease: int) -> None:
        self.list_snapshots = partial(client.list_snapshots, lease=lease)


def _no_answer(error: Exception, *, sent: bool) -> ConnectionFailedError:
    what = {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ProxyError": "the proxy refused the connection",
        "ReadTimeout": "no answer in time",
        "TimeoutError": "no answer in time",
    }.get(type(error).__name__, "the connection broke before the answer was complete")
    detail = inert(str(error))
    message = f"{what} ({detail})" if detail and "Authorization" not in detail else what
    return ConnectionFailedError(message, sent=sent, hint="Check the network and any proxy, then try again.")
