"""A batch of deletions: its items, its state and what may happen to it. Values, replaced as things happen."""

from collections import Counter
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.items import GONE, RETRIED, Item, Items, Outcome
from snaptui.deletion.plan import Plan
from snaptui.deletion.states import NOT_BEGUN, TABLE, Event, State, why_not


class StopKind(StrEnum):
    """Kinds of reasons for which a batch stops by itself; the words are in `Stop.message`."""

    NOT_AUTHENTICATED = "not authenticated"
    NOT_PERMITTED = "not permitted"
    OTHER_ACCOUNT = "other account"
    UNPROVEN_ACCOUNT = "unproven account"
    RATE_LIMIT = "rate limit"
    CRASHED = "crashed"
    """A bug ended its run: it stays open on disk."""


class Stop(Struct, frozen=True):
    """Stop of a batch by itself: the kind of reason, and the reason in words."""

    kind: StopKind
    message: str


class ImpossibleError(Exception):
    """Something that the table of transitions does not allow: what, and why not."""


class Batch(Struct, frozen=True):
    """A confirmed plan under way. Moments are Unix seconds by the wall clock, durations seconds."""

    plan: Plan
    items: Items
    state: State = State.GRACE
    confirmed: float = 0.0
    grace_left: float = 0.0
    """Seconds of the countdown that are left; they pass only while the program runs."""
    began: float | None = None
    ended: float | None = None
    stop: Stop | None = None
    unwritable: str | None = None
    """Why something of it cannot be written down, while that is so."""
    waits_until: float = 0.0
    """When the rate limit frees the next request, as the server said."""

    @classmethod
    def of(cls, plan: Plan, confirmed: float, grace_seconds: float) -> "Batch":
        """Return a batch that has not begun."""
        items = Items.of(Item(snapshot) for snapshot in plan.items)
        return cls(plan, items, confirmed=confirmed, grace_left=grace_seconds)

    @property
    def id(self) -> str:
        """The plan's id."""
        return self.plan.id

    def why_not(self, event: Event) -> str | None:
        """Return why the user cannot ask for `event` now; `None` when it may be asked for."""
        if event is Event.RETRY and self.state is State.ENDED:
            return None if any(self.counts[outcome] for outcome in RETRIED) else "nothing of it failed"
        return why_not(self.state, event)

    def may(self, event: Event) -> bool:
        """Return whether `event` may happen now."""
        return event in TABLE[self.state] and (event is not Event.RETRY or self.why_not(event) is None)

    def after(self, event: Event) -> "Batch":
        """Return the batch after `event`; raises `ImpossibleError`."""
        if event not in TABLE[self.state]:
            raise ImpossibleError(f"{event} cannot happen while a batch is {self.state}")
        return replace(self, state=TABLE[self.state][event])

    def with_item(self, position: int, item: Item) -> "Batch":
        """Return the batch with one item replaced."""
        return replace(self, items=self.items.replaced(position, item))

    @property
    def begun(self) -> bool:
        """True once something of it may have been sent."""
        return self.state not in NOT_BEGUN

    @property
    def stopped_before_it_began(self) -> bool:
        """True when it was taken back or cancelled, and nothing of it was sent."""
        return self.began is None and self.state in (State.STOPPING, State.ENDED)

    @property
    def finished(self) -> bool:
        """True when every item has an outcome."""
        return self.done == len(self.items)

    @property
    def counts(self) -> Counter[Outcome]:
        """Number of items by outcome."""
        return self.items.counts

    @property
    def done(self) -> int:
        """Number of items that have ended."""
        return self.counts.total()

    @property
    def gone_ids(self) -> frozenset[str]:
        """The ids of what no longer exists."""
        return self.items.gone_ids

    @property
    def open_ids(self) -> frozenset[str]:
        """The ids of what has no outcome yet."""
        return self.items.open_ids

    @property
    def failed(self) -> bool:
        """True when something that was confirmed still exists, or may."""
        return sum(self.counts[outcome] for outcome in GONE) < len(self.items)
