"""Answers turned into data, or into `UnreadableAnswerError` for another shape."""

import json
from collections.abc import Mapping
from typing import Annotated, Final, TypeVar

import msgspec

from snaptui.digitalocean.api.errors import UnreadableAnswerError, inert
from snaptui.digitalocean.api.requests import Answer, FetchedSnapshot, Page, ResourcePage
from snaptui.digitalocean.api.rows import Row, record, records
from snaptui.model.account import Account

T = TypeVar("T")


class _Meta(msgspec.Struct, gc=False):
    total: Annotated[int, msgspec.Meta(ge=0)]


class _SoundPage(msgspec.Struct, gc=False):
    snapshots: list[Row]
    meta: _Meta


_SOUND_PAGE: Final = msgspec.json.Decoder(_SoundPage)


def read_page(answer: Answer, page: int) -> Page:
    """Return the page's rows; raises `UnreadableAnswerError` for another shape."""
    try:
        sound = _SOUND_PAGE.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _read_damaged_page(answer, page)
    return Page(records(sound.snapshots), sound.meta.total)


def _read_damaged_page(answer: Answer, page: int) -> Page:
    """Read row by row, to say which fields are wrong."""
    body = _object(answer)
    rows = _member(answer, body, "snapshots", list)
    decoded = tuple(record(row, f"row {n} of page {page}") for n, row in enumerate(rows, 1))
    return Page(decoded, _total(answer, body))


def read_snapshot(answer: Answer, wanted: str) -> FetchedSnapshot:
    """Return the snapshot; one with another id than was asked for is unreadable."""
    row = _member(answer, _object(answer), "snapshot", dict)
    snapshot = record(row, "the answer")
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
