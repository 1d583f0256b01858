"""Comparison of two listings of one account: what was added, what went, what that changes in cost, by group."""

from collections.abc import Hashable, Iterable, Mapping

from msgspec import Struct

from snaptui.audit.dimensions import READINGS, Dimension
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals, monthly_cents
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext


class GroupChange(Struct, frozen=True):
    """Change of one group; `cents` is the difference in US cents a month."""

    label: str
    added: int
    gone: int
    cents: int


class Comparison(Struct, frozen=True):
    """Changes since an earlier listing. `cents` is the difference in US cents a month.

    `gone` is `None` when the newer listing is incomplete: what is not in it may still exist. With `added_unsure` the
    earlier one was incomplete: what is new here may have been there. `resized` counts snapshots of another size now,
    `size_unsure` those whose size one of the listings does not know: they change no cost.
    """

    added: Totals
    gone: Totals | None
    resized: int
    cents: int
    groups: tuple[GroupChange, ...]
    added_unsure: bool = False
    size_unsure: int = 0


class Side(Struct, frozen=True):
    """One of the listings compared: its rows that match what is asked about, and whether it is the whole account."""

    snapshots: Snapshots
    matching: RowSet
    complete: bool

    def rows(self) -> list[Snapshot]:
        """Return the rows that match."""
        rows = self.snapshots.rows
        return [rows[number] for number in self.matching]


def compare(before: Side, now: Side, dimension: Dimension, context: QueryContext) -> Comparison:
    """Return what changed; both sides are counted at today's price, so that only snapshots make a difference.

    Groups are those of `dimension`, the largest change first; those that did not change are left out.
    """
    here = now.rows()
    added = [row for row in here if row.id not in before.snapshots]
    gone = [row for row in before.rows() if row.id not in now.snapshots] if now.complete else []
    price = context.usd_per_gb_month
    both = [(row, old) for row in here if (old := before.snapshots.get(row.id)) is not None]
    sized = [(row, old) for row, old in both if None not in (row.size_gigabytes, old.size_gigabytes)]
    resized = [(row, cents) for row, old in sized if (cents := _cents(row, price) - _cents(old, price))]
    unsized = [row for row, old in both if (row.size_gigabytes is None) is not (old.size_gigabytes is None)]
    changes = [
        *((row, 1, 0, _cents(row, price)) for row in added),
        *((row, 0, 1, -_cents(row, price)) for row in gone),
        *((row, 0, 0, cents) for row, cents in resized),
    ]
    return Comparison(
        Totals.of(added, price),
        Totals.of(gone, price) if now.complete else None,
        len(resized),
        sum(cents for *_, cents in changes),
        _by_group(changes, dimension, context),
        added_unsure=not before.complete,
        size_unsure=len(unsized),
    )


def _cents(row: Snapshot, price: float) -> int:
    return monthly_cents(row, price) or 0


def _by_group(
    changes: Iterable[tuple[Snapshot, int, int, int]], dimension: Dimension, context: QueryContext
) -> tuple[GroupChange, ...]:
    found: dict[str, GroupChange] = {}
    changes = list(changes)
    keys = READINGS[dimension].buckets([row for row, *_ in changes], context)
    for (row, added, gone, cents), bucket in zip(changes, keys, strict=True):
        for label in _labels(bucket, row, dimension, context):
            before = found.get(label, GroupChange(label, 0, 0, 0))
            found[label] = GroupChange(label, before.added + added, before.gone + gone, before.cents + cents)
    return tuple(sorted(found.values(), key=lambda change: (-abs(change.cents), change.label)))


def _labels(bucket: Hashable, row: Snapshot, dimension: Dimension, context: QueryContext) -> Iterable[str]:
    reading = READINGS[dimension]
    groups: Mapping[Hashable, None] = dict.fromkeys(
        (bucket,) if reading.groups_of is None else reading.groups_of(bucket, row, context)
    )
    return [reading.naming(key, row, context).label for key in groups]
