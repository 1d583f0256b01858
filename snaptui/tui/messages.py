"""Messages between widgets, screens, workers and the application: intents end in `Requested`, facts are past tense."""

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

from textual.message import Message
from textual.message_pump import MessagePump

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.inventory.chosen import Chosen
from snaptui.inventory.orders import SortKey
from snaptui.model.account import Account
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.model.token import Token

if TYPE_CHECKING:
    from snaptui.tui.browse.state import BrowseState
    from snaptui.tui.keys.command import Declared


class RowChosen(Message):
    """A row of the table was clicked; `position` counts from 0 through all pages."""

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


class SortRequested(Message):
    """Sort by a key; the present key reverses the order."""

    def __init__(self, key: SortKey) -> None:
        super().__init__()
        self.key = key


class CommandRequested(Message):
    """Run the command of a key, as if the key had been pressed `times` times."""

    def __init__(self, key: str, times: int = 1) -> None:
        super().__init__()
        self.key = key
        self.times = times


class PageResized(Message):
    """The table has room for so many rows now, and for these columns."""

    def __init__(self, rows: int, columns: tuple[SortKey, ...]) -> None:
        super().__init__()
        self.rows = rows
        self.columns = columns


class FilterChanged(Message):
    """The text of the filter has changed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class FilterLeft(Message):
    """The filter was left, by Esc to `clear` its text or by another key to keep it: the table gets the keys."""

    def __init__(self, *, clear: bool) -> None:
        super().__init__()
        self.clear = clear


class RowsLoaded(Message):
    """More of the list has come: rows, the coverage so far, and the ids of all rows once the list is complete."""

    def __init__(self, rows: tuple[Snapshot, ...], coverage: Coverage, present: Set[str] | None) -> None:
        super().__init__()
        self.rows = rows
        self.coverage = coverage
        self.present = present


class ListingFailed(Message):
    """The listing broke off."""

    def __init__(self, error: ApiError) -> None:
        super().__init__()
        self.error = error


class ListingShown(Message):
    """The whole list is on the screen and has been sorted by every column."""


class RulesJudged(Message):
    """Some protection rules protect nothing, or cannot be judged; `said` is one line."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said


class SnapshotRead(Message):
    """One snapshot has been read anew: the answer, or the error."""

    def __init__(self, snapshot_id: str, answer: FetchedSnapshot | ApiError) -> None:
        super().__init__()
        self.snapshot_id = snapshot_id
        self.answer = answer


class TokenGiven(Message):
    """Another token is used from now on."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self.token = token


class AccountRead(Message):
    """The account behind the token has been read; `account` is `None` where the API does not say."""

    def __init__(self, account: Account | None) -> None:
        super().__init__()
        self.account = account


class SourcesRead(Message):
    """Droplets, volumes and the images of autoscale pools have been read, as far as the token may read them."""

    def __init__(self, sources: Sources, autoscale_images: frozenset[str] | None) -> None:
        super().__init__()
        self.sources = sources
        self.autoscale_images = autoscale_images


class ClientStateChanged(Message):
    """The rate limit or the wait of the client has changed; `waiting` is the reason in words, empty without a wait."""

    def __init__(self, rate_limit: RateLimit | None, waiting: str) -> None:
        super().__init__()
        self.rate_limit = rate_limit
        self.waiting = waiting


class StopRequested(Message):
    """Stop loading the list, also while it waits for the rate limit."""


class ListingStopped(Message):
    """Loading was stopped by the user."""


class ReloadRequested(Message):
    """Load the list again, keeping the place."""


class HelpRequested(Message):
    """Show what these commands do; `of_list` asks for the signs and the query language, too."""

    def __init__(self, commands: "Iterable[Declared]", *, of_list: bool = False) -> None:
        super().__init__()
        self.commands = tuple(commands)
        self.of_list = of_list


class PaletteRequested(Message):
    """Offer every command by its name."""


class LeaveRequested(Message):
    """Quit; ask first while deletions are under way."""


class TokenRequested(Message):
    """Ask for a token."""


class SnapshotRefreshRequested(Message):
    """Read one snapshot anew from the API; the list and `asker` get the answer as `SnapshotRead`."""

    def __init__(self, snapshot_id: str, asker: MessagePump) -> None:
        super().__init__()
        self.snapshot_id = snapshot_id
        self.asker = asker


class RowsMarkRequested(Message):
    """Mark the chosen snapshots, as far as the guards allow; `asker` gets the answer as `RowsMarked`."""

    def __init__(self, chosen: Chosen, asker: MessagePump) -> None:
        super().__init__()
        self.chosen = chosen
        self.asker = asker


class RowsMarked(Message):
    """The answer to `RowsMarkRequested`: the number newly marked, the number refused, and the first reason."""

    def __init__(self, marked: int, refused: int, reason: str) -> None:
        super().__init__()
        self.marked = marked
        self.refused = refused
        self.reason = reason


class ListChanged(Message):
    """Rows, coverage or sources have changed; told to the screen that shows what the list comes to."""

    def __init__(self, state: "BrowseState") -> None:
        super().__init__()
        self.state = state
