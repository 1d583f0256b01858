"""Fields of a listing: the nine of the API under its own names, and what is known besides."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Final, NamedTuple

from msgspec import Struct

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH, monthly_usd
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import Place
from snaptui.text.amounts import FUTURE, age, gigabytes, usd
from snaptui.text.safe import visible

Value = str | int | float | tuple[str, ...] | None
UNKNOWN: Final = "unknown"


class Facts(Struct, frozen=True):
    """Facts beside a snapshot: the moment (Unix seconds), the price, droplets and volumes, and the whole list."""

    now: float
    usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH
    sources: Sources = Sources()
    snapshots: Snapshots | None = None

    def source_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same source, counted over the whole list."""
        return None if self.snapshots is None else self.snapshots.places.source_place(snapshot)

    def is_ahead(self, snapshot: Snapshot) -> bool:
        """Return whether a snapshot's date is in the future by the server's own clock, as far as that is known."""
        return self.snapshots is not None and self.snapshots.is_ahead(snapshot)


class Field(NamedTuple):
    """One field: its name in JSON and CSV, the short one for `--columns`, heading, value, and text for a table."""

    name: str
    short: str
    heading: str
    value: Callable[[Snapshot, Facts], Value]
    text: Callable[[Snapshot, Facts], str]
    right: bool = False
    least: int = 0
    """Least width of the column in a table; 0 when it is never cut."""
    most: int = 0
    """Greatest width of the column, beyond which longer texts stick out; 0 without a limit."""
    about_sources: bool = False
    """True when the account's droplets and volumes have to be read for it."""


class UnknownFieldError(ValueError):
    """A column that there is none of: which, and the nearest."""


def fields_named(text: str) -> tuple[Field, ...]:
    """Return the fields of `id,name,cost`, each once; raises `UnknownFieldError`."""
    chosen: dict[str, Field] = {}
    for word in (word.strip().lower() for word in text.split(",")):
        field = _BY_NAME.get(word)
        if field is None:
            near = get_close_matches(word, _BY_NAME, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(field.short for field in FIELDS)}"
            raise UnknownFieldError(f"no column {word!r}; {hint}")
        chosen[field.name] = field
    return tuple(chosen.values())


def _words(words: Sequence[str] | None) -> str:
    return "?" if words is None else " ".join(map(visible, words))


def _size(snapshot: Snapshot, _: Facts) -> str:
    return UNKNOWN if snapshot.size_gigabytes is None else gigabytes(snapshot.size_gigabytes)


def _cost(snapshot: Snapshot, facts: Facts) -> str:
    cost = monthly_usd(snapshot, facts.usd_per_gb_month)
    return "?" if cost is None else usd(cost)


def _days(snapshot: Snapshot, facts: Facts) -> Value:
    return None if snapshot.created is None else round((facts.now - snapshot.created) / 86_400, 2)


def _age(snapshot: Snapshot, facts: Facts) -> str:
    if snapshot.created is None:
        return UNKNOWN
    return FUTURE if facts.is_ahead(snapshot) else age(facts.now - snapshot.created)


def _nth(snapshot: Snapshot, facts: Facts) -> Value:
    place = facts.source_place(snapshot)
    return None if place is None else place.nth


def _of_how_many(snapshot: Snapshot, facts: Facts) -> Value:
    place = facts.source_place(snapshot)
    return None if place is None else place.of


def _shown(value: Callable[[Snapshot, Facts], Value]) -> Callable[[Snapshot, Facts], str]:
    """Return the text for a table of what has a value but no words of its own."""

    def text(snapshot: Snapshot, facts: Facts) -> str:
        shown = value(snapshot, facts)
        return "?" if shown is None else visible(str(shown))

    return text


def _plain(
    name: str,
    short: str,
    value: Callable[[Snapshot, Facts], Value],
    *,
    heading: str = "",
    right: bool = False,
    least: int = 0,
    most: int = 0,
    about_sources: bool = False,
) -> Field:
    heading = heading or short.upper()
    return Field(name, short, heading, value, _shown(value), right, least, most, about_sources)


FIELDS: Final = (
    _plain("id", "id", lambda row, _: row.id),
    Field("name", "name", "NAME", lambda row, _: row.name, lambda row, _: visible(row.name), least=16, most=64),
    _plain("resource_type", "type", lambda row, _: row.resource_type, least=7, most=16),
    Field("size_gigabytes", "size", "SIZE", lambda row, _: row.size_gigabytes, _size, right=True),
    Field(
        "monthly_usd", "cost", "$/MO", lambda row, facts: monthly_usd(row, facts.usd_per_gb_month), _cost, right=True
    ),
    Field("age_days", "age", "AGE", _days, _age, right=True),
    _plain("created_at", "created", lambda row, _: row.created_at),
    Field(
        "regions",
        "regions",
        "REGIONS",
        lambda row, _: row.regions,
        lambda row, _: _words(row.regions),
        least=8,
        most=24,
    ),
    Field(
        "tags",
        "tags",
        "TAGS",
        lambda row, _: row.tags,
        lambda row, _: _words(row.tags),
        least=8,
        most=60,
    ),
    _plain("min_disk_size", "disk", lambda row, _: row.min_disk_size, heading="DISK GB", right=True),
    _plain("resource_id", "source_id", lambda row, _: row.resource_id, heading="SOURCE ID"),
    _plain(
        "source_name", "source", lambda row, facts: facts.sources.name_of(row), least=12, most=40, about_sources=True
    ),
    _plain("source_state", "state", lambda row, facts: str(facts.sources.state_of(row)), about_sources=True),
    _plain("source_nth", "nth", _nth, right=True),
    _plain("source_count", "of", _of_how_many, right=True),
    _plain("family", "family", lambda row, _: family_of(row.name), least=12, most=40),
    _plain("damage", "damage", lambda row, _: row.damage, least=12, most=60),
)
_BY_NAME: Final = {**{field.short: field for field in FIELDS}, **{field.name: field for field in FIELDS}}
API_FIELDS: Final = tuple(
    _BY_NAME[name]
    for name in (
        "id",
        "name",
        "created_at",
        "regions",
        "min_disk_size",
        "size_gigabytes",
        "resource_id",
        "resource_type",
        "tags",
    )
)
CSV_FIELDS: Final = fields_named(
    "id,name,resource_type,size_gigabytes,monthly_usd,created_at,regions,min_disk_size,resource_id,tags"
)
TABLE_FIELDS: Final = fields_named("id,name,type,size,cost,age,regions,tags")
TERMINAL_FIELDS: Final = fields_named("name,type,size,cost,age,regions,tags,id")
