"""Words about siblings: the other snapshots of a source, and the newest of them after a deletion."""

from typing import Final

from snaptui.model.snapshot import Snapshot
from snaptui.text.amounts import age, gigabytes_in, usd_per_month
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.lines import BLANK, Line, Piece, fit, line
from snaptui.text.safe import visible
from snaptui.tui.browse.state import BrowseState

_AGE_WIDTH: Final = 9
_SIZE_WIDTH: Final = 9
_NOTE_WIDTH: Final = 7
_LEAST_NAME: Final = 8
_LEAST_ROWS: Final = 3


def sibling_lines(state: BrowseState, width: int, height: int) -> list[Line]:
    """Return at most `height` lines about the source of the row under the cursor; none where it is its only one."""
    current, snapshots = state.browsing.current, state.snapshots
    numbers = () if current is None else snapshots.places.siblings(current)
    room = height - 2  # below a blank line and the heading
    if current is None or len(numbers) < 2 or room < min(len(numbers), _LEAST_ROWS):
        return []
    cents = sum(map(snapshots.sums.cents.__getitem__, numbers))
    heading = line(Piece(" Same source", "accent"), Piece(f"  {len(numbers):,} · {usd_per_month(cents / 100)}"))
    targets = state.browsing.marks or {current.id}
    shown = numbers if len(numbers) <= room else numbers[: room - 1]
    left = next((row for row in map(snapshots.rows.__getitem__, numbers) if row.id not in targets), None)
    rows = [_row(row, state, width, _note(row, left, state)) for row in map(snapshots.rows.__getitem__, shown)]
    if len(numbers) > room:
        rows.append(line(Piece(f"   {len(numbers) - len(shown):,} more", "dim")))
    if left is None:
        rows[-1] = line(Piece(" ! none would be left", "warn"))
    return [BLANK, fit(heading, width), *rows]


def _note(sibling: Snapshot, left: Snapshot | None, state: BrowseState) -> str:
    """Say which is the newest, and which would be once the targets are gone: the first that is left of those dated."""
    place = state.snapshots.places.source_place(sibling)
    if place is None or place.nth is None:
        return ""
    return "newest" if place.nth == 1 else "then" if sibling is left else ""


def _row(sibling: Snapshot, state: BrowseState, width: int, note: str) -> Line:
    here = "▸" if sibling.id == state.browsing.cursor_id else " "
    mark = Piece("●", "mark") if sibling.id in state.browsing.marks else Piece(" ")
    name_width = max(_LEAST_NAME, width - 3 - _AGE_WIDTH - _SIZE_WIDTH - _NOTE_WIDTH - 3)
    name = pad(shorten_middle(visible(sibling.name), name_width), name_width)
    old = "" if sibling.created is None else age(state.now - sibling.created)
    size = "unknown" if sibling.size_gigabytes is None else gigabytes_in(sibling.size_gigabytes, _SIZE_WIDTH)
    cells = f"{name} {pad(old, _AGE_WIDTH, right=True)} {pad(size, _SIZE_WIDTH, right=True)}"
    return fit(line(mark, f"{here} {cells}", Piece(f" {note}", "strong") if note else None), width)
