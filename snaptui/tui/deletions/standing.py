"""How the batches of a session stand, for everything that shows them."""

from collections.abc import Sequence

from msgspec import Struct

from snaptui.deletion.batch import Batch
from snaptui.deletion.progress import Progress
from snaptui.deletion.states import Event, State


class Standing(Struct, frozen=True):
    """A batch with its progress."""

    batch: Batch
    progress: Progress

    @property
    def open(self) -> bool:
        """True until everything of it has its outcome on disk."""
        return self.batch.state is not State.ENDED


def open_ids(standings: Sequence[Standing]) -> frozenset[str]:
    """Return the ids of what was confirmed and has no outcome yet."""
    return frozenset().union(*(each.batch.open_ids for each in standings if each.open))


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
