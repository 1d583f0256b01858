"""Painted row: the row that was last drawn under the cursor, which is the one that a key means."""

from msgspec.structs import replace

from snaptui.tui.browse.state import BrowseState


def following(seen: BrowseState, state: BrowseState) -> BrowseState:
    """Remember which row was painted under the cursor, when a fact has put another one there."""
    painted = seen.slid_from or seen.browsing.cursor_id
    return replace(state, slid_from=None if painted == state.browsing.cursor_id else painted)


def drawn(state: BrowseState, cursor_id: str | None) -> BrowseState:
    """Record that the terminal shows this row under the cursor, be it the one of now or one that has slid since."""
    return replace(state, slid_from=None if cursor_id == state.browsing.cursor_id else cursor_id)


def seen_row_gone(state: BrowseState) -> bool:
    """Return whether a row is painted under the cursor that is there no more."""
    return state.slid_from is not None and state.browsing.view.position_of(state.slid_from) is None


def as_painted(state: BrowseState) -> BrowseState:
    """Put the cursor back on the row that was painted there, if it is still shown."""
    position = state.browsing.view.position_of(state.slid_from)
    return state if position is None else replace(state, browsing=state.browsing.moved_to(position), slid_from=None)
