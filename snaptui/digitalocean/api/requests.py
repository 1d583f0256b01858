"""Requests and answers of the API as values, and one function for each request that there is."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct, field

from snaptui.digitalocean.api.errors import RefusedRequestError, inert
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.model.snapshot import Snapshot

PAGE_SIZE: Final = 200
"""The most that the API gives at once (`per_page` in its reference)."""
SAFE_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class Request(Struct, frozen=True):
    """One HTTP request before it is sent; `scopes` are the token's scopes that the API's reference asks for."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()

    @property
    def deletes(self) -> bool:
        """True for the one kind of request that cannot be taken back."""
        return self.method == "DELETE"


class Answer(Struct, frozen=True):
    """One HTTP answer with its body unread; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def rate_limit(self) -> RateLimit:
        """The rate limit from the answer's headers."""
        return RateLimit.from_headers(self.headers)


class Identified(Protocol):
    """Interface of entries that have an id."""

    @property
    def id(self) -> str:
        """The id, unique in its list."""
        ...


R_co = TypeVar("R_co", bound=Identified, covariant=True)


class Page(Struct, Generic[R_co], frozen=True):
    """One page of a list. `more` is true when the answer links to a next page.

    `total` is `meta.total`, at most 2^63 - 1. `server_now` is the answer's `Date` in Unix seconds.
    """

    rows: tuple[R_co, ...]
    total: int
    more: bool = False
    server_now: float | None = None


class FetchedSnapshot(Struct, frozen=True):
    """One snapshot read by itself, with its JSON exactly as the API sent it and the time it came (`boot_seconds`)."""

    snapshot: Snapshot
    raw: str
    seen: float = 0.0


class Deletion(StrEnum):
    """Outcomes of a DELETE after which the snapshot is gone: deleted by it, or not there any more."""

    DELETED = "deleted"
    ALREADY_GONE = "already gone"


def list_snapshots(page: int, per_page: int = PAGE_SIZE, resource_type: str | None = None) -> Request:
    """Return the request for a page of snapshots; `page` counts from 1, `per_page` is at most 200."""
    params = {"page": str(page), "per_page": str(per_page)}
    if resource_type is not None:
        params["resource_type"] = resource_type
    return Request("GET", "/v2/snapshots", params, ("snapshot:read",))


def _snapshot_path(snapshot_id: str) -> str:
    if not SAFE_ID.match(snapshot_id):
        raise RefusedRequestError(
            f"{inert(snapshot_id)!r} is not a snapshot id", hint="An id has letters, digits and dashes only."
        )
    return f"/v2/snapshots/{snapshot_id}"


def get_snapshot(snapshot_id: str) -> Request:
    """Return the request for one snapshot."""
    scopes = ("snapshot:read", "block_storage_snapshot:read")
    return Request("GET", _snapshot_path(snapshot_id), scopes=scopes)


def delete_snapshot(snapshot_id: str) -> Request:
    """Return the request that deletes one snapshot."""
    return Request("DELETE", _snapshot_path(snapshot_id), scopes=("snapshot:delete", "image:delete"))


def get_account() -> Request:
    """Return the request for the account behind the token."""
    return Request("GET", "/v2/account", scopes=("account:read",))


def list_droplets(page: int, *, gpus: bool) -> Request:
    """Return the request for a page of droplets; GPU droplets are a listing of their own."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)} | ({"type": "gpus"} if gpus else {})
    return Request("GET", "/v2/droplets", params, ("droplet:read",))


def list_volumes(page: int) -> Request:
    """Return the request for a page of volumes."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)}
    return Request("GET", "/v2/volumes", params, ("block_storage:read",))


def list_autoscale_pools(page: int) -> Request:
    """Return the request for a page of droplet autoscale pools."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)}
    return Request("GET", "/v2/droplets/autoscale", params, ("droplet:read",))
