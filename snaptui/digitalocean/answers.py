"""Answers turned into data, or into `UnreadableAnswerError` for another shape."""

import json
from collections.abc import Mapping
from typing import Annotated, Final, TypeVar

import msgspec

from snaptui.digitalocean.decoding import Row, RowDecoder
from snaptui.digitalocean.errors import UnreadableAnswerError, inert
from snaptui.digitalocean.protocol import Answer, FetchedSnapshot, Page, PoolPage, ResourcePage
from snaptui.model.account import Account

LONGEST_NUMBER_DIGITS: Final = 40
T = TypeVar("T")


class _Meta(msgspec.Struct, gc=False):
    total: Annotated[int, msgspec.Meta(ge=0)]


class _Listing(msgspec.Struct):
    snapshots: list[Row]
    meta: _Meta


class _Single(msgspec.Struct):
    snapshot: msgspec.Raw


_LISTING: Final = msgspec.json.Decoder(_Listing)
_SINGLE: Final = msgspec.json.Decoder(_Single)
_NOT_AS_DOCUMENTED: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def read_page(answer: Answer, decoder: RowDecoder, page: int) -> Page:
    """Return the page's rows; raises `UnreadableAnswerError` for another shape.

    A page that is all as documented is decoded at once, four times faster than row by row.
    """
    try:
        listing = _LISTING.decode(answer.body)
    except _NOT_AS_DOCUMENTED:
        return _page_with_damage(answer, decoder, page)
    return Page(decoder.records(listing.snapshots), listing.meta.total)


def _page_with_damage(answer: Answer, decoder: RowDecoder, page: int) -> Page:
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
    try:
        raw = str(bytes(_SINGLE.decode(answer.body).snapshot), "utf-8")
    except _NOT_AS_DOCUMENTED:
        raw = json.dumps(row)
    return FetchedSnapshot(snapshot, raw)


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
    rows = _member(answer, body, member, list)
    for row in rows:
        row_id = row.get("id") if isinstance(row, dict) else None
        if isinstance(row_id, bool) or not isinstance(row_id, int | str):
            raise _unreadable(answer, f"an entry of {member} has no id")
        name = row.get("name")
        names[str(row_id)] = name if isinstance(name, str) else ""
    return ResourcePage(names, len(rows), _total(answer, body))


def read_autoscale_images(answer: Answer) -> PoolPage:
    """Return the images that a page of autoscale pools starts droplets from; every pool must be readable."""
    body = _object(answer)
    pools = _member(answer, body, "autoscale_pools", list)
    images: set[str] = set()
    for pool in pools:
        template = pool.get("droplet_template") if isinstance(pool, dict) else None
        image = template.get("image") if isinstance(template, dict) else None
        if isinstance(image, bool) or not isinstance(image, int | str):
            raise _unreadable(answer, "an autoscale pool names no image")
        images.add(str(image))
    return PoolPage(frozenset(images), len(pools), _total(answer, body))


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
        body = _lenient(answer.body)
    except (ValueError, RecursionError):
        raise _unreadable(answer, "it is not JSON, or cut off") from None
    if not isinstance(body, dict):
        raise _unreadable(answer, "it is not a JSON object")
    return body


def _lenient(body: bytes) -> object:
    """Decode JSON; one wrong byte, half a character or a number without end spoils its own field only."""
    try:
        return msgspec.json.decode(body)
    except _NOT_AS_DOCUMENTED:
        return json.loads(body.decode("utf-8", "replace"), parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_NUMBER_DIGITS else float(digits)


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
