"""Sums of the audit screen: told whole or shorter, and never without their doubt."""

import pytest
from msgspec.structs import replace

from snaptui.audit.dimensions import Dimension
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.tui.audit.screen import grouped
from snaptui.tui.audit.state import AuditState
from snaptui.tui.audit.words import bottom_lines
from snaptui.tui.browse.state import BrowseState
from tests.unit.audit.rows import NOW, row


def said(width: int, *, complete: bool, sized: bool) -> list[str]:
    sizes = [10.0] * 8_000 + ([] if sized else [None])
    listed = Snapshots(row(str(number), size=size, tags=("a", "b")) for number, size in enumerate(sizes))
    subject = replace(BrowseState(now=NOW), coverage=Coverage(finished=complete)).holding(listed)
    state = AuditState(subject)
    state = replace(state, grouping=grouped(state, Dimension.TAG))
    return ["".join(piece.text for piece in line) for line in bottom_lines(state, width)]


@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize("width", [40, 41, 47, 60, 80, 100, 120, 140])
def test_sums_and_their_doubts_are_never_cut(width: int, complete: bool, sized: bool) -> None:
    sums, overlap, _ = said(width, complete=complete, sized=sized)
    assert all(len(text) <= width and "…" not in text for text in (sums, overlap))
    assert sums.startswith(" 2 groups · $4,800.00/mo")
    assert ("so far" in sums) == (not complete)
    assert (" +" in sums or "of unknown size" in sums) == (not sized)
    assert "overlap" in overlap
