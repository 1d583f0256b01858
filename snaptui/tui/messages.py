"""Everything widgets and workers say to each other. Intents end in `Requested`; facts are in the past tense."""

from enum import Enum

from textual.message import Message

from snaptui.deletion.plan import Plan
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.model.sources import Sources


class Marks(Enum):
    """What can be done to marks."""

    TOGGLE = "toggle"
    RANGE = "range"
    ALL = "all"
    INVERT = "invert"
    CLEAR = "clear"


class RowChosen(Message):
    """A row of the table was clicked; `position` counts from 0 through all pages."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class PageResized(Message):
    """The table has room for so many rows now."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows


class FilterChanged(Message):
    """The text of the filter is now this."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FilterLeft(Message):
    """The filter was left with Enter or Down: its text stays, the table gets the keys."""


class FilterCleared(Message):
    """The filter was left with Esc: its text goes, the table gets the keys."""


class AccountRead(Message):
    """The account behind the token is known, or cannot be: then `account` is `None`."""

    def __init__(self, account: Account | None) -> None:
        super().__init__()
        self.account = account


class SourcesRead(Message):
    """Droplets, volumes, and the images of autoscale pools are known, as far as they can be."""

    def __init__(self, sources: Sources, autoscale_images: frozenset[str] | None) -> None:
        super().__init__()
        self.sources = sources
        self.autoscale_images = autoscale_images


class ClientStateChanged(Message):
    """What the rate limit allows, and in words what the client waits for (empty: nothing)."""

    def __init__(self, rate_limit: RateLimit | None, waiting: str) -> None:
        super().__init__()
        self.rate_limit = rate_limit
        self.waiting = waiting


class StopRequested(Message):
    """Stop loading, also when it only waits for the rate limit."""


class ListingStopped(Message):
    """Loading was stopped by the user."""


class ReloadRequested(Message):
    """Load the list again, keeping the place."""


class HelpRequested(Message):
    """Show what the keys do."""


class PaletteRequested(Message):
    """Offer every command by its name."""


class LeaveRequested(Message):
    """Quit; ask first while deletions are under way."""


class TokenRequested(Message):
    """Ask for a token."""


class DeletionRequested(Message):
    """The user confirmed this plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class TakeBackRequested(Message):
    """Take a batch back that has not begun."""

    def __init__(self, job_id: str) -> None:
        super().__init__()
        self.job_id = job_id


class PauseRequested(Message):
    """Pause a job, or go on with it."""

    def __init__(self, job_id: str, paused: bool) -> None:
        super().__init__()
        self.job_id = job_id
        self.paused = paused


class CancelRequested(Message):
    """Send nothing more of a job."""

    def __init__(self, job_id: str) -> None:
        super().__init__()
        self.job_id = job_id


class RetryRequested(Message):
    """Try again what failed of a job."""

    def __init__(self, job_id: str) -> None:
        super().__init__()
        self.job_id = job_id


class SnapshotRefreshRequested(Message):
    """Read this snapshot again from the API."""

    def __init__(self, snapshot_id: str) -> None:
        super().__init__()
        self.snapshot_id = snapshot_id
