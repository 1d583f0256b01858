"""Signs in front of a row: a character, and with it a colour, for what is notable about a snapshot."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import SourceState
from snaptui.text.lines import Piece
from snaptui.tui.browse.state import BrowseState

VERY_OLD_SECONDS: Final = 2 * 365 * 86_400


class Sign(Struct, frozen=True):
    """Sign: a character with the role that colours it, and its meaning in words."""

    piece: Piece
    meaning: str


MARKED: Final = Sign(Piece("●", "mark"), "marked")
IN_DELETION: Final = Sign(Piece("×", "bad"), "in a deletion that has not ended: it cannot be marked again")
DAMAGED: Final = Sign(Piece("!", "damaged"), "damaged: a field is missing or has another form; it cannot be deleted")
PROTECTED: Final = Sign(Piece("■", "protected"), "protected: it can be neither marked nor deleted")
ORPHAN: Final = Sign(Piece("○", "orphan"), "its droplet or volume is gone")
NEWEST: Final = Sign(Piece("▲", "newest"), "the newest of several of its source")
VERY_OLD: Final = Sign(Piece("~", "old"), "older than two years")
# Of several that hold, the first is shown.
NOTABLE: Final = (DAMAGED, PROTECTED, ORPHAN, NEWEST, VERY_OLD)
NO_SIGN: Final = Piece(" ")


def mark_of(snapshot: Snapshot, state: BrowseState) -> Piece:
    """Return the sign of a mark, or of a deletion that has not ended."""
    if snapshot.id in state.standings.open_ids:
        return IN_DELETION.piece
    return MARKED.piece if snapshot.id in state.browsing.marks else NO_SIGN


class Signs:
    """Cache of the signs of rows, emptied when list, sources, guards or time change."""

    def __init__(self) -> None:
        self._basis: tuple[object, ...] = ()
        self._known: dict[str, Piece] = {}
        self._refusal: Callable[[Snapshot], str | None] = lambda _: None

    def look_at(self, state: BrowseState) -> None:
        """Take over a state: what was known is forgotten if something has changed that it follows from."""
        basis = (state.snapshots, state.sources, state.guards, state.now)
        if len(basis) != len(self._basis) or any(new is not old for new, old in zip(basis, self._basis, strict=True)):
            self._basis = basis
            self._known.clear()
            self._refusal = state.guards.judge(state.context)

    def of(self, snapshot: Snapshot, state: BrowseState) -> Piece:
        """Return the sign of a row of the state looked at."""
        sign = self._known.get(snapshot.id)
        if sign is None:
            sign = self._known[snapshot.id] = self._found(snapshot, state)
        return sign

    def _found(self, snapshot: Snapshot, state: BrowseState) -> Piece:
        if snapshot.damage:
            return DAMAGED.piece
        if self._refusal(snapshot):
            return PROTECTED.piece
        if state.sources.state_of(snapshot) is SourceState.GONE:
            return ORPHAN.piece
        place = state.snapshots.places.source_place(snapshot)
        if place is not None and place.nth == 1 and place.of > 1:
            return NEWEST.piece
        if snapshot.created is not None and state.now - snapshot.created > VERY_OLD_SECONDS:
            return VERY_OLD.piece
        return NO_SIGN
