"""Monthly cost of snapshots, in whole US cents."""

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from snaptui.model.snapshot import Snapshot

# docs.digitalocean.com, products/images/snapshots/details/pricing
DEFAULT_USD_PER_GB_MONTH: Final = 0.06
_MOST_CENTS: Final = 1e15
_HALF: Final = 0.500_000_001
"""A half, and what a product that is exactly half a cent may lose in binary: 2.25 GB at $0.06 are 13.5 cents."""


def cents_of(size_gigabytes: float, usd_per_gb_month: float) -> int:
    """Return the monthly cost of one size in whole US cents: rounded half up, at least 1."""
    return max(1, int(min(size_gigabytes * usd_per_gb_month * 100, _MOST_CENTS) + _HALF))


def cents_of_each(sizes: Sequence[float], usd_per_gb_month: float) -> list[int]:
    """Return the monthly cost of each of many sizes in whole US cents, three times as fast as one by one."""
    if max(sizes, default=0.0) * usd_per_gb_month * 100 > _MOST_CENTS:
        return [cents_of(size, usd_per_gb_month) for size in sizes]
    return [int(size * usd_per_gb_month * 100 + _HALF) or 1 for size in sizes]


def monthly_cents(snapshot: Snapshot, usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> int | None:
    """Return the monthly cost of a snapshot in whole US cents; `None` when its size is unknown.

    Every total adds these up, so that it equals the sum of the amounts shown above it.
    """
    size = snapshot.size_gigabytes
    return None if size is None else cents_of(size, usd_per_gb_month)


def monthly_usd(snapshot: Snapshot, usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> float | None:
    """Return the monthly cost of a snapshot in US dollars, to the cent; `None` when its size is unknown."""
    cents = monthly_cents(snapshot, usd_per_gb_month)
    return None if cents is None else cents / 100


class Totals(Struct, frozen=True):
    """Count, gigabytes and US cents per month; `unsized` snapshots of the count are in neither sum."""

    count: int = 0
    gigabytes: float = 0.0
    cents: int = 0
    unsized: int = 0

    @property
    def monthly_usd(self) -> float:
        """The cost in US dollars per month."""
        return self.cents / 100

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot], usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> "Totals":
        """Return the totals of the given snapshots."""
        sizes: list[float] = []
        unsized = 0
        for snapshot in snapshots:
            if snapshot.size_gigabytes is None:
                unsized += 1
            else:
                sizes.append(snapshot.size_gigabytes)
        cents = sum(cents_of(size, usd_per_gb_month) for size in sizes)
        return cls(len(sizes) + unsized, sum(sizes), cents, unsized)

    def plus(self, other: "Totals", sign: int = 1) -> "Totals":
        """Return these totals with others added, or taken away when `sign` is -1."""
        count = self.count + sign * other.count
        if count == 0:
            return Totals()
        return Totals(
            count,
            self.gigabytes + sign * other.gigabytes,
            self.cents + sign * other.cents,
            self.unsized + sign * other.unsized,
        )
