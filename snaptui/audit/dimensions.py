"""Dimensions to group snapshots by: what each reads of a snapshot, what a group is called, the query for its rows."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from enum import StrEnum
from math import inf
from operator import attrgetter
from typing import Final

from msgspec import Struct

from snaptui.audit.calendar import Calendar, Period
from snaptui.model.family import family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceState
from snaptui.query import QueryContext
from snaptui.query.terms import Form, Value, quoted

Words = tuple[str, ...]
DAY: Final = 86_400.0
AGE_BANDS: Final[tuple[tuple[float, str, str], ...]] = (
    (7 * DAY, "under 7 days", "age<7d"),
    (30 * DAY, "7 to 30 days", "age>=7d age<30d"),
    (90 * DAY, "30 to 90 days", "age>=30d age<90d"),
    (365 * DAY, "90 days to 1 year", "age>=90d age<1y"),
    (730 * DAY, "1 to 2 years", "age>=1y age<2y"),
    (1825 * DAY, "2 to 5 years", "age>=2y age<5y"),
    (inf, "over 5 years", "age>=5y"),
)
_UPPER: Final = [band[0] for band in AGE_BANDS[:-1]]


class Dimension(StrEnum):
    """Dimensions that snapshots can be grouped by; the words are those of `--by`."""

    FAMILY = "family"
    SOURCE = "source"
    REGION = "region"
    TYPE = "type"
    TAG = "tag"
    AGE = "age"
    MONTH = "month"
    STATE = "state"


class Naming(Struct, frozen=True):
    """Name of a group, in the API's own letters, and the query that selects its rows."""

    label: str
    query: str
    state: SourceState | None = None


Buckets = Callable[[Sequence[Snapshot], QueryContext], Sequence[Hashable]]


class Reading(Struct, frozen=True):
    """Reading of snapshots by a dimension: the bucket of each, and the groups that a bucket belongs to.

    `groups_of` is `None` where each bucket is a group; with `overlaps` a snapshot may be in several.
    """

    buckets: Buckets
    naming: Callable[[Hashable, Snapshot, QueryContext], Naming]
    groups_of: Callable[[Hashable, Snapshot, QueryContext], Iterable[Hashable]] | None = None
    overlaps: bool = False


def exactly(field: str, text: str) -> str:
    """Return the term that asks for this very text in a field, `tag:=prod`."""
    return f"{field}:{Value(text, Form.EXACT)}"


def _sources(rows: Sequence[Snapshot], _context: QueryContext) -> list[Hashable]:
    return list(map(attrgetter("resource_type", "resource_id"), rows))


def _source_naming(_key: Hashable, sample: Snapshot, context: QueryContext) -> Naming:
    state = context.sources.state_of(sample)
    if sample.resource_id is None:
        return Naming("source unknown", f"source:none type:{quoted(sample.resource_type)}", state)
    name = context.sources.name_of(sample) or family_of(sample.name)
    return Naming(name, exactly("source", sample.resource_id), state)


def _states(rows: Sequence[Snapshot], context: QueryContext) -> list[Hashable]:
    return [context.sources.state_of(row) for row in rows]


def _state_naming(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Naming:
    state = SourceState(str(key))
    labels = {
        SourceState.EXISTS: "source exists",
        SourceState.GONE: "source is gone",
        SourceState.UNKNOWN: "cannot be told",
    }
    return Naming(labels[state], f"state:{state}", state)


def _families(rows: Sequence[Snapshot], _context: QueryContext) -> list[Hashable]:
    return [family_of(row.name) for row in rows]


def _ages(rows: Sequence[Snapshot], context: QueryContext) -> list[Hashable]:
    now = context.now
    return [None if row.created is None else bisect_right(_UPPER, now - row.created) for row in rows]


def _age_naming(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Naming:
    if not isinstance(key, int):
        return Naming("age unknown", "age:unknown")
    _, label, query = AGE_BANDS[key]
    return Naming(label, query)


def _months(rows: Sequence[Snapshot], _context: QueryContext) -> list[Hashable]:
    created = [row.created for row in rows]
    dated = iter(Calendar().numbers(Period.MONTHLY, [moment for moment in created if moment is not None]))
    return [None if moment is None else next(dated) for moment in created]


def _month_naming(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Naming:
    if not isinstance(key, int):
        return Naming("age unknown", "age:unknown")
    month = f"{key // 12:04d}-{key % 12 + 1:02d}"
    return Naming(month, f"month:{month}")


def _tag_naming(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Naming:
    if isinstance(key, str):
        return Naming(key, exactly("tag", key))
    return Naming("untagged", "is:untagged") if key == () else Naming("tags unknown", "tag:unknown")


def _region_naming(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Naming:
    return Naming(key, exactly("region", key)) if isinstance(key, str) else Naming("no region", "region:none")


def _words(key: Hashable, _sample: Snapshot, _context: QueryContext) -> Iterable[Hashable]:
    """Return each word of a bucket once; the bucket itself where it has none."""
    return dict.fromkeys(key) if isinstance(key, tuple) and key else (key,)


READINGS: Final[dict[Dimension, Reading]] = {
    Dimension.SOURCE: Reading(_sources, _source_naming),
    Dimension.FAMILY: Reading(_families, lambda key, _sample, _context: Naming(str(key), exactly("family", str(key)))),
    Dimension.TAG: Reading(lambda rows, _: [row.tags for row in rows], _tag_naming, _words, overlaps=True),
    Dimension.REGION: Reading(lambda rows, _: [row.regions for row in rows], _region_naming, _words, overlaps=True),
    Dimension.TYPE: Reading(
        lambda rows, _: [row.resource_type for row in rows],
        lambda key, _sample, _context: Naming(str(key), exactly("type", str(key))),
    ),
    Dimension.AGE: Reading(_ages, _age_naming),
    Dimension.MONTH: Reading(_months, _month_naming),
    Dimension.STATE: Reading(_states, _state_naming, lambda _key, sample, context: (context.sources.state_of(sample),)),
}
