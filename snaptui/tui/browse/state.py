"""State of the browse screen: one immutable value, from which widgets draw and actions make the next."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from snaptui.deletion.guards import Guards
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.inventory.cursor import Browsing, Page
from snaptui.inventory.half_words import half_word
from snaptui.inventory.orders import Sort, SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.cost import DEFAULT_USD_PER_GB_MONTH
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import DROPLET, VOLUME, Snapshot
from snaptui.model.sources import Sources
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.query.vocabulary import Vocabulary
from snaptui.text.columns import COLUMNS, Terms
from snaptui.text.lines import Line
from snaptui.tui.browse.auditing import Auditing, WayBack
from snaptui.tui.browse.connection import Connection
from snaptui.tui.deletions.standing import Standings

TYPES: Final = (None, DROPLET, VOLUME)


class BrowseState(Struct, frozen=True):
    """State of the browse screen. `now` (Unix seconds) is the moment that ages are counted to.

    `text` is the filter as typed and `problem` what is wrong with it; `typed` is the last one that parsed.
    `page_rows` is how many rows the table has room for and `columns` which columns, from the left; `pane_fits` is
    whether there is room for details.
    `slid_from` is the id of the row that was last painted under the cursor, while another has slid there since.
    `waiting` says what the client waits for; `message` answers the last key.
    """

    browsing: Browsing = field(default_factory=Browsing)
    coverage: Coverage = field(default_factory=Coverage)
    connection: Connection = Connection()
    sources: Sources = field(default_factory=Sources)
    now: float = 0.0
    server_ahead: float = 0.0
    """Seconds that the local clock is behind, as far as it is wrong."""
    loaded_at: float | None = None
    error: ApiError | None = None
    rate_limit: RateLimit | None = None
    waiting: str = ""
    text: str = ""
    typed: Query = field(default_factory=Query)
    problem: QueryError | None = None
    resource_type: str | None = None
    message: Line = ()
    standings: Standings = Standings()
    typing: bool = False
    """Keys go to the filter now."""
    guards: Guards = field(default_factory=Guards)
    autoscale_images: frozenset[str] | None = None
    usd_per_gb_month: float = DEFAULT_USD_PER_GB_MONTH
    page_rows: int = 1
    columns: tuple[SortKey, ...] = tuple(column.key for column in COLUMNS)
    pane_fits: bool = True
    slid_from: str | None = None
    auditing: Auditing = Auditing()
    way_back: WayBack | None = None

    @property
    def snapshots(self) -> Snapshots:
        """Every snapshot that has been received."""
        return self.browsing.view.snapshots

    @property
    def terms(self) -> Terms:
        """The moment, price and sources that columns are worded with."""
        return Terms(self.now, self.usd_per_gb_month, self.sources, self.snapshots.believed_until)

    @property
    def loading(self) -> bool:
        """True while more of the listing may come."""
        return not self.coverage.finished and self.error is None and self.connection.token is not None

    @property
    def filtered(self) -> bool:
        """True when a filter or a resource type hides snapshots."""
        return not self.browsing.view.query.is_empty

    @property
    def page(self) -> Page:
        """The page with the cursor, of as many rows as the table has room for."""
        return self.browsing.page(self.page_rows)

    @property
    def context(self) -> QueryContext:
        """The facts that queries and protection rules are judged by."""
        return self._context(self.snapshots)

    def context_at(self, local: float) -> QueryContext:
        """Return the same facts at another moment, at which the local clock shows `local` (Unix seconds)."""
        return replace(self.context, now=local + self.server_ahead)

    def _context(self, snapshots: Snapshots) -> QueryContext:
        return QueryContext(
            now=self.now,
            marked=self.browsing.marks,
            places=snapshots.places,
            sources=self.sources,
            usd_per_gb_month=self.usd_per_gb_month,
        )

    def marking_judge(self) -> Callable[[Snapshot], str | None]:
        """Return the function that says why a snapshot can be neither marked nor deleted, or `None` if it can."""
        return self.standings.refusal_beside(self.guards.judge(self.context))

    @property
    def refusable(self) -> RowSet:
        """The rows that `marking_judge` refuses."""
        snapshots = self.snapshots
        open_rows = RowSet.of(snapshots.numbers_of(self.standings.open_ids), len(snapshots))
        return self.guards.refusable(snapshots, self.context) | open_rows

    def _viewing(self, snapshots: Snapshots, query: Query, sort: Sort) -> "BrowseState":
        return replace(self, browsing=self.browsing.showing(self.view_of(snapshots, query, sort)))

    def view_of(self, snapshots: Snapshots, query: Query, sort: Sort) -> View:
        """Return the view of those snapshots that a query selects by what is known now."""
        return View.of(snapshots, query, sort, self._context(snapshots))

    def filtered_by(self, text: str) -> "BrowseState":
        """Filter by a query; one that is wrong or ends in half a word leaves the rows as they were and says why."""
        try:
            query = parse(text, Vocabulary(self.snapshots.indexes.types))
        except QueryError as problem:
            return replace(self, text=text, problem=problem)
        filtered = replace(self, text=text, typed=query, problem=None)._queried(query)
        unfinished = half_word(text, filtered.browsing.view) if len(self.snapshots) else None
        return filtered if unfinished is None else replace(self, text=text, problem=unfinished)

    def of_type(self, resource_type: str | None) -> "BrowseState":
        """Show one resource type only, or all."""
        return replace(self, resource_type=resource_type)._queried(self.typed)

    def _queried(self, query: Query) -> "BrowseState":
        if self.resource_type is not None:
            query = parse(f"type:{self.resource_type}").and_(query)
        view = self.browsing.view
        return self._viewing(view.snapshots, query, view.sort)

    def sorted_by(self, sort: Sort) -> "BrowseState":
        """Sort; the cursor stays with its snapshot."""
        view = self.browsing.view
        return self._viewing(view.snapshots, view.query, sort)

    def with_marks(self, browsing: Browsing) -> "BrowseState":
        """Take over changed marks; a filter that asks for marks is applied again."""
        state = replace(self, browsing=browsing)
        return state.filtered_again() if browsing.view.query.uses_marks else state

    def filtered_again(self) -> "BrowseState":
        """Select anew by the same query, after what it asks for has changed."""
        view = self.browsing.view
        return self._viewing(view.snapshots, view.query, view.sort)

    def holding(self, snapshots: Snapshots) -> "BrowseState":
        """Show other snapshots with the same filter and order."""
        if snapshots is self.snapshots:
            return self
        view = self.browsing.view
        return self._viewing(snapshots, view.query, view.sort)
