"""Sends the requests. The only module that imports httpx."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Generator
from typing import Final

import httpx

from snaptui import __version__
from snaptui.digitalocean import answers, protocol, refusals
from snaptui.digitalocean.address import API_URL, check_base_url
from snaptui.digitalocean.attempts import PATIENT, Attempts, Patience
from snaptui.digitalocean.decoding import RowDecoder
from snaptui.digitalocean.errors import (
    ConnectionFailedError,
    NotFoundError,
    ReadOnlyError,
    RefusedRequestError,
    UnreadableAnswerError,
    inert,
)
from snaptui.digitalocean.pacing import Pacer
from snaptui.digitalocean.protocol import Answer, Deletion, FetchedSnapshot, Page, Request
from snaptui.digitalocean.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.model.token import Token

LARGEST_BODY_BYTES: Final = 32 * 1024 * 1024
CONNECT_SECONDS: Final = 10.0


class _BearerAuth(httpx.Auth):
    """Adds the token at the last moment, so that it is in no object that outlives the request."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Client:
    """One token's access to the API. Every method raises an `ApiError`, and is cancelled cleanly.

    A DELETE that is cancelled while under way may or may not have been acted on.
    """

    def __init__(
        self,
        token: Token,
        *,
        base_url: str = API_URL,
        pacer: Pacer | None = None,
        read_only: bool = False,
        patience: Patience = PATIENT,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        loopback = check_base_url(base_url)
        refusals.check_token(token)
        self._read_only = read_only
        self._try_seconds = patience.try_seconds
        self._pacer = pacer or Pacer(clock=clock, sleep=sleep)
        self._attempts = Attempts(self._send, self._pacer, patience, clock=clock, jitter=jitter)
        self._decoder = RowDecoder()
        self._http = _http(token, base_url, patience.try_seconds, trust_env=not loopback)
        self.rate_limit: RateLimit | None = None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def list_snapshots(
        self, page: int, per_page: int = protocol.PAGE_SIZE, resource_type: str | None = None
    ) -> Page:
        """Return one page of snapshots."""
        answer = await self.answer(protocol.list_snapshots(page, per_page, resource_type))
        return answers.read_page(answer, self._decoder, page)

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now."""
        return answers.read_snapshot(await self.answer(protocol.get_snapshot(snapshot_id)), snapshot_id)

    async def delete_snapshot(self, snapshot_id: str) -> Deletion:
        """Delete one snapshot; with an `UnknownOutcomeError` it may be deleted or not."""
        try:
            await self.answer(protocol.delete_snapshot(snapshot_id))
        except NotFoundError:
            return Deletion.ALREADY_GONE
        return Deletion.DELETED

    async def get_account(self) -> Account:
        """Return whose token it is."""
        return answers.read_account(await self.answer(protocol.get_account()))

    async def answer(self, request: Request) -> Answer:
        """Return the API's answer to a request, paced and retried."""
        if self._read_only and request.deletes:
            raise ReadOnlyError("snaptui was started read-only, so nothing was deleted")
        return await self._attempts.answer(request)

    async def _send(self, request: Request) -> Answer:
        """Send once; what httpx raises ends here, as it holds the request and so the token."""
        failure: ConnectionFailedError
        try:
            async with asyncio.timeout(self._try_seconds):
                answer = await self._exchange(request)
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.ProxyError,
            httpx.PoolTimeout,
            httpx.InvalidURL,
        ) as error:
            failure = _no_answer(error, sent=False)
        except (httpx.TransportError, httpx.DecodingError, TimeoutError) as error:
            failure = _no_answer(error, sent=True)
        else:
            self._learn(answer.rate_limit)
            return answer
        raise failure

    def _learn(self, said: RateLimit) -> None:
        """Take over what an answer says of the limit, unless a later answer has overtaken it."""
        known = self.rate_limit
        if known is not None and known.reset == said.reset and (said.remaining or 0) > (known.remaining or 0):
            return
        self.rate_limit = said
        self._pacer.learn(said)

    async def _exchange(self, request: Request) -> Answer:
        async with self._http.stream(request.method, request.path, params=dict(request.params)) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_BODY_BYTES:
                    raise UnreadableAnswerError("the API's answer is larger than any list can be")
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, bytes(body))


def _http(token: Token, base_url: str, try_seconds: float, *, trust_env: bool) -> httpx.AsyncClient:
    """Return httpx's client; a proxy or certificate file of the environment that cannot be used is said to be."""
    why = ""
    try:
        return httpx.AsyncClient(
            base_url=base_url,
            auth=_BearerAuth(token),
            headers={"Accept": "application/json", "User-Agent": f"snaptui/{__version__}"},
            timeout=httpx.Timeout(try_seconds, connect=min(CONNECT_SECONDS, try_seconds)),
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0),
            trust_env=trust_env,
            follow_redirects=False,
        )
    except ImportError:
        why = "a SOCKS proxy needs the package socksio"
    except OSError as error:
        why = f"a certificate file cannot be read: {error.strerror or type(error).__name__}"
    except (ValueError, httpx.InvalidURL):
        why = "a proxy's address cannot be understood"
    raise RefusedRequestError(
        f"no connection can be made with this environment: {why}",
        hint="Look at HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
    )


_WHAT: Final = {
    "ConnectError": "no connection",
    "ConnectTimeout": "no connection in time",
    "PoolTimeout": "no connection in time",
    "ProxyError": "the proxy refused the connection",
    "ReadTimeout": "no answer in time",
    "WriteTimeout": "no answer in time",
    "TimeoutError": "no answer in time",
    "DecodingError": "the answer cannot be unpacked",
    "InvalidURL": "the address cannot be used",
}


def _no_answer(error: Exception, *, sent: bool) -> ConnectionFailedError:
    """Return our error for httpx's; only what a failed connection says is quoted, the rest may hold headers."""
    what = _WHAT.get(type(error).__name__, "the connection broke before the answer was complete")
    detail = inert(str(error)) if isinstance(error, httpx.ConnectError) else ""
    message = f"{what} ({detail})" if detail else what
    return ConnectionFailedError(message, sent=sent, hint="Check the network and any proxy, then try again.")
