"""Words of the audit screen for checks that could not be made."""

from snaptui.audit.dimensions import Dimension
from snaptui.audit.findings import Finding
from snaptui.audit.groups import Grouping
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.query import QueryContext
from snaptui.tui.audit.state import AuditState, Results
from snaptui.tui.audit.words import bottom_lines
from snaptui.tui.browse.state import BrowseState


def below(*found: Finding) -> str:
    grouping = Grouping(Snapshots([]), RowSet(), Dimension.FAMILY, QueryContext(0.0))
    state = AuditState(BrowseState(), grouping=grouping, results=Results(found, ()))
    return "\n".join("".join(piece.text for piece in line) for line in bottom_lines(state, 80))


def test_a_check_that_could_not_be_made_is_not_counted_as_zero() -> None:
    unread = Finding("orphans", "", "", Totals(), "is:orphan", 3, "droplets could not be read", unread=True)
    assert "? orphans" in below(unread)
    assert "0 orphans" not in below(unread)
    assert "0 orphans $0.00" in below(Finding("orphans", "", "", Totals(), "is:orphan"))
