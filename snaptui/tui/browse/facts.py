"""Facts: the state that follows from each message of workers, queue, client and widgets."""

from msgspec.structs import replace

from snaptui.digitalocean.api.errors import ApiError
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.model.sources import Sources
from snaptui.model.token import Token
from snaptui.text.lines import problem_line
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.messages import BatchesChanged, BatchRefused
from snaptui.tui.deletions.standing import Standings
from snaptui.tui.messages import (
    AccountRead,
    ClientStateChanged,
    FilterChanged,
    PageResized,
    RowChosen,
    RulesJudged,
    SortRequested,
    SourcesRead,
)

Fact = AccountRead | SourcesRead | ClientStateChanged | PageResized | BatchesChanged | BatchRefused | RulesJudged
Choice = RowChosen | SortRequested | FilterChanged


def after(state: BrowseState, fact: Fact) -> BrowseState:
    """Return the state after a fact that leaves the list as it is."""
    match fact:
        case AccountRead():
            connection = replace(state.connection, account=fact.account, account_asked=True)
            return replace(state, connection=connection)
        case SourcesRead():
            return replace(knowing(state, fact.sources), autoscale_images=fact.autoscale_images)
        case ClientStateChanged():
            return replace(state, rate_limit=fact.rate_limit, waiting=fact.waiting)
        case PageResized():
            return replace(state, page_rows=fact.rows, columns=fact.columns)
        case BatchesChanged():
            return with_standings(state, Standings.of(fact.standings, fact.at))
        case BatchRefused(reason=said) | RulesJudged(said=said):
            return replace(state, message=problem_line(said))


def chosen(state: BrowseState, choice: Choice) -> BrowseState:
    """Return the state after the user has clicked a row or a heading, or has changed the text of the filter."""
    match choice:
        case RowChosen():
            return replace(state, browsing=state.browsing.moved_to(choice.position), slid_from=None)
        case SortRequested():
            return state.sorted_by(state.browsing.view.sort.chosen(choice.key))
        case FilterChanged():
            return state.filtered_by(choice.text)


def covering(state: BrowseState, coverage: Coverage, now: float) -> BrowseState:
    """Return the state with so much of the list; `now` is the local clock in Unix seconds.

    Ages are counted by the server's clock where the local one is wrong.
    """
    covered = replace(state, coverage=coverage, error=None)
    ahead = coverage.server_ahead(now)
    counted = replace(covered, now=now + ahead, server_ahead=ahead)
    if coverage.finished:
        return replace(counted, loaded_at=now)
    return covered if state.coverage.received else counted


def failed(state: BrowseState, error: ApiError) -> BrowseState:
    """Return the state after the listing broke off: the rows stay, and are said to be incomplete."""
    coverage = state.coverage if state.coverage.finished else state.coverage.interrupted(error.message)
    return replace(state, error=error, coverage=coverage)


def stopped(state: BrowseState) -> BrowseState:
    """Return the state after the user stopped loading; a list that has come to its end meanwhile stays whole."""
    coverage = state.coverage
    left = coverage if coverage.finished else coverage.interrupted("stopped by you; R loads again")
    return replace(state, coverage=left, waiting="")


def knowing(state: BrowseState, sources: Sources) -> BrowseState:
    """Return the state with these droplets and volumes; a filter that asks for them is applied again."""
    known = replace(state, sources=sources)
    known.snapshots.places.states(sources)  # no key waits for it
    return known.filtered_again() if known.browsing.view.query.uses_sources else known


def with_standings(state: BrowseState, standings: Standings) -> BrowseState:
    """Return the state with these batches; snapshots that have no outcome yet lose their marks."""
    told, ids = replace(state, standings=standings), standings.open_ids
    if ids == state.standings.open_ids or ids.isdisjoint(state.browsing.marks):
        return told
    # The answer to the last key was about marks.
    return replace(told.with_marks(told.browsing.unmarked(ids)), message=())


def with_token(state: BrowseState, token: Token) -> BrowseState:
    """Return the state of another account, before anything of it is known: only filter and order stay."""
    connection = replace(state.connection, token=token, context=None, account=None, account_asked=False)
    fresh = BrowseState(
        connection=connection,
        now=state.now,
        usd_per_gb_month=state.usd_per_gb_month,
        guards=state.guards,
        page_rows=state.page_rows,
        columns=state.columns,
        pane_fits=state.pane_fits,
        auditing=state.auditing,
    )
    empty = fresh.holding(Snapshots((), state.usd_per_gb_month)).sorted_by(state.browsing.view.sort)
    return empty.filtered_by(state.text).of_type(state.resource_type)
