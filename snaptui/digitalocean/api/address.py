"""API address: checked so that requests go over TLS, or to this machine, and nowhere else."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from snaptui.digitalocean.api.errors import RefusedRequestError
from snaptui.text.safe import masked, visible

API_URL: Final = "https://api.digitalocean.com"
_LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\Z")


def is_loopback(host: str) -> bool:
    """Return whether a host name can only be this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def split_address(url: str) -> SplitResult | None:
    """Return the parts of a URL whose host and port can be connected to; `None` for any other.

    Line breaks, which `urlsplit` silently drops, and all else that is not printable ASCII make none.
    """
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        usable = _is_host(parts.hostname or "", literal="[" in parts.netloc) and parts.port != 0
    except ValueError:  # a port above 65535, a bracket that is not closed
        return None
    return parts if usable else None


def check_base_url(url: str) -> bool:
    """Return whether the URL is on this machine; raises `RefusedRequestError` for one that must not get a token."""
    parts, shown = split_address(url), repr(visible(masked(url[:_LONGEST_HOST])))
    bare = parts is not None and parts.username is None and parts.path in ("", "/") and not set("?#") & set(url)
    if parts is None or not bare or parts.scheme not in ("http", "https"):
        raise RefusedRequestError(f"{shown} is not an API address", hint="It has the form https://HOST[:PORT].")
    loopback = is_loopback(parts.hostname or "")
    if parts.scheme == "http" and not loopback:
        raise RefusedRequestError(f"{shown} would send the token unencrypted", hint="Use https.")
    return loopback


def _is_host(host: str, *, literal: bool) -> bool:
    """Return whether a host is an IP address, or a name that can be looked up; in brackets, as a literal, only IPv6."""
    try:
        return (ip_address(host).version == 6) == literal
    except ValueError:
        if literal:
            return False
    try:
        host.encode("ascii").decode("idna")  # an `xn--` label may stand for no text at all
    except UnicodeError:
        return False
    return len(host) <= _LONGEST_HOST and all(_LABEL.match(label) for label in host.removesuffix(".").split("."))
