"""One exchange with the server over httpx: a request to an answer, bounded in time and size, or an `ApiError`."""

import asyncio
from collections.abc import Mapping
from typing import Final

import httpx

from snaptui.digitalocean.api.errors import (
    ApiError,
    ConnectionFailedError,
    NoAnswerInTimeError,
    UnreadableAnswerError,
    inert,
)
from snaptui.digitalocean.api.requests import Answer, Request
from snaptui.digitalocean.api.unpacking import LARGEST_BODY_BYTES, PackedError, unpacked
from snaptui.digitalocean.client.httpx_client import connection
from snaptui.model.token import Token

CONNECT_SECONDS: Final = 10.0
_HINT: Final = "Check the network and any proxy, then try again."


class Transport:
    """Connections of one token to one address; raises `RefusedRequestError` for an address that may not be used."""

    def __init__(self, base_url: str, token: Token) -> None:
        self._http = connection(base_url, token)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def exchange(self, request: Request, seconds: float, extensions: Mapping[str, object]) -> Answer:
        """Return the answer, whatever its status; all of it takes `seconds` at most. `extensions` are httpx's.

        Raises `ConnectionFailedError`, `NoAnswerInTimeError`, or `UnreadableAnswerError` for a body of a good answer
        that is too large or cannot be unpacked.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(request, seconds, extensions)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout, UnicodeError) as error:
            raise _failed(error, sent=False) from None
        except (httpx.TransportError, TimeoutError) as error:
            raise _failed(error, sent=True) from None

    async def _exchange(self, request: Request, seconds: float, extensions: Mapping[str, object]) -> Answer:
        async with self._http.stream(
            request.method,
            request.path,
            params=dict(request.params),
            timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
            extensions=dict(extensions),
        ) as response:
            try:
                packed = await _body(response)
                body = unpacked(packed, response.headers.get("content-encoding", ""))
            except PackedError as error:
                if response.is_success:
                    raise UnreadableAnswerError(f"the API's answer {error}", hint="Try again.") from None
                body = b""  # the status says enough
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, body)


async def _body(response: httpx.Response) -> bytes:
    """Return the body as it came, still packed: httpx unpacks without a bound, and made 5.9 GB of 16 kB (measured)."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > LARGEST_BODY_BYTES:
            raise PackedError("is larger than any list can be")
    return bytes(body)


def _failed(error: Exception, *, sent: bool) -> ApiError:
    what = {
        "ConnectError": "no connection",
        "ConnectTimeout": "no connection in time",
        "ProxyError": "the proxy refused the connection",
        "PoolTimeout": "no connection was free in time",
    }.get(type(error).__name__, "the connection broke before the answer was complete" if sent else "no connection")
    if isinstance(error, TimeoutError | httpx.ReadTimeout | httpx.WriteTimeout):
        return NoAnswerInTimeError("no answer in time", sent=sent, hint=_HINT)
    detail = inert(str(error))
    message = f"{what} ({detail})" if detail and "Authorization" not in detail else what
    return ConnectionFailedError(message, sent=sent, hint=_HINT)
