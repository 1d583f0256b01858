"""Demo API: turns requests into status, headers and body, as the API's reference describes. No I/O."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote, urlencode
from uuid import uuid4

from snaptui.demo.account import DemoAccount
from snaptui.demo.names import REGIONS
from snaptui.demo.resources import Row

DEMO_TOKEN: Final = "dop_v1_" + "d0" * 32
ALL_SCOPES: Final = frozenset(
    {
        "snapshot:read",
        "block_storage_snapshot:read",
        "snapshot:delete",
        "image:delete",
        "tag:read",
        "account:read",
        "droplet:read",
        "block_storage:read",
    }
)
DEFAULT_PER_PAGE: Final = 20
MOST_PER_PAGE: Final = 200
MOST_DIGITS: Final = 100  # int() raises for texts of thousands of digits
REFRESH_PREFIX: Final = "dor_v1_"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is written."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class _RefusalError(Exception):
    """A request that gets an error answer."""

    def __init__(self, status: int, error_id: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        made = refusal(status, error_id, message)
        self.reply = replace(made, headers={**made.headers, **(headers or {})})


def refusal(status: int, error_id: str, message: str) -> Reply:
    """Return an error in the API's form."""
    request_id = str(uuid4())
    body = {"id": error_id, "message": message, "request_id": request_id}
    return Reply(status, json.dumps(body).encode(), headers={"x-request-id": request_id})


@dataclass(slots=True)
class DemoApi:
    """API of one account; `scopes` maps each valid token to the scopes it has."""

    account: DemoAccount
    base_url: str = ""
    scopes: Mapping[str, frozenset[str]] = field(default_factory=lambda: {DEMO_TOKEN: ALL_SCOPES})

    def scopes_of(self, authorization: str) -> frozenset[str] | None:
        """Return the scopes of an Authorization header; `None` for an invalid one, as refresh tokens always are."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or token.startswith(REFRESH_PREFIX):
            return None
        return self.scopes.get(token)

    def reply(self, method: str, path: str, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        """Answer one authenticated request."""
        try:
            return self._route(method, path, query, scopes)
        except _RefusalError as error:
            return error.reply

    def _route(self, method: str, path: str, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        head, _, snapshot_id = path.partition("/v2/snapshots/")
        if head == "" and snapshot_id and "/" not in snapshot_id:
            return self._one(method, unquote(snapshot_id), scopes)
        routes: dict[str, Callable[[], Reply]] = {
            "/v2/snapshots": lambda: self._snapshots(query, scopes),
            "/v2/account": lambda: self._account(scopes),
            "/v2/droplets": lambda: self._droplets(query, scopes),
            "/v2/volumes": lambda: self._volumes(query, scopes),
            "/v2/droplets/autoscale": lambda: self._pools(query, scopes),
        }
        if path not in routes:
            raise _RefusalError(404, "not_found", "The resource you were accessing could not be found.")
        if method != "GET":
            raise _not_allowed("GET")
        return routes[path]()

    def _account(self, scopes: frozenset[str]) -> Reply:
        _need(scopes, "account:read")
        return _ok({"account": self.account.account})

    def _one(self, method: str, snapshot_id: str, scopes: frozenset[str]) -> Reply:
        if method == "DELETE":
            _need(scopes, "image:delete", "snapshot:delete")
        elif method == "GET":
            _need(scopes, "snapshot:read", "block_storage_snapshot:read")
        else:
            raise _not_allowed("GET, DELETE")
        if snapshot_id in self.account.other_images:
            raise _RefusalError(400, "bad_request", "the resource is not a snapshot")
        row = self.account.snapshots.get(snapshot_id)
        if row is None:
            raise _RefusalError(404, "not_found", "The resource you requested could not be found.")
        if method == "DELETE":
            self.account.delete(snapshot_id)
            return Reply(204)
        return _ok({"snapshot": _as_seen(row, scopes)})

    def _snapshots(self, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        wanted = _one_of(query, "resource_type", ("droplet", "volume"))
        return self._list("snapshots", self.account.rows(wanted), "/v2/snapshots", query, scopes, "snapshot:read")

    def _droplets(self, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        gpus = _one_of(query, "type", ("droplets", "gpus")) == "gpus"
        rows = _named(self.account.gpu_droplets if gpus else self.account.droplets, query)
        tag = query.get("tag_name")
        rows = rows if tag is None else [row for row in rows if tag in _words(row["tags"])]
        return self._list("droplets", rows, "/v2/droplets", query, scopes, "droplet:read")

    def _volumes(self, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        slug = _one_of(query, "region", REGIONS)
        rows = _named(self.account.volumes, query)
        rows = rows if slug is None else [row for row in rows if _slug(row["region"]) == slug]
        return self._list("volumes", rows, "/v2/volumes", query, scopes, "block_storage:read")

    def _pools(self, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        rows = _named(self.account.autoscale_pools, query)
        return self._list("autoscale_pools", rows, "/v2/droplets/autoscale", query, scopes, "droplet:read")

    def _list(
        self, member: str, rows: list[Row], path: str, query: Mapping[str, str], scopes: frozenset[str], scope: str
    ) -> Reply:
        _need(scopes, scope)
        page = _whole(query, "page", 1, None)
        per_page = _whole(query, "per_page", DEFAULT_PER_PAGE, MOST_PER_PAGE)
        start = (page - 1) * per_page
        body: Row = {
            member: [_as_seen(row, scopes) for row in rows[start : start + per_page]],
            "links": self._links(path, query, page, per_page, len(rows)),
            "meta": {"total": len(rows)},
        }
        return _ok(body)

    def _links(self, path: str, query: Mapping[str, str], page: int, per_page: int, total: int) -> Row:
        last = max(1, -(-total // per_page))
        pages: dict[str, int] = {}
        if page > 1:
            pages |= {"first": 1, "prev": page - 1}
        if page < last:
            pages |= {"next": page + 1, "last": last}
        if not pages:
            return {}
        urls = {name: f"{self.base_url}{path}?{urlencode({**query, 'page': n})}" for name, n in pages.items()}
        return {"pages": urls}


def _ok(body: Row) -> Reply:
    return Reply(200, json.dumps(body, separators=(",", ":")).encode())


def _need(scopes: frozenset[str], *needed: str) -> None:
    if not scopes.issuperset(needed):
        raise _RefusalError(403, "forbidden", "You are not authorized to perform this operation.")


def _not_allowed(allowed: str) -> _RefusalError:
    return _RefusalError(405, "method_not_allowed", "This method is not allowed here.", {"allow": allowed})


def _as_seen(row: Row, scopes: frozenset[str]) -> Row:
    """Return a row as a token sees it: its tags need a scope of their own."""
    return row if "tags" not in row or "tag:read" in scopes else {**row, "tags": None}


def _one_of(query: Mapping[str, str], name: str, values: Sequence[str]) -> str | None:
    """Return a parameter that has one of a few values; `None` when it is not given."""
    value = query.get(name)
    if value is not None and value not in values:
        raise _RefusalError(400, "bad_request", f"{name} must be one of {', '.join(values)}")
    return value


def _named(rows: list[Row], query: Mapping[str, str]) -> list[Row]:
    name = query.get("name")
    return rows if name is None else [row for row in rows if row["name"] == name]


def _words(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _slug(region: object) -> object:
    return region.get("slug") if isinstance(region, dict) else None


def _whole(query: Mapping[str, str], name: str, otherwise: int, most: int | None) -> int:
    text = query.get(name)
    if text is None:
        return otherwise
    # Counted first: Python refuses to read numbers of thousands of digits.
    value = int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
    if value < 1 or (most is not None and value > most):
        limits = f"between 1 and {most}" if most else "1 or more"
        raise _RefusalError(400, "bad_request", f"{name} must be {limits}")
    return value
