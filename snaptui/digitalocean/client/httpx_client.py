"""httpx client of one token: its address, proxies and trusted certificates."""

import ssl
from collections.abc import Generator
from urllib.request import getproxies

import httpx

from snaptui import __version__
from snaptui.digitalocean.api.address import check_base_url, split_address
from snaptui.digitalocean.api.errors import RefusedRequestError, inert
from snaptui.digitalocean.api.unpacking import ACCEPT_ENCODING
from snaptui.model.token import Token

_PROXY_HINT = "Correct it or unset it: a proxy has the form http://HOST:PORT."


class _BearerAuth(httpx.Auth):
    """httpx authentication that adds the token at the last moment, so that no object outlives the request with it."""

    def __init__(self, token: Token) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


def connection(base_url: str, token: Token) -> httpx.AsyncClient:
    """Return a client for an address that may get the token.

    Raises `RefusedRequestError` for another address, and for proxies and certificates in the environment that cannot
    be used.
    """
    loopback = check_base_url(base_url)
    if not loopback:
        _check_proxies()
    try:
        return httpx.AsyncClient(
            base_url=base_url,
            auth=_BearerAuth(token),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": ACCEPT_ENCODING,
                "User-Agent": f"snaptui/{__version__}",
            },
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=30.0),
            # Without TLS nobody need be trusted, and reading whom to trust takes a while.
            verify=True if base_url.startswith("https") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            trust_env=not loopback,  # what goes to this machine goes through no proxy
            follow_redirects=False,  # neither a token nor a DELETE may end up at another address
        )
    except (httpx.InvalidURL, ValueError) as error:
        raise _unusable(f"a proxy or NO_PROXY that cannot be used ({inert(str(error))})", _PROXY_HINT) from None
    except OSError as error:
        reason = "no certificate in it" if isinstance(error, ssl.SSLError) else error.strerror or type(error).__name__
        hint = "Correct SSL_CERT_FILE or SSL_CERT_DIR, or unset them."
        raise _unusable(f"certificates that cannot be read ({reason})", hint) from None


def _check_proxies() -> None:
    """Raise for a proxy that httpx would fail with only later, or with a traceback."""
    for kind, url in getproxies().items():
        if kind not in ("http", "https", "all"):
            continue
        parts = split_address(url if "://" in url else f"http://{url}")
        if parts is not None and parts.scheme.startswith("socks"):
            hint = "Only HTTP proxies can be used: unset it, or give an http:// proxy."
            raise _unusable(f"a SOCKS proxy ({kind}_proxy)", hint)
        if parts is None or parts.scheme not in ("http", "https"):
            # Without what stands before the @: it may be a password.
            raise _unusable(f"a proxy that cannot be used ({kind}_proxy: {inert(url.rpartition('@')[2])})", _PROXY_HINT)


def _unusable(what: str, hint: str) -> RefusedRequestError:
    return RefusedRequestError(f"the environment names {what}", hint=hint)
