"""Steps: changes of the list as values, and the view of the list after one; they are made on another thread."""

from collections.abc import Callable, Collection, Sequence, Set
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.facts import failed, stopped
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.deletions.messages import SnapshotsGone
from snaptui.tui.messages import ListingFailed, ListingStopped, RowsLoaded, SnapshotRead

ListFact = RowsLoaded | ListingFailed | ListingStopped | SnapshotRead | SnapshotsGone


class Step(Struct, frozen=True):
    """One change of the list: other rows, and what else is known with them, which reaches the screen as one state.

    `rows` are added or replace those with the same id; of a list that is complete `present` holds the ids; `gone` are
    taken away. `coverage` says how much of the list there is then. `becomes` is what else the state becomes.
    """

    rows: tuple[Snapshot, ...] = ()
    present: Set[str] | None = None
    gone: Set[str] = frozenset()
    coverage: Coverage | None = None
    becomes: Callable[[BrowseState], BrowseState] | None = None

    @classmethod
    def of(cls, fact: ListFact) -> "Step":
        """Return the change that follows from a message."""
        match fact:
            case RowsLoaded():
                return cls(fact.rows, fact.present, coverage=fact.coverage)
            case SnapshotRead():
                return cls((fact.answer.snapshot,) if isinstance(fact.answer, FetchedSnapshot) else ())
            case SnapshotsGone():
                return cls(gone=fact.ids)
            case ListingFailed():
                return cls(becomes=partial(failed, error=fact.error))
            case ListingStopped():
                return cls(becomes=stopped)

    def view(self, state: BrowseState) -> View:
        """Return the view of the list with these changes."""
        server_now = self.coverage.server_now if self.coverage is not None else None
        return view_without(state, self.gone) if self.gone else view_with(state, self.rows, self.present, server_now)

    def followed_by(self, later: "Step") -> "Step | None":
        """Return both as one step; `None` where the order of the two matters."""
        if self.gone or later.gone or self.becomes or later.becomes or self.present is not None:
            return None
        return Step(self.rows + later.rows, later.present, coverage=later.coverage or self.coverage)


def showing(state: BrowseState, view: View) -> BrowseState:
    """Return the state with the view of another list; a filter that was wrong for the list before is tried again."""
    if view is state.browsing.view:
        return state
    shown = replace(state, browsing=state.browsing.showing(view))
    return shown if shown.problem is None else shown.filtered_by(shown.text)


def view_with(
    state: BrowseState,
    rows: Sequence[Snapshot],
    present: Collection[str] | None = None,
    server_now: float | None = None,
) -> View:
    """Return the view with these rows added, in the filter and order of `state`.

    `present` holds the ids of a list that is complete; `server_now` is the server's clock in Unix seconds.
    """
    snapshots = state.snapshots.merged(rows)
    snapshots = snapshots if present is None else snapshots.keeping(present)
    return _view_on(state, snapshots.dated_by(server_now))


def view_without(state: BrowseState, ids: Collection[str]) -> View:
    """Return the view without the snapshots with these ids, in the filter and order of `state`."""
    return _view_on(state, state.snapshots.without(ids))


def _view_on(state: BrowseState, snapshots: Snapshots) -> View:
    view = state.browsing.view
    if snapshots is view.snapshots:
        return view
    changed = state.view_of(snapshots, view.query, view.sort)
    changed.prepare()
    snapshots.places.states(state.sources)
    return changed
