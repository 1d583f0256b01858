"""What snapshots cost."""

from collections.abc import Iterable
from math import fsum
from typing import Final

from msgspec import Struct

from snaptui.model.snapshot import Snapshot

# docs.digitalocean.com, products/images/snapshots/details/pricing
DEFAULT_USD_PER_GB_MONTH: Final = 0.06
MINIMUM_MONTHLY_USD: Final = 0.01
_MOST_CENTS: Final = 1e15
_HALF: Final = 0.500_000_001
"""A half, and what a product that is exactly half a cent may lose in binary: 2.25 GB at $0.06 are 13.5 cents."""


def monthly_usd(snapshot: Snapshot, usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> float | None:
    """Return what a snapshot costs per month in US dollars, unrounded; `None` when its size is unknown."""
    if snapshot.size_gigabytes is None:
        return None
    return max(MINIMUM_MONTHLY_USD, snapshot.size_gigabytes * usd_per_gb_month)


def monthly_cents(snapshot: Snapshot, usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> int | None:
    """Return what a snapshot costs per month in whole US cents, half up, at least 1; `None` when its size is unknown.

    Every total is the sum of these, so that a sum is what the lines above it add up to.
    """
    size = snapshot.size_gigabytes
    if size is None:
        return None
    cents = size * usd_per_gb_month * 100
    return max(1, int(min(cents, _MOST_CENTS) + _HALF))


class Totals(Struct, frozen=True):
    """Count, gigabytes and US dollars per month; `unsized` snapshots of the count are in neither sum."""

    count: int
    gigabytes: float
    monthly_usd: float
    unsized: int = 0

    @classmethod
    def of(cls, snapshots: Iterable[Snapshot], usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH) -> "Totals":
        """Sum up the given snapshots."""
        sizes: list[float] = []
        unsized = 0
        for snapshot in snapshots:
            if snapshot.size_gigabytes is None:
                unsized += 1
            else:
                sizes.append(snapshot.size_gigabytes)
        usd = fsum(max(MINIMUM_MONTHLY_USD, size * usd_per_gb_month) for size in sizes)
        return cls(len(sizes) + unsized, fsum(sizes), usd, unsized)

    def plus(self, other: "Totals", sign: int = 1) -> "Totals":
        """Return these totals with others added, or taken away when `sign` is -1."""
        count = self.count + sign * other.count
        if count == 0:
            return Totals(0, 0.0, 0.0)
        return Totals(
            count,
            self.gigabytes + sign * other.gigabytes,
            self.monthly_usd + sign * other.monthly_usd,
            self.unsized + sign * other.unsized,
        )
