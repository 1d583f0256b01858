"""Messages about deletions: requests to batches, and news of them."""

from textual.message import Message

from snaptui.deletion.plan import Plan
from snaptui.deletion.states import Event
from snaptui.tui.deletions.standing import Standing


class SnapshotsGone(Message):
    """Snapshots with these ids are no longer there."""

    def __init__(self, ids: frozenset[str]) -> None:
        super().__init__()
        self.ids = ids


class BatchesChanged(Message):
    """Batches have changed: all of this session, oldest first, and the moment (Unix seconds)."""

    def __init__(self, standings: tuple[Standing, ...], at: float) -> None:
        super().__init__()
        self.standings = standings
        self.at = at


class BatchRefused(Message):
    """An event asked of a batch was not possible, or a plan was not taken; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class DeletionRequested(Message):
    """The user confirmed this plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class TakeBackRequested(Message):
    """Take back the batch that was shown as the next that can be."""

    def __init__(self, shown_id: str) -> None:
        super().__init__()
        self.shown_id = shown_id


class BatchEventRequested(Message):
    """Pause, resume, take back, cancel or retry one batch."""

    def __init__(self, batch_id: str, event: Event) -> None:
        super().__init__()
        self.batch_id = batch_id
        self.event = event
