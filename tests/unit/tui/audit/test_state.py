"""The state of the audit screen: what is under the cursor."""

from msgspec.structs import replace

from snaptui.audit.dimensions import Dimension
from snaptui.inventory.snapshots import Snapshots
from snaptui.tui.audit.screen import grouped
from snaptui.tui.audit.state import AuditState
from snaptui.tui.browse.state import BrowseState
from tests.unit.audit.rows import row


def subject(*ids: str) -> BrowseState:
    names = {"1": "web", "2": "db", "3": "db", "4": "log"}
    return BrowseState().holding(Snapshots(row(one, names[one]) for one in ids))


def ids_of(state: AuditState) -> list[str]:
    return [] if state.chosen is None else [one.id for one in state.chosen.members]


def test_a_group_has_the_members_that_were_counted_also_when_the_list_has_changed_since() -> None:
    state = AuditState(subject("1", "2", "3", "4"))
    state = replace(state, grouping=grouped(state, Dimension.FAMILY))
    assert state.group is not None
    assert (state.group.label, ids_of(state)) == ("db", ["2", "3"])
    changed = replace(state, subject=subject("2", "3", "4"))
    assert ids_of(changed) == ["2", "3"]
    assert changed.chosen is not None
    assert list(changed.chosen.found_in(changed.subject.snapshots)) == [0, 1]
    assert replace(changed, grouping=None).chosen is None


def test_while_the_list_changes_the_cursor_stays_on_its_group() -> None:
    state = AuditState(subject("1", "2"))
    state = state.regrouped(grouped(state, Dimension.FAMILY))
    labels = [group.label for group in state.groups_in_sight]
    state = state.moved_to(labels.index("web"))
    changed = replace(state, subject=subject("1", "2", "3", "4"))
    changed = changed.regrouped(grouped(changed, Dimension.FAMILY))
    assert changed.group is not None
    assert changed.group.label == "web"
    assert ids_of(changed) == ["1"]
    gone = replace(changed, subject=subject("2", "3", "4"))
    gone = gone.regrouped(grouped(gone, Dimension.FAMILY))
    assert gone.group is not None
    assert [group.label for group in gone.groups_in_sight] == ["db", "log"]


def test_groups_of_another_dimension_begin_at_the_top_whatever_is_called_alike() -> None:
    state = AuditState(subject("1", "2", "3", "4"))
    state = state.regrouped(grouped(state, Dimension.FAMILY)).moved_to(2)
    by_region = state.by(Dimension.REGION)
    assert by_region.regrouped(grouped(by_region, Dimension.REGION)).cursor == 0
