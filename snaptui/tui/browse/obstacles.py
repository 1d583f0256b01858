"""Why an action cannot be done now: what greys its key is also what is said when the key is pressed."""

from collections.abc import Callable, Mapping
from typing import Final

from snaptui.deletion.states import Event
from snaptui.tui.browse.state import BrowseState

Obstacle = Callable[[BrowseState], str | None]


def _no_row(state: BrowseState) -> str | None:
    return None if state.current else "there is no snapshot under the cursor"


def _nothing_shown(state: BrowseState) -> str | None:
    return None if len(state.browsing.view) else "nothing is shown"


def _no_marks(state: BrowseState) -> str | None:
    return None if state.browsing.marks else "nothing is marked"


def _no_token(state: BrowseState) -> str | None:
    return None if state.connection.token else "there is no token; press T to give one"


def _cannot_delete(state: BrowseState) -> str | None:
    if state.connection.read_only:
        return "read-only: snaptui was started with read_only, so nothing can be deleted"
    if state.browsing.marks:
        return None
    return _no_row(state) or (state.refusal(state.current) if state.current else None)


def _still_loading(state: BrowseState) -> str | None:
    if reason := _no_token(state):
        return reason
    return "the list is being loaded already" if state.loading else None


def _cannot_take_back(state: BrowseState) -> str | None:
    job = state.active_job
    if job is None:
        return "no deletion is waiting to begin"
    return "it has begun; l lists it, and C there cancels the rest" if job.why_not(Event.TAKE_BACK) else None


def _no_deletions(state: BrowseState) -> str | None:
    return None if state.jobs else "nothing has been deleted in this session"


def _demo(state: BrowseState) -> str | None:
    return "the demo account has its own token" if state.connection.demo else None


OBSTACLES: Final[Mapping[str, Obstacle]] = {
    "move": _nothing_shown,
    "mark": _nothing_shown,
    "mark_range": _no_row,
    "clear": _no_marks,
    "details": _no_row,
    "delete": _cannot_delete,
    "take_back": _cannot_take_back,
    "reload": _still_loading,
    "deletions": _no_deletions,
    "token": _demo,
}


def obstacle(action: str, state: BrowseState) -> str | None:
    """Return why `action` cannot be done in this state; `None` when it can."""
    check = OBSTACLES.get(action)
    return None if check is None else check(state)
