"""Notices in place of rows: why there are none, and what to do next."""

from snaptui.digitalocean.api.errors import (
    ApiError,
    ConnectionFailedError,
    NotAuthenticatedError,
    NotPermittedError,
    RateLimitedError,
)
from snaptui.text.lines import Line, Piece, line
from snaptui.text.safe import visible
from snaptui.tui.browse.state import BrowseState


def notice(state: BrowseState) -> tuple[Line, ...]:
    """Return the lines to show where there are no rows."""
    host, listed = visible(state.connection.api_host), len(state.snapshots)
    is_saved = state.connection.saved is not None
    if state.connection.token is None and not is_saved:
        need = "snaptui needs a DigitalOcean API token to read the account."
        return _said("No token", need, "Press T to type one, or set DIGITALOCEAN_TOKEN.")
    if state.error is not None and not listed:
        return _failed(state.error, host)
    if listed and state.filtered:
        unjudged = state.browsing.view.selection.shortfall
        title = "No snapshot is known to match the filter" if unjudged else "No snapshot matches the filter"
        return _said(title, *([f"{unjudged}."] if unjudged else []), "Esc clears it; / and t change it.")
    if not state.coverage.finished:
        return _said("Loading …", f"asking {host} for the first page")
    if state.coverage.shortfall:
        next_step = () if is_saved else ("R tries again.",)
        return _said("Nothing to show, and the list is incomplete", state.coverage.shortfall, *next_step)
    none_there = ("This account has no snapshots", "They appear here once they are taken; R looks again.")
    return _said(*(("The account had no snapshots when this was saved",) if is_saved else none_there))


def _failed(error: ApiError, host: str) -> tuple[Line, ...]:
    title = {
        NotAuthenticatedError: "The token was not accepted",
        NotPermittedError: "The token may not read snapshots",
        RateLimitedError: "The rate limit is used up",
        ConnectionFailedError: f"{host} cannot be reached",
    }.get(type(error), "The list could not be loaded")
    return _said(title, str(error), "R tries again; T gives another token; q quits.")


def _said(title: str, *more: str) -> tuple[Line, ...]:
    return (line(Piece(title, "strong")), *(line(Piece(visible(text), "dim")) for text in more))
