"""The API without I/O: requests to send, and answers turned into data or into a named error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar
from unicodedata import category

import msgspec

from snaptui.digitalocean import errors
from snaptui.digitalocean.decoding import SAFE_ID, RowDecoder
from snaptui.digitalocean.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.model.token import Token

PAGE_SIZE: Final = 200
LONGEST_QUOTE: Final = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `scopes` are those the reference says it needs."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()

    @property
    def deletes(self) -> bool:
        """True for the one kind of request that cannot be taken back."""
        return self.method == "DELETE"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def rate_limit(self) -> RateLimit:
        """What the answer says of the rate limit."""
        return RateLimit.from_headers(self.headers)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the listing; `total` is `meta.total`."""

    rows: tuple[Snapshot, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FetchedSnapshot:
    """One snapshot read by itself, and the JSON of it exactly as the API sent it."""

    snapshot: Snapshot
    raw: str


@dataclass(frozen=True, slots=True)
class ResourcePage:
    """One page of droplets or volumes: names by id."""

    names: Mapping[str, str]
    total: int


class Deletion(StrEnum):
    """How a snapshot came to be gone."""

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
        raise errors.RefusedRequestError(
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


def read_page(answer: Answer, decoder: RowDecoder, page: int) -> Page:
    """Return the page's rows; raises `UnreadableAnswerError` for another shape."""
    body = _object(answer)
    rows = _member(answer, body, "snapshots", list)
    decoded = tuple(decoder.decode(row, f"row {n} of page {page}") for n, row in enumerate(rows, 1))
    return Page(decoded, _total(answer, body))


def read_snapshot(answer: Answer, wanted: str) -> FetchedSnapshot:
    """Return the snapshot; one with another id than was asked for is unreadable."""
    row = _member(answer, _object(answer), "snapshot", dict)
    snapshot = RowDecoder().decode(row, "the answer")
    if snapshot.id != wanted:
        raise _unreadable(answer, f"it describes {inert(snapshot.id)} instead of {wanted}")
    return FetchedSnapshot(snapshot, json.dumps(row, ensure_ascii=False))


def read_account(answer: Answer) -> Account:
    """Return the account behind the token."""
    account = _member(answer, _object(answer), "account", dict)
    team = account.get("team")
    team = team if isinstance(team, dict) else {}

    def text(of: Mapping[str, object], name: str) -> str | None:
        value = of.get(name)
        return value if isinstance(value, str) else None

    uuid, email = text(account, "uuid"), text(account, "email")
    if not uuid:
        raise _unreadable(answer, "account.uuid is missing")
    return Account(uuid, email or "?", text(account, "status") or "?", text(team, "uuid"), text(team, "name"))


def read_resources(answer: Answer, member: str) -> ResourcePage:
    """Return the names by id of a page of droplets or volumes."""
    body = _object(answer)
    names: dict[str, str] = {}
    for row in _member(answer, body, member, list):
        row_id = row.get("id") if isinstance(row, dict) else None
        if isinstance(row_id, bool) or not isinstance(row_id, int | str):
            raise _unreadable(answer, f"an entry of {member} has no id")
        name = row.get("name")
        names[str(row_id)] = name if isinstance(name, str) else ""
    return ResourcePage(names, _total(answer, body))


def read_autoscale_images(answer: Answer) -> tuple[frozenset[str], int, int]:
    """Return the images that a page of autoscale pools starts droplets from, its length, and the total."""
    body = _object(answer)
    pools = _member(answer, body, "autoscale_pools", list)
    templates = [pool.get("droplet_template") for pool in pools if isinstance(pool, dict)]
    images = [template.get("image") for template in templates if isinstance(template, dict)]
    return frozenset(str(i) for i in images if isinstance(i, int | str)), len(pools), _total(answer, body)


def check(request: Request, answer: Answer, *, now: float) -> None:
    """Return for 2xx; raise the error that the status stands for otherwise."""
    if 200 <= answer.status < 300:
        return
    api_id, message, request_id = _said(answer)
    if 300 <= answer.status < 400:
        raise errors.UnexpectedStatusError(
            "the API answered with a redirect, which is not followed: the token would go with it",
            status=answer.status,
            request_id=request_id,
            hint="Check --api-url.",
        )
    kind = _KINDS.get(answer.status) or (errors.ServerError if answer.status >= 500 else errors.UnexpectedStatusError)
    error = kind(
        message or _DEFAULT_MESSAGES.get(kind, "the API refused the request"),
        hint=_hint(kind, request, answer.rate_limit, now),
        status=answer.status,
        api_id=api_id,
        request_id=request_id,
        rate_limit=answer.rate_limit,
    )
    if isinstance(error, errors.NotPermittedError):
        error.needed_scopes = request.scopes
    raise error


_KINDS: Final[Mapping[int, type[errors.StatusError]]] = {
    400: errors.BadRequestError,
    401: errors.NotAuthenticatedError,
    403: errors.NotPermittedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    412: errors.PreconditionFailedError,
    422: errors.UnprocessableError,
    429: errors.RateLimitedError,
}
_DEFAULT_MESSAGES: Final[Mapping[type[errors.StatusError], str]] = {
    errors.ServerError: "the API had an error of its own",
    errors.RateLimitedError: "API rate limit exceeded",
    errors.NotAuthenticatedError: "Unable to authenticate you",
    errors.NotPermittedError: "You are not authorized to perform this operation",
}


def _hint(kind: type[errors.StatusError], request: Request, limit: RateLimit, now: float) -> str | None:
    if kind is errors.NotPermittedError:
        return f"The token needs {' and '.join(request.scopes)}."
    if kind is errors.NotAuthenticatedError:
        return "The token is wrong, expired or revoked; make one in the control panel under API."
    if kind is errors.RateLimitedError:
        free = limit.free_in_seconds(now)
        return "Try again later." if free is None else f"The next request is free in {free:.0f} s."
    if kind is errors.ServerError:
        return "Try again; status.digitalocean.com tells of outages."
    return None


def check_token(token: Token) -> None:
    """Raise for a token that can never work, before it is sent anywhere."""
    if token.is_refresh_token:
        raise errors.NotAuthenticatedError(
            "dor_v1_ is a refresh token, which cannot call the API",
            hint="Use the access token (doo_v1_ or dop_v1_) that came with it.",
        )


def inert(text: str) -> str:
    """Return at most 200 characters of a server's text, on one line and with nothing that acts on a terminal."""
    clean = "".join(" " if c.isspace() else "\N{REPLACEMENT CHARACTER}" if category(c)[0] == "C" else c for c in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= LONGEST_QUOTE else f"{clean[: LONGEST_QUOTE - 1]}…"


def _said(answer: Answer) -> tuple[str | None, str, str | None]:
    """Return the API's error id, message and request id, where the answer has them."""
    request_id = answer.headers.get("x-request-id")
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        body = None
    said = body if isinstance(body, dict) else {}

    def text(name: str) -> str:
        value = said.get(name)
        return inert(value) if isinstance(value, str) else ""

    request_id = text("request_id") or inert(request_id or "")
    return text("id") or None, text("message"), request_id or None


def _unreadable(answer: Answer, why: str) -> errors.UnreadableAnswerError:
    kind = answer.headers.get("content-type", "").partition(";")[0] or "no content type"
    return errors.UnreadableAnswerError(
        f"the API's answer cannot be read: {why} ({inert(kind)}, {len(answer.body):,} bytes)",
        hint="Try again; if it stays, check --api-url and any proxy.",
        status=answer.status,
        request_id=inert(answer.headers.get("x-request-id", "")) or None,
        rate_limit=answer.rate_limit,
    )


def _object(answer: Answer) -> Mapping[str, object]:
    if not answer.body:
        raise _unreadable(answer, "it is empty")
    try:
        body = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _unreadable(answer, "it is not JSON, or cut off") from None
    if not isinstance(body, dict):
        raise _unreadable(answer, "it is not a JSON object")
    return body


def _member(answer: Answer, body: Mapping[str, object], name: str, kind: type[T]) -> T:
    value = body.get(name)
    if not isinstance(value, kind):
        raise _unreadable(answer, f"{name} is missing or of another type")
    return value


def _total(answer: Answer, body: Mapping[str, object]) -> int:
    meta = body.get("meta")
    total = meta.get("total") if isinstance(meta, dict) else None
    if isinstance(total, bool) or not isinstance(total, int) or total < 0:
        raise _unreadable(answer, "meta.total is missing")
    return total
