"""What the API answers: requests to status and body, as the reference describes. No I/O."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlencode
from uuid import uuid4

from snaptui.demo.account import DemoAccount, Row

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
MOST_DIGITS: Final = 18
REFRESH_PREFIX: Final = "dor_v1_"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer before it is written."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class _RefusalError(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, error_id: str, message: str) -> None:
        super().__init__(message)
        self.reply = refusal(status, error_id, message)


def refusal(status: int, error_id: str, message: str) -> Reply:
    """Return an error in the API's form."""
    request_id = str(uuid4())
    body = {"id": error_id, "message": message, "request_id": request_id}
    return Reply(status, json.dumps(body).encode(), headers={"x-request-id": request_id})


@dataclass(slots=True)
class DemoApi:
    """Answers requests from an account; `scopes` maps each valid token to what it may do."""

    account: DemoAccount
    base_url: str = ""
    scopes: Mapping[str, frozenset[str]] = field(default_factory=lambda: {DEMO_TOKEN: ALL_SCOPES})

    def scopes_of(self, authorization: str) -> frozenset[str] | None:
        """Return what the Authorization header allows; `None` when it is not valid, as refresh tokens never are."""
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
            "/v2/volumes": lambda: self._list(
                "volumes", self.account.volumes, path, query, scopes, "block_storage:read"
            ),
            "/v2/droplets/autoscale": lambda: self._list(
                "autoscale_pools", self.account.autoscale_pools, path, query, scopes, "droplet:read"
            ),
        }
        if path not in routes:
            raise _RefusalError(404, "not_found", "The resource you were accessing could not be found.")
        if method != "GET":
            raise _RefusalError(405, "method_not_allowed", "This method is not allowed here.")
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
            raise _RefusalError(405, "method_not_allowed", "This method is not allowed here.")
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
        wanted = query.get("resource_type")
        if wanted not in (None, "droplet", "volume"):
            raise _RefusalError(400, "bad_request", "resource_type must be droplet or volume")
        rows = self.account.rows(wanted)
        return self._list(
            "snapshots", rows, "/v2/snapshots", query, scopes, "snapshot:read", lambda row: _as_seen(row, scopes)
        )

    def _droplets(self, query: Mapping[str, str], scopes: frozenset[str]) -> Reply:
        rows = self.account.gpu_droplets if query.get("type") == "gpus" else self.account.droplets
        return self._list("droplets", rows, "/v2/droplets", query, scopes, "droplet:read")

    def _list(
        self,
        member: str,
        rows: list[Row],
        path: str,
        query: Mapping[str, str],
        scopes: frozenset[str],
        scope: str,
        seen: Callable[[Row], Row] = lambda row: row,
    ) -> Reply:
        _need(scopes, scope)
        page = _whole(query, "page", 1, None)
        per_page = _whole(query, "per_page", DEFAULT_PER_PAGE, MOST_PER_PAGE)
        start = (page - 1) * per_page
        body: Row = {
            member: [seen(row) for row in rows[start : start + per_page]],
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


def _as_seen(row: Row, scopes: frozenset[str]) -> Row:
    return row if "tag:read" in scopes else {**row, "tags": None}


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
