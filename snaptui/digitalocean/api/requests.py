"""Requests to the API and what comes back, as values."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct, field

from snaptui.digitalocean.api.errors import RefusedRequestError, inert
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.model.snapshot import Snapshot

PAGE_SIZE: Final = 200
SAFE_ID: Final = re.compile(r"[A-Za-z0-9-]{1,64}\Z")


class Request(Struct, frozen=True):
    """One request: `scopes` are those the reference says it needs."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()

    @property
    def deletes(self) -> bool:
        """True for the one kind of request that cannot be taken back."""
        return self.method == "DELETE"


class Answer(Struct, frozen=True):
    """An answer of the server; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def rate_limit(self) -> RateLimit:
        """The rate limit as the answer tells it."""
        return RateLimit.from_headers(self.headers)


class Identified(Protocol):
    """Something that lists tell apart by its id."""

    @property
    def id(self) -> str:
        """The id."""
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
    """One snapshot read by itself, the JSON of it exactly as the API sent it, and when it came (`boot_seconds`)."""

    snapshot: Snapshot
    raw: str
    seen: float = 0.0


class Deletion(StrEnum):
    """The two ways in which a snapshot is gone after a DELETE."""

    DELETED = "deleted"
    ALREADY_GONE = "already gone"


def list_snapshots(page: int, per_page: int = PAGE_SIZE, resource_type: str | None = None) -> Request:
    """Ask for a page of snapshots, `page` from 1, `per_page` up to 200."""
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
    """Ask for one snapshot."""
    scopes = ("snapshot:read", "block_storage_snapshot:read")
    return Request("GET", _snapshot_path(snapshot_id), scopes=scopes)


def delete_snapshot(snapshot_id: str) -> Request:
    """Delete one snapshot."""
    return Request("DELETE", _snapshot_path(snapshot_id), scopes=("snapshot:delete", "image:delete"))


def get_account() -> Request:
    """Ask whose token it is."""
    return Request("GET", "/v2/account", scopes=("account:read",))


def list_droplets(page: int, *, gpus: bool) -> Request:
    """Ask for a page of droplets; GPU droplets are a listing of their own."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)} | ({"type": "gpus"} if gpus else {})
    return Request("GET", "/v2/droplets", params, ("droplet:read",))


def list_volumes(page: int) -> Request:
    """Ask for a page of volumes."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)}
    return Request("GET", "/v2/volumes", params, ("block_storage:read",))


def list_autoscale_pools(page: int) -> Request:
    """Ask for a page of droplet autoscale pools."""
    params = {"page": str(page), "per_page": str(PAGE_SIZE)}
    return Request("GET", "/v2/droplets/autoscale", params, ("droplet:read",))
