"""Everything widgets and workers say to each other. Intents end in `Requested`; facts are in the past tense."""

from dataclasses import dataclass
from enum import Enum

from textual.message import Message

from snaptui.digitalocean.rate_limit import RateLimit
from snaptui.model.account import Account
from snaptui.model.plan import Plan
from snaptui.model.sorting import SortKey
from snaptui.model.sources import Sources


class Marks(Enum):
    """What can be done to marks."""

    TOGGLE = "toggle"
    RANGE = "range"
    ALL = "all"
    INVERT = "invert"
    CLEAR = "clear"


@dataclass
class CursorMoveRequested(Message):
    """Move the cursor by some rows; a way as long as the list leads to its end."""

    rows: int


class PageResized(Message):
    """The table has room for another number of snapshots now."""


@dataclass
class MarkingRequested(Message):
    """Change the marks."""

    marks: Marks


@dataclass
class SortRequested(Message):
    """Sort by this key, or the other way round when it is sorted by it."""

    key: SortKey


@dataclass
class FilterChanged(Message):
    """The text of the filter is now this."""

    text: str


class FilterLeft(Message):
    """The filter was left with Enter or Down: its text stays, the table gets the keys."""


class FilterCleared(Message):
    """The filter was left with Esc: its text goes, the table gets the keys."""


@dataclass
class AccountRead(Message):
    """The account behind the token is known, or cannot be: then `account` is `None`."""

    account: Account | None


@dataclass
class SourcesRead(Message):
    """Droplets, volumes, and the images of autoscale pools are known, as far as they can be."""

    sources: Sources
    autoscale_images: frozenset[str] | None


@dataclass
class ClientStateChanged(Message):
    """What the rate limit allows, and in words what the client waits for (empty: nothing)."""

    rate_limit: RateLimit | None
    waiting: str


class StopRequested(Message):
    """Stop loading, also when it only waits for the rate limit."""


class ListingStopped(Message):
    """Loading was stopped by the user."""


class ReloadRequested(Message):
    """Load the list again, keeping the place."""


class TokenRequested(Message):
    """Ask for a token."""


@dataclass
class DeletionRequested(Message):
    """The user confirmed this plan."""

    plan: Plan


@dataclass
class TakeBackRequested(Message):
    """Take a batch back that has not begun."""

    job_id: str


@dataclass
class PauseRequested(Message):
    """Pause a job, or go on with it."""

    job_id: str
    paused: bool


@dataclass
class CancelRequested(Message):
    """Send nothing more of a job."""

    job_id: str


@dataclass
class RetryRequested(Message):
    """Try again what failed of a job."""

    job_id: str


@dataclass
class SnapshotRefreshRequested(Message):
    """Read this snapshot again from the API."""

    snapshot_id: str
