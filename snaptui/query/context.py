"""Query context: the facts beside the snapshot that a query is judged with, such as time, marks and sources."""

from collections.abc import Collection
from typing import Protocol

from msgspec import Struct, field

from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources


class Place(Struct, frozen=True):
    """The place of a snapshot among those it belongs to.

    `nth` is 1 for the newest and `None` where the snapshot has no date that can be believed; `of` counts all of them;
    `doubtful` is true when another one has a date that cannot be: then nobody can tell that this one is not the newest.
    """

    nth: int | None
    of: int
    doubtful: bool = False

    @property
    def is_latest(self) -> bool | None:
        """True for the newest."""
        return True if self.nth == 1 else None if self.nth is None or self.doubtful else False


class Places(Protocol):
    """Interface of a list that knows the places of its snapshots."""

    def source_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same source."""
        ...

    def family_place(self, snapshot: Snapshot) -> Place | None:
        """Return the place among the snapshots of the same name family."""
        ...

    def same_day(self, snapshot: Snapshot) -> bool | None:
        """Return whether another of the same source and day (UTC) is newer; `None` when that is not known."""
        ...

    def growth(self, snapshot: Snapshot) -> float | None:
        """Return the size against the median of the older ones of the source, 1 where fewer than three are older."""
        ...

    def without(self, ids: Collection[str]) -> "Places":
        """Return the places as they are once the snapshots with these ids are gone."""
        ...


class QueryContext(Struct, frozen=True):
    """The moment `now` in Unix seconds, the marked ids, the whole list, the sources, the price."""

    now: float
    marked: Collection[str] = frozenset()
    places: Places | None = None
    sources: Sources = field(default_factory=Sources)
    usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH
