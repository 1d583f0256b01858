"""Obstacles: reasons, in the words said to the user, why a command cannot be run now; `None` when it can."""

from snaptui.tui.browse.painted import seen_row_gone
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.standing import why_not_taken_back


def no_row(state: BrowseState) -> str | None:
    """Return a reason when no row is under the cursor, or another than was last seen there."""
    if seen_row_gone(state):
        return "the row under the cursor has gone just now: look again"
    return None if state.browsing.current else "there is no snapshot under the cursor"


def nothing_shown(state: BrowseState) -> str | None:
    """Return a reason when no row is shown."""
    return None if len(state.browsing.view) else "nothing is shown"


def cannot_mark_all(state: BrowseState) -> str | None:
    """Return a reason when no row is shown, or the rows are not those that the filter asks for."""
    if state.problem is not None:
        return "the filter is not a whole query, so nothing can match it; / changes it, Esc clears it"
    return nothing_shown(state)


def no_marks(state: BrowseState) -> str | None:
    """Return a reason when nothing is marked."""
    return None if state.browsing.marks else "nothing is marked"


def cannot_delete(state: BrowseState) -> str | None:
    """Return a reason when nothing may be deleted, or nothing is there to delete."""
    if state.connection.saved is not None:
        return "this is a saved listing: nothing can be deleted from it"
    if state.connection.read_only:
        return "read-only: snaptui was started with read_only, so nothing can be deleted"
    if state.browsing.marks:
        return None
    row = state.browsing.current
    return no_row(state) or (state.marking_judge()(row) if row else None)


def cannot_load(state: BrowseState) -> str | None:
    """Return a reason when there is no token, or the list is being loaded."""
    if state.connection.saved is not None:
        return "this is a saved listing: nothing is asked for"
    if not state.connection.token:
        return "there is no token; press T to give one"
    return "the list is being loaded already" if state.loading else None


def cannot_take_back(state: BrowseState) -> str | None:
    """Return a reason when no batch can be taken back."""
    return why_not_taken_back(state.standings.each)


def no_deletions(state: BrowseState) -> str | None:
    """Return a reason when this session has deleted nothing."""
    return None if state.standings.each else "nothing has been deleted in this session"


def has_own_token(state: BrowseState) -> str | None:
    """Return a reason when another token cannot be used."""
    if state.connection.saved is not None:
        return "this is a saved listing: no token is used"
    return "the demo account has its own token" if state.connection.demo else None


def no_room_for_pane(state: BrowseState) -> str | None:
    """Return a reason when the terminal is too low for a detail pane."""
    return None if state.pane_fits else "no room for details: Enter shows them"
