"""Rows of a listing to `Snapshot` records; a bad row costs that row only."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from math import isfinite
from typing import Annotated, Final, TypeVar

import msgspec

from snaptui.digitalocean.api.requests import SAFE_ID
from snaptui.model.snapshot import Snapshot

_MOMENT: Final = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})\Z")
T = TypeVar("T")


class DamageError(ValueError):
    """A field of a row that does not have the documented type."""


_Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Row(msgspec.Struct, gc=False):
    """A row as it is documented, in which nothing is damaged."""

    id: Annotated[str, msgspec.Meta(pattern=rf"^{SAFE_ID.pattern}")] | _Count
    name: str
    size_gigabytes: Annotated[float, msgspec.Meta(ge=0)]
    resource_type: str
    created_at: str | None = None
    regions: tuple[str, ...] | None = None
    min_disk_size: _Count | None = None
    resource_id: str | _Count | None = None
    tags: tuple[str, ...] | None = None


def records(rows: Iterable[Row]) -> tuple[Snapshot, ...]:
    """Return the records of sound rows."""
    return tuple(
        Snapshot(
            row.id if isinstance(row.id, str) else str(row.id),
            row.name,
            row.created_at,
            unix_seconds(row.created_at),
            row.regions or (),
            row.min_disk_size,
            row.size_gigabytes,
            None if row.resource_id in (None, "") else str(row.resource_id),
            row.resource_type,
            row.tags,
        )
        for row in rows
    )


def record(row: object, place: str) -> Snapshot:
    """Return the record of any row; `place` names one that has no usable id, `row 17 of page 3`."""
    if not isinstance(row, dict):
        return _unusable(place, f"expected an object, got {_shown(row)}")
    damage: list[str] = []

    def read(name: str, convert: Callable[[object], T], otherwise: T) -> T:
        try:
            return convert(row.get(name))
        except DamageError as error:
            damage.append(f"{name}: {error}")
            return otherwise

    created_at = read("created_at", _optional_text, None)
    return Snapshot(
        read("id", _id, f"({place})"),
        read("name", _text, ""),
        created_at,
        unix_seconds(created_at),
        read("regions", _some_words, ()),
        read("min_disk_size", _whole_number, None),
        read("size_gigabytes", _number, None),
        read("resource_id", _optional_id, None),
        read("resource_type", _text, "unknown"),
        read("tags", _words, None),
        "; ".join(damage) or None,
    )


def unix_seconds(text: str | None) -> float | None:
    """Return an ISO 8601 moment in Unix seconds; `None` for one that cannot be read, never a guess."""
    found = _MOMENT.match(text) if text else None
    if found is None:
        return None
    try:
        moment = datetime.fromisoformat(found.group(1) + found.group(2))
    except ValueError:
        return None
    return moment.timestamp() if 1970 <= moment.year < 9999 else None


def _unusable(place: str, damage: str) -> Snapshot:
    return Snapshot(f"({place})", "", None, None, (), None, None, None, "unknown", None, damage)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise DamageError(f"expected text, got {_shown(value)}")


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _optional_id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None if value in (None, "") else _text(value)


def _id(value: object) -> str:
    text = _optional_id(value)
    if text is None or not SAFE_ID.match(text):
        raise DamageError(f"expected an id, got {_shown(value)}")
    return text


def _words(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise DamageError(f"expected a list, got {_shown(value)}")
    return tuple(map(_text, value))


def _some_words(value: object) -> tuple[str, ...]:
    return _words(value) or ()


def _number(value: object) -> float | None:
    if value is None:
        raise DamageError("missing")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DamageError(f"expected a number, got {_shown(value)}")
    try:
        number = float(value)
    except OverflowError:
        raise DamageError("too large a number") from None
    if not isfinite(number) or number < 0:
        raise DamageError(f"expected a size, got {_shown(value)}")
    return number


def _whole_number(value: object) -> int | None:
    if value is None:
        return None
    number = _number(value)
    return value if isinstance(value, int) else None if number is None else int(number)
