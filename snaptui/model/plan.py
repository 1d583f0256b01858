"""What is about to be deleted, frozen at the moment it was looked at."""

from dataclasses import dataclass

from snaptui.model.account import Account
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Plan:
    """The exact snapshots a user reviewed, and where they were seen.

    `items` hold each snapshot as it was when looked at; nothing that happens later changes them.
    `account` is `None` when the token may not read it. `created` is in Unix seconds.
    """

    id: str
    created: float
    api_url: str
    account: Account | None
    query: str
    items: tuple[Snapshot, ...]
    hidden_by_filter: int = 0

    @property
    def totals(self) -> Totals:
        """Count, size and monthly cost of everything in the plan."""
        return Totals.of(self.items)
