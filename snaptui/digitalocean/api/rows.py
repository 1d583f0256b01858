"""Rows of the list of snapshots to `Snapshot` records; a damaged row is kept, and never deleted (`deletion/guards`)."""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Annotated, Final, TypeVar

import msgspec

from snaptui.digitalocean.api.lenient import is_sound
from snaptui.digitalocean.api.moments import is_usual, unix_seconds
from snaptui.digitalocean.api.requests import SAFE_ID
from snaptui.model.snapshot import LARGEST_GIGABYTES, Snapshot

T = TypeVar("T")


class DamageError(ValueError):
    """A field of a row that does not have the documented type."""


_LARGEST_COUNT: Final = 2**63 - 1
_Count = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST_COUNT)]


class Row(msgspec.Struct, gc=False):
    """A row as it is documented, in which nothing is damaged."""

    # The reference has texts for ids. Recorded answers in the tests of python-digitalocean and libcloud have whole
    # numbers, too, `resource_id: null`, no `tags` at all, and sizes without decimals.
    id: Annotated[str, msgspec.Meta(pattern=rf"^{SAFE_ID.pattern}")] | _Count
    name: str
    size_gigabytes: Annotated[float, msgspec.Meta(ge=0, le=LARGEST_GIGABYTES)]
    resource_type: str
    created_at: str | None = None
    regions: tuple[str, ...] | None = None
    min_disk_size: _Count | None = None
    resource_id: str | _Count | None = None
    tags: tuple[str, ...] | None = None


def records(rows: Iterable[Row]) -> tuple[Snapshot, ...]:
    """Return the records of sound rows."""
    return tuple(map(_sound_record, rows))


def _sound_record(row: Row) -> Snapshot:
    text = row.created_at
    created = unix_seconds(text)
    return Snapshot(
        row.id if isinstance(row.id, str) else str(row.id),
        row.name,
        # Told again by the moment: making that text for every row to compare them takes 50 ms for 50,000.
        None if text and created is not None and is_usual(text) else text,
        created,
        row.regions or (),
        row.min_disk_size,
        row.size_gigabytes,
        None if row.resource_id in (None, "") else str(row.resource_id),
        row.resource_type,
        row.tags,
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
        read("size_gigabytes", _size, None),
        read("resource_id", _optional_id, None),
        read("resource_type", _text, "unknown"),
        read("tags", _words, None),
        "; ".join(damage) or None,
    )


def _unusable(place: str, damage: str) -> Snapshot:
    return Snapshot(f"({place})", "", None, None, (), None, None, None, "unknown", None, damage)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _text(value: object) -> str:
    if isinstance(value, str):
        if is_sound(value):
            return value
        raise DamageError("a text that is not Unicode")
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


def _size(value: object) -> float | None:
    number = _number(value)
    if number is not None and number > LARGEST_GIGABYTES:
        raise DamageError(f"too large a number, {_shown(value)}")
    return number


def _whole_number(value: object) -> int | None:
    if value is None:
        return None
    number = value if isinstance(value, int) and _number(value) is not None else int(_number(value) or 0)
    if number > _LARGEST_COUNT:
        raise DamageError(f"too large a number, {_shown(value)}")
    return number
