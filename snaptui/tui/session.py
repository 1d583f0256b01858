"""Session: the wired parts that the command line hands to the terminal UI."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from snaptui.config.credentials import Credentials
from snaptui.config.settings import Settings
from snaptui.deletion.guards import Guards
from snaptui.deletion.journal import Journal
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.token import Token
from snaptui.tui.browse.auditing import Auditing
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState

if TYPE_CHECKING:
    from snaptui.report.saved import SavedListing


class Session(Struct, frozen=True, kw_only=True):
    """Parts of one run, with the origin of each; without a token `client` is `None` until one is given."""

    client: RemoteClient | None
    connect: Callable[[Token], RemoteClient]
    settings: Settings
    credentials: Credentials | None
    api_host: str
    journal: Journal
    initial_query: str = ""
    demo: bool = False
    opened: "SavedListing | None" = None
    """A listing that is shown instead of what a client would tell."""

    def first_state(self, now: float) -> BrowseState:
        """Return what the screen shows before anything has come."""
        credentials = self.credentials
        connection = Connection(
            api_url=self.settings.api_url.value,
            api_host=self.api_host,
            token=credentials.token if credentials else None,
            context=credentials.context if credentials else None,
            demo=self.demo,
            read_only=self.settings.read_only.value,
            saved=self.opened.saved if self.opened else None,
        )
        price = self.settings.price_per_gb_month.value
        settings = self.settings
        guards = Guards(settings.read_only.value, settings.protect.value, settings.max_batch.value)
        auditing = Auditing(settings.audit.value, settings.policies.value)
        state = BrowseState(connection=connection, now=now, usd_per_gb_month=price, guards=guards, auditing=auditing)
        return state.holding(Snapshots((), price)).sorted_by(settings.sort.value).filtered_by(self.initial_query)
