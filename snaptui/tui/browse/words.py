"""Words of the bars: the lines above and below the table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.inventory.cursor import Browsing, Marking
from snaptui.inventory.marks import Marks
from snaptui.inventory.orders import Sort, SortKey
from snaptui.model.cost import Totals
from snaptui.text.amounts import count, moment, total_gigabytes, usd_per_month
from snaptui.text.cells import cell_width, shorten_middle
from snaptui.text.lines import Line, Piece, fit, joined, line, longest_that_fits, spread, whole_parts, width_of
from snaptui.text.safe import visible
from snaptui.tui.browse.connection import Connection
from snaptui.tui.browse.state import BrowseState

LOW_QUOTA_SHARE: Final = 0.1
ROOM_FOR_SENTENCES: Final = 60


def account_line(connection: Connection, width: int) -> Line:
    """Say whose account this is: context, team or e-mail; masked token and API host where they fit whole."""
    account = connection.account
    if account is not None:
        who = Piece(visible(account.label), "strong")
    elif connection.token is None and connection.saved is None:
        who = Piece("no account", "dim")
    else:
        who = Piece("account not readable" if connection.account_asked else "account …", "dim")
    first = joined(
        [
            line(Piece(" snaptui", "accent")),
            line(Piece("demo", "warn") if connection.demo else None),
            line(f"context {visible(connection.context)}" if connection.context else None),
            line(who),
            line(Piece(f"! {visible(account.trouble)}", "bad") if account is not None and account.trouble else None),
        ]
    )
    right = line(Piece("read-only ", "warn") if connection.read_only else None)
    room = width - width_of(right) - 2
    left = whole_parts([first, line(_whence(connection)), line(Piece(visible(connection.api_host), "dim"))], room)
    return spread(left, right, width)


def _whence(connection: Connection) -> Piece:
    """Return the masked token, or when the listing was saved that is shown."""
    if connection.saved is not None:
        return Piece(f"saved {moment(connection.saved)}", "warn")
    return Piece(connection.token.masked if connection.token else "no token", "dim")


def list_line(state: BrowseState, width: int) -> Line:
    """Say how much is in the list, whether that is all, and what the API allows."""
    totals = state.snapshots.sums.totals
    known = totals.count or state.coverage.total is not None
    number = line(f" {count(totals.count, 'snapshot')}") if known else ()
    amounts = sums(totals) if totals.count else ()
    whole = joined([number, amounts])
    cost = line(f" {totals.count:,} · {usd_per_month(totals.monthly_usd)}{'' if not totals.unsized else ' +'}")
    freshness = (*_freshness(state), Piece(" "))
    right = (*joined([_quota(state.rate_limit, state.waiting), freshness]),)
    # A number that is cut reads as another number.
    shorter = freshness if not state.waiting else right  # the quota can be left out, a wait cannot
    ways = ((whole, right), (whole, shorter), (cost, right), (cost, shorter)) if amounts else ()
    for left, told in (*ways, (number, right)):
        if width_of(left) + 2 + width_of(told) <= width:
            return spread(left, told, width)
    return spread(number, freshness, width)


def sums(totals: Totals) -> Line:
    """Say gigabytes and monthly cost, and what could not be counted."""
    unsized = Piece(f" + {totals.unsized} of unknown size", "warn") if totals.unsized else None
    return line(f"{total_gigabytes(totals.gigabytes)} · {usd_per_month(totals.monthly_usd)}", unsized)


def _freshness(state: BrowseState) -> Line:
    coverage = state.coverage
    if state.connection.token is None and state.connection.saved is None:
        return line(Piece("! not loaded", "bad"))
    if state.error is not None:
        return line(Piece("! not up to date" if len(state.snapshots) else "! not loaded", "bad"))
    if not coverage.finished:
        pages = coverage.pages_expected
        progress = f" page {coverage.pages_received} of {pages}" if pages else ""
        return line(Piece(f"loading{progress} …", "accent"))
    if not coverage.complete:
        return line(Piece("! incomplete", "warn"))
    return line(Piece(f"✓ complete {clock(state.loaded_at or state.now)}", "good"))


def clock(moment: float) -> str:
    """Return a moment's local time of day, `14:32`."""
    return datetime.fromtimestamp(moment).astimezone().strftime("%H:%M")


def _quota(rate_limit: RateLimit | None, waiting: str) -> Line:
    if waiting:
        return line(Piece(waiting, "warn"))
    if rate_limit is None or rate_limit.remaining is None:
        return ()
    low = rate_limit.limit is not None and rate_limit.remaining < rate_limit.limit * LOW_QUOTA_SHARE
    return line(Piece(f"quota {rate_limit.remaining:,}", "warn" if low else "dim"))


_FIRST: Final[Mapping[SortKey, tuple[str, str]]] = {
    SortKey.NAME: ("by name", "by name, backwards"),
    SortKey.TYPE: ("by type", "by type, backwards"),
    SortKey.SIZE: ("smallest first", "largest first"),
    SortKey.COST: ("cheapest first", "dearest first"),
    SortKey.AGE: ("youngest first", "oldest first"),
    SortKey.REGIONS: ("by region", "by region, backwards"),
    SortKey.TAGS: ("by tag", "by tag, backwards"),
    SortKey.CREATED: ("earliest first", "latest first"),
    SortKey.MIN_DISK: ("smallest disk first", "largest disk first"),
    SortKey.SOURCE: ("by the source's id", "by the source's id, backwards"),
    SortKey.ID: ("by id", "by id, backwards"),
}


def order_words(sort: Sort, *, loading: bool) -> str:
    """Say in which order the rows are: `dearest first`, and while more may come `dearest so far`."""
    words = _FIRST[sort.key][sort.descending]
    return words.replace(" first", " so far") if loading else words


def page_line(state: BrowseState, width: int) -> Line:
    """Say which page this is, in which order, and what all pages together hold."""
    view, page = state.browsing.view, state.page
    if not len(view.snapshots):
        return ()
    unjudged = view.selection.unjudged.count
    doubt = line(Piece(f"{unjudged:,} not judged", "warn") if unjudged else None)
    if not len(view):
        return joined([line(Piece(f" 0 of {count(len(view.snapshots), 'snapshot')}", "dim")), doubt])
    filtered = len(view) < len(view.snapshots)
    rows = f"{page.start + 1:,}–{page.stop:,} of {len(view):,}"
    where = line(f" page {page.number:,}/{page.total:,} · {rows}{' that match' if filtered else ''}")
    shorter = line(f" {rows}{' match' if filtered else ''}")
    order = line(Piece(order_words(view.sort, loading=state.loading), "dim"))
    matching = sums(view.totals) if filtered else ()
    rights = [(*right, Piece(" ")) for right in (joined([order, matching]), matching or order)]
    lefts = [joined([left, doubt]) for left in (where, shorter)]
    ways = [(*left, *_gap(left, right, width), *right) for right in rights for left in lefts]
    return longest_that_fits([*ways, *lefts], width)


def _gap(left: Line, right: Line, width: int) -> Line:
    return line(Piece(" " * max(2, width - width_of(left) - width_of(right))))


def target_line(state: BrowseState, width: int) -> Line:
    """Say what an action would mean: the marks, or the row under the cursor; or why there are too few rows."""
    browsing = state.browsing
    if trouble := _trouble(state, width):
        return trouble
    if browsing.anchor_id is not None:
        return line(Piece(" range: ", "accent"), "go to the other end and press v; Esc gives it up")
    if browsing.marked.count:
        return _marked_line(browsing, width)
    if browsing.current is None:
        return ()
    said = " nothing marked: keys act on " if width >= ROOM_FOR_SENTENCES else " keys act on "
    name = shorten_middle(visible(browsing.current.name), max(8, width - 1 - len(said)))
    return line(Piece(said, "dim"), name)


def _trouble(state: BrowseState, width: int) -> Line:
    """Say what is wrong with the query; or with the list, unless marks have to be told of."""
    if state.problem is not None:
        return fit(line(Piece(" ✗ ", "warn"), Piece(visible(str(state.problem)), "warn")), width)
    if state.browsing.marked.count:
        return ()
    selection = state.browsing.view.selection
    if selection.doubts:
        return _told(f"{selection.unjudged.count:,} not judged: {selection.why}", "", width)
    return _trouble_with_list(state, width) if state.browsing.current is not None else ()


def _trouble_with_list(state: BrowseState, width: int) -> Line:
    if state.coverage.shortfall is not None:
        next_step = "; R loads again" if state.connection.saved is None else ""
        return _told(state.coverage.shortfall, next_step, width)
    if state.error is not None:
        return _told(f"not loaded again: {state.error.message}", "; R tries again", width)
    if listed := state.standings.still_listed(state.snapshots, state.loaded_at or 0.0):
        return _told(f"{count(listed, 'snapshot')} of those deleted still listed by the API", "; R looks again", width)
    return ()


def _told(what: str, next_step: str, width: int) -> Line:
    said = shorten_middle(visible(what), max(8, width - 3 - cell_width(next_step)))
    return line(Piece(" ! ", "warn"), Piece(f"{said}{next_step}", "warn"))


def _marked_line(browsing: Browsing, width: int) -> Line:
    """Say how many are marked and hidden; what they hold and cost where that fits, too."""
    number = line(Piece(" ● ", "accent"), Piece(f"{browsing.marked.count:,} marked", "strong"))
    held = line(*number, ": ", *sums(browsing.marked))
    if not browsing.hidden:
        return longest_that_fits([held, number], width)
    hidden = f"{browsing.hidden:,} of them hidden by the filter"
    ways = ((held, hidden), (number, hidden), (number, f"{browsing.hidden:,} hidden"))
    return longest_that_fits([joined([marked, line(Piece(said, "warn"))]) for marked, said in ways], width)


def marking_line(marks: Marks, marking: Marking) -> Line:
    """Say what marking did where the screen does not show it: to rows elsewhere, or to rows that refuse it."""
    done = None
    if marks in (Marks.ALL, Marks.INVERT, Marks.RANGE):
        browsing = marking.browsing
        now = f"{browsing.marked.count:,}"
        hidden = Piece(f", {browsing.hidden:,} hidden", "warn") if browsing.hidden else None
        # Inverting takes marks away, too: how many came says nothing of how many there are.
        said = f"inverted: {now} marked now" if marks is Marks.INVERT else f"{marking.marked:,} more marked: {now} now"
        done = line(Piece(" ● ", "accent"), said, hidden)
    refused = None
    if marking.refused:
        reasons = "; ".join(dict.fromkeys(marking.refused))
        sign = Piece("✗ " if done else " ✗ ", "warn")
        refused = line(sign, f"{len(marking.refused):,} refused: {reasons}")
    return joined([part for part in (done, refused) if part])
