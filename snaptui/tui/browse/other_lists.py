"""Views of other lists with the filter and order of a state; they are made on another thread, see `relisting`."""

from collections.abc import Collection, Sequence

from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.state import BrowseState


def view_with(
    state: BrowseState,
    rows: Sequence[Snapshot],
    present: Collection[str] | None = None,
    server_now: float | None = None,
) -> View:
    """Return what is shown with these rows; `present` holds the ids of a list that is complete."""
    snapshots = state.snapshots.merged(rows)
    snapshots = snapshots if present is None else snapshots.keeping(present)
    return _view_on(state, snapshots.dated_by(server_now))


def view_without(state: BrowseState, ids: Collection[str]) -> View:
    """Return what is shown without the snapshots with these ids."""
    return _view_on(state, state.snapshots.without(ids))


def _view_on(state: BrowseState, snapshots: Snapshots) -> View:
    view = state.browsing.view
    if snapshots is view.snapshots:
        return view
    changed = state.view_of(snapshots, view.query, view.sort)
    changed.prepare()
    snapshots.states(state.sources)
    return changed
