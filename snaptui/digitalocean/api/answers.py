"""Readers of answers: JSON bodies to records; any other shape raises `UnreadableAnswerError`."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Final, TypeVar

import msgspec

from snaptui.digitalocean.api.errors import UnreadableAnswerError, inert
from snaptui.digitalocean.api.lenient import lenient_json, mended
from snaptui.digitalocean.api.moments import http_date, unix_seconds
from snaptui.digitalocean.api.requests import Answer, FetchedSnapshot, Identified, Page
from snaptui.digitalocean.api.rows import Row, record, records
from snaptui.model.account import Account
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import AutoscalePool, Resource

T = TypeVar("T")
R = TypeVar("R", bound=Identified)
LARGEST_TOTAL: Final = 2**63 - 1
NO_CONTENT: Final = 204


class _Meta(msgspec.Struct, gc=False):
    total: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_TOTAL)]


class _PageLinks(msgspec.Struct, gc=False):
    next: str | None = None


class _Links(msgspec.Struct, gc=False):
    # Only asked whether there is a next page. A link names a host: following it could hand the token to another.
    pages: _PageLinks | None = None


class _SoundPage(msgspec.Struct, gc=False):
    snapshots: list[Row]
    meta: _Meta
    links: _Links | None = None


_SOUND_PAGE: Final = msgspec.json.Decoder(_SoundPage)


def read_page(answer: Answer, page: int) -> Page[Snapshot]:
    """Return the page's rows; raises `UnreadableAnswerError` for another shape."""
    try:
        sound = _SOUND_PAGE.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_list(answer, "snapshots", lambda row, number: record(row, f"row {number} of page {page}"))
    more = bool(sound.links and sound.links.pages and sound.links.pages.next)
    return Page(records(sound.snapshots), sound.meta.total, more, _server_now(answer))


def read_droplets(answer: Answer) -> Page[Resource]:
    """Return a page of droplets."""
    return _read_list(answer, "droplets", lambda row, _: _resource(answer, "droplets", row))


def read_volumes(answer: Answer) -> Page[Resource]:
    """Return a page of volumes."""
    return _read_list(answer, "volumes", lambda row, _: _resource(answer, "volumes", row))


def read_autoscale_pools(answer: Answer) -> Page[AutoscalePool]:
    """Return a page of autoscale pools."""
    return _read_list(answer, "autoscale_pools", lambda row, _: _pool(answer, row))


def _read_list(answer: Answer, member: str, read: Callable[[object, int], R]) -> Page[R]:
    """Read a page row by row; `read` gets the row and its number from 1."""
    body = _object(answer)
    rows = _member(answer, body, member, list)
    return Page(
        tuple(read(row, n) for n, row in enumerate(rows, 1)), _total(answer, body), _more(body), _server_now(answer)
    )


def _resource(answer: Answer, member: str, row: object) -> Resource:
    row = row if isinstance(row, dict) else {}
    created, tags = row.get("created_at"), row.get("tags")
    return Resource(
        _id(answer, member, row),
        _text(row, "name") or "",
        unix_seconds(created if isinstance(created, str) else None),
        tuple(mended(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else None,
        _image_id(row.get("image")),
    )


def _pool(answer: Answer, row: object) -> AutoscalePool:
    row = row if isinstance(row, dict) else {}
    template = row.get("droplet_template")
    template = template if isinstance(template, dict) else {}
    return AutoscalePool(
        _id(answer, "autoscale_pools", row),
        _text(row, "name") or "",
        _text(template, "name"),
        _image_id(template.get("image")),
    )


def _id(answer: Answer, member: str, row: Mapping[str, object]) -> str:
    # By the reference a droplet's id is a whole number, and the `resource_id` of its snapshots a text.
    row_id = row.get("id")
    if isinstance(row_id, bool) or not isinstance(row_id, int | str):
        raise _unreadable(answer, f"an entry of {member} has no id")
    return mended(str(row_id))


def _image_id(image: object) -> str | None:
    """Return the id of an image, which stands for itself or in an object."""
    image_id = image.get("id") if isinstance(image, dict) else image
    return mended(str(image_id)) if isinstance(image_id, int | str) and not isinstance(image_id, bool) else None


def _text(of: Mapping[str, object], name: str) -> str | None:
    value = of.get(name)
    return mended(value) if isinstance(value, str) else None


def _server_now(answer: Answer) -> float | None:
    return http_date(answer.headers.get("date"))


def read_snapshot(answer: Answer, wanted: str) -> FetchedSnapshot:
    """Return the snapshot; one with another id than was asked for is unreadable."""
    row = _member(answer, _object(answer), "snapshot", dict)
    snapshot = record(row, "the answer")
    if snapshot.id != wanted:
        raise _unreadable(answer, f"it describes {inert(snapshot.id)} instead of {wanted}")
    return FetchedSnapshot(snapshot, mended(json.dumps(row, ensure_ascii=False)))


def read_account(answer: Answer) -> Account:
    """Return the account behind the token."""
    account = _member(answer, _object(answer), "account", dict)
    team = account.get("team")
    team = team if isinstance(team, dict) else {}
    uuid = _text(account, "uuid")
    if not uuid:
        raise _unreadable(answer, "account.uuid is missing")
    return Account(
        uuid,
        _text(account, "email") or "?",
        _text(account, "status") or "?",
        _text(team, "uuid"),
        _text(team, "name"),
        _text(account, "status_message") or None,
    )


def check_deleted(answer: Answer) -> None:
    """Raise `UnreadableAnswerError` for an answer that the API never gives to a DELETE: a proxy may have given it."""
    if answer.status != NO_CONTENT:
        raise _unreadable(answer, f"a DELETE was answered by {answer.status} instead of {NO_CONTENT}")


def _unreadable(answer: Answer, why: str) -> UnreadableAnswerError:
    kind = answer.headers.get("content-type", "").partition(";")[0] or "no content type"
    return UnreadableAnswerError(
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
        try:
            body = lenient_json(answer.body)
        except ValueError:
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
    if isinstance(total, bool) or not isinstance(total, int | float) or not total >= 0 or total != total // 1:
        raise _unreadable(answer, "meta.total is missing")
    return int(min(total, LARGEST_TOTAL))


def _more(body: Mapping[str, object]) -> bool:
    links = body.get("links")
    pages = links.get("pages") if isinstance(links, dict) else None
    return bool(pages.get("next")) if isinstance(pages, dict) else False
