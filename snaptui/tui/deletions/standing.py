"""Standings: the batches of a session with their progress, for everything that shows them."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from snaptui.deletion.batch import Batch
from snaptui.deletion.progress import Progress
from snaptui.deletion.states import Event, State
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.snapshot import Snapshot


class Standing(Struct, frozen=True):
    """A batch with its progress; `waiting` says what the client waits for, empty while it does not."""

    batch: Batch
    progress: Progress
    waiting: str = ""

    @property
    def open(self) -> bool:
        """True until everything of it has its outcome on disk."""
        return self.batch.state is not State.ENDED


class Standings(Struct, frozen=True):
    """All batches of this session, oldest first, and when they stood so (Unix seconds)."""

    each: tuple[Standing, ...] = ()
    at: float = 0.0
    open_ids: frozenset[str] = frozenset()
    """The ids of what was confirmed and has no outcome yet: it can be neither marked nor planned again."""

    @classmethod
    def of(cls, each: tuple[Standing, ...], at: float) -> "Standings":
        """Return the standings with the ids of what is open."""
        return cls(each, at, frozenset().union(*(one.batch.open_ids for one in each if one.open)))

    def refusal_beside(self, refusal: Callable[[Snapshot], str | None]) -> Callable[[Snapshot], str | None]:
        """Return why a snapshot can be neither marked nor deleted: it is open here, or `refusal` says why."""
        ids = self.open_ids
        if not ids:
            return refusal
        return lambda row: "it is in a deletion already; l lists it" if row.id in ids else refusal(row)

    def still_listed(self, snapshots: Snapshots, loaded_at: float) -> int:
        """Return how many of `snapshots`, a list loaded at that time, had been deleted before."""
        batches = (one.batch for one in self.each)
        ended = (batch for batch in batches if batch.ended is not None and batch.ended < loaded_at)
        return sum(row_id in snapshots for batch in ended for row_id in batch.gone_ids)


def next_to_take_back(standings: Sequence[Standing]) -> Batch | None:
    """Return the newest batch that can be taken back."""
    return next((each.batch for each in reversed(standings) if each.batch.may(Event.TAKE_BACK)), None)


def why_not_taken_back(standings: Sequence[Standing]) -> str | None:
    """Return why nothing can be taken back; `None` when something can."""
    if next_to_take_back(standings) is not None:
        return None
    if any(each.open for each in standings):
        return "it has begun; l lists it, and C there sends nothing more of it"
    return "no deletion is waiting to begin"


def in_order(standings: Sequence[Standing]) -> list[Standing]:
    """Return what is open in the order in which it was confirmed, and then what has ended, the last to end first."""
    opened = [each for each in standings if each.open]
    ended = [each for each in reversed(standings) if not each.open]
    return opened + sorted(ended, key=lambda each: each.batch.ended or 0.0, reverse=True)
