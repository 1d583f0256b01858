"""Columns of the table: what each says of a snapshot, and which fit a width."""

from collections.abc import Callable
from math import inf
from typing import Final

from msgspec import Struct

from snaptui.inventory.orders import Sort, SortKey
from snaptui.model.cost import monthly_usd
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState
from snaptui.text.amounts import FUTURE, age, count, day, gigabytes_in, usd_in
from snaptui.text.cells import ELLIPSIS, cell_width, pad, shorten_middle
from snaptui.text.safe import visible

NARROW: Final = 100
# One cell for the mark, one for what is notable, one between them and the name.
SIGNS: Final = 3
UNKNOWN: Final = "unknown"
LEAST_NAME: Final = 6


class Terms(Struct, frozen=True):
    """Facts that columns need beside the snapshot: the time (Unix seconds), the price, and the sources.

    Dates after `believed_until` (Unix seconds) are in the future by the server's own clock.
    """

    now: float
    usd_per_gb_month: float
    sources: Sources = Sources()
    believed_until: float = inf


class Column(Struct, frozen=True):
    """One column: its sort key, heading, least width, share of spare width, and its text.

    It is there from `from_width` cells on; where there is still too little room, columns go in order of `drop`, the
    highest first. `most` is what it may grow to.
    """

    key: SortKey
    heading: str
    width: int
    text: Callable[[Snapshot, Terms, int], str]
    drop: int
    grow: int = 0
    most: int = 0
    right: bool = False
    from_width: int = 0


def _name(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    return shorten_middle(visible(snapshot.name), width)


def _type(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    return shorten_middle(visible(snapshot.resource_type), width)


def _size(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    return UNKNOWN if snapshot.size_gigabytes is None else gigabytes_in(snapshot.size_gigabytes, width)


def _cost(snapshot: Snapshot, terms: Terms, width: int) -> str:
    cost = monthly_usd(snapshot, terms.usd_per_gb_month)
    return "?" if cost is None else usd_in(cost, width)


def _age(snapshot: Snapshot, terms: Terms, _width: int) -> str:
    if snapshot.created is None:
        return UNKNOWN
    return FUTURE if snapshot.created > terms.believed_until else age(terms.now - snapshot.created)


def _created(snapshot: Snapshot, _terms: Terms, _width: int) -> str:
    return UNKNOWN if snapshot.created is None else day(snapshot.created)


def _source(snapshot: Snapshot, terms: Terms, width: int) -> str:
    name, state = terms.sources.name_of(snapshot), terms.sources.state_of(snapshot)
    if name:
        return shorten_middle(visible(name), width)
    return "gone" if state is SourceState.GONE else "?"


def _id(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    return shorten_middle(visible(snapshot.id), width)


def _regions(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    return as_many_as_fit(snapshot.regions, width)


def _tags(snapshot: Snapshot, _terms: Terms, width: int) -> str:
    if snapshot.tags is None:
        return "?"
    text = as_many_as_fit(snapshot.tags, width)
    # A tag cut down to a few letters says less than how many there are.
    return text if ELLIPSIS not in text or width >= 12 else count(len(snapshot.tags), "tag")


def as_many_as_fit(words: tuple[str, ...], width: int) -> str:
    """Return the words that fit into `width` cells and `+n` for the others."""
    texts = [visible(word) for word in words]
    for shown in range(len(texts), 0, -1):
        more = f" +{len(texts) - shown}" if shown < len(texts) else ""
        text = " ".join(texts[:shown]) + more
        if cell_width(text) <= width:
            return text
    return shorten_middle(texts[0], max(1, width - len(more))) + more if texts else ""


COLUMNS: Final = (
    Column(SortKey.NAME, "NAME", 20, _name, 0, grow=6, most=60),
    Column(SortKey.TYPE, "TYPE", 7, _type, 4),
    Column(SortKey.SIZE, "SIZE", 9, _size, 3, grow=1, most=12, right=True),
    Column(SortKey.COST, "$/MO", 6, _cost, 1, grow=1, most=8, right=True),
    Column(SortKey.AGE, "AGE", 9, _age, 2, right=True),
    Column(SortKey.REGIONS, "REGIONS", 9, _regions, 5, grow=2, most=24),
    Column(SortKey.TAGS, "TAGS", 6, _tags, 6, grow=3, most=40),
)
# Where there is room for them; the table shows them in another order, see `ALL_COLUMNS`.
MORE_COLUMNS: Final = (
    Column(SortKey.CREATED, "CREATED", 10, _created, 8, from_width=130),
    Column(SortKey.SOURCE, "SOURCE", 12, _source, 7, grow=2, most=24, from_width=110),
    Column(SortKey.ID, "ID", 9, _id, 9, grow=2, most=36, from_width=140),
)
_CREATED, _SOURCE, _ID = MORE_COLUMNS
ALL_COLUMNS: Final = (*COLUMNS[:5], _CREATED, _SOURCE, *COLUMNS[5:], _ID)


class Layout(Struct, frozen=True):
    """The columns that fit a width, each with the width it has there."""

    columns: tuple[tuple[Column, int], ...]
    gap: str

    @classmethod
    def of(cls, width: int) -> "Layout":
        """Drop columns until the rest fits, then hand out what is left."""
        gap = 1 if width < NARROW else 2
        columns = [column for column in ALL_COLUMNS if width >= column.from_width]
        while len(columns) > 2 and _needed(columns, gap) > width:
            columns.remove(max(columns, key=lambda column: column.drop))
        if (lacking := _needed(columns, gap) - width) > 0:
            name, cost = columns
            return cls._of_last(name, cost, lacking, " " * gap)
        widths = {column.key: column.width for column in columns}
        spare = width - _needed(columns, gap)
        while spare > 0:
            growing = [c for c in columns if c.grow and widths[c.key] < c.most]
            if not growing:
                break
            for column in growing:
                step = min(spare, column.grow, column.most - widths[column.key])
                widths[column.key] += step
                spare -= step
        return cls(tuple((column, widths[column.key]) for column in columns), " " * gap)

    @classmethod
    def _of_last(cls, name: Column, cost: Column, lacking: int, gap: str) -> "Layout":
        """Shorten names beside the cost; where nothing would be left of them, show only names."""
        if (name_width := name.width - lacking) >= LEAST_NAME:
            return cls(((name, name_width), (cost, cost.width)), gap)
        return cls(((name, max(1, name_width + len(gap) + cost.width)),), "")

    @property
    def keys(self) -> tuple[SortKey, ...]:
        """The keys of the columns, from the left."""
        return tuple(column.key for column, _ in self.columns)

    def at(self, cell: int) -> SortKey | None:
        """Return the key of the column at a cell of the line, counted from 0 with the signs; `None` beside them."""
        start = SIGNS
        for column, width in self.columns:
            if start <= cell < start + width:
                return column.key
            start += width + len(self.gap)
        return None

    def row(self, snapshot: Snapshot, terms: Terms) -> str:
        """Return a snapshot's cells as one text, without the signs in front."""
        cells = (pad(column.text(snapshot, terms, width), width, right=column.right) for column, width in self.columns)
        return self.gap.join(cells)

    def heading(self, sort: Sort) -> list[tuple[str, bool]]:
        """Return each heading padded to its column, and whether the list is sorted by it."""
        arrow = "↓" if sort.descending else "↑"
        headings = []
        for column, width in self.columns:
            sorted_by = column.key is sort.key
            text = f"{column.heading} {arrow}" if sorted_by else column.heading
            headings.append((pad(text, width, right=column.right), sorted_by))
        return headings


def _needed(columns: list[Column], gap: int) -> int:
    return SIGNS + sum(column.width for column in columns) + gap * (len(columns) - 1)
