"""A batch of deletions and how far it has come: values, replaced as things happen."""

from collections import Counter
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.plan import Plan
from snaptui.model.snapshot import Snapshot


class Outcome(StrEnum):
    """How an item ended; every item ends in exactly one of these."""

    DELETED = "deleted"
    ALREADY_GONE = "already gone"
    CHANGED = "changed, skipped"
    PROTECTED = "protected"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


GONE = frozenset({Outcome.DELETED, Outcome.ALREADY_GONE})


class Item(Struct, frozen=True):
    """One snapshot of the plan; `outcome` is `None` until it has ended, `sending` while its DELETE is under way."""

    snapshot: Snapshot
    outcome: Outcome | None = None
    reason: str = ""
    request_id: str | None = None
    sending: bool = False


class Phase(StrEnum):
    """What a job is doing."""

    GRACE = "grace"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"


class Job(Struct, frozen=True):
    """A confirmed plan under way. Times are Unix seconds."""

    id: str
    plan: Plan
    items: tuple[Item, ...]
    phase: Phase = Phase.GRACE
    starts_at: float = 0.0
    started: float | None = None
    ended: float | None = None
    stopped_by: str = ""
    waits_until: float = 0.0
    """When the rate limit frees the next request, as the server said."""

    @classmethod
    def of(cls, plan: Plan, starts_at: float) -> "Job":
        """Return a job that has not begun."""
        return cls(plan.id, plan, tuple(Item(snapshot) for snapshot in plan.items), starts_at=starts_at)

    @property
    def finished(self) -> bool:
        """True when every item has an outcome."""
        return all(item.outcome is not None for item in self.items)

    @property
    def counts(self) -> Counter[Outcome]:
        """How many items ended in which way."""
        return Counter(item.outcome for item in self.items if item.outcome is not None)

    @property
    def done(self) -> int:
        """How many items have ended."""
        return sum(item.outcome is not None for item in self.items)

    @property
    def gone_ids(self) -> frozenset[str]:
        """The ids of what no longer exists."""
        return frozenset(item.snapshot.id for item in self.items if item.outcome in GONE)

    @property
    def failed(self) -> bool:
        """True when something that was confirmed still exists, or may."""
        return any(item.outcome not in GONE for item in self.items if item.outcome is not None)

    def rate(self, now: float) -> float:
        """Return the items ended per second so far."""
        seconds = (self.ended or now) - self.started if self.started is not None else 0.0
        return self.done / seconds if seconds > 0 else 0.0

    def with_item(self, position: int, item: Item) -> "Job":
        """Return the job with one item replaced."""
        return replace(self, items=(*self.items[:position], item, *self.items[position + 1 :]))
