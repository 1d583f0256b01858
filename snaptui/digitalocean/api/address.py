"""Where requests may go: over TLS, or to this machine."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from snaptui.digitalocean.api.errors import RefusedRequestError, inert

API_URL: Final = "https://api.digitalocean.com"


def is_loopback(host: str) -> bool:
    """Return whether a host name can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_base_url(url: str) -> bool:
    """Return whether the URL is on this machine; raises `RefusedRequestError` for one that must not get a token."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        usable = bool(host) and parts.username is None and not parts.query and parts.path in ("", "/")
        usable = usable and (parts.port is None or parts.port > 0)
    except ValueError:
        usable, host = False, ""
    if not usable or parts.scheme not in ("http", "https"):
        raise RefusedRequestError(f"{inert(url)!r} is not an API address", hint="It has the form https://HOST[:PORT].")
    loopback = is_loopback(host)
    if parts.scheme == "http" and not loopback:
        raise RefusedRequestError(f"{inert(url)!r} would send the token unencrypted", hint="Use https.")
    return loopback
