"""Lines of the audit's groups: bars by cost, signs of what is marked and gone, and sums that are never cut."""

import pytest
from msgspec.structs import replace

from snaptui.audit.dimensions import Dimension
from snaptui.audit.groups import Grouping
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Resource, SourceList, Sources
from snaptui.text.lines import Line, width_of
from snaptui.tui.audit.group_lines import BAR, group_heading, group_lines, sum_of_groups
from snaptui.tui.audit.state import AuditState, Place
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import showing, view_with

DAY = 86_400.0
ROWS = [
    Snapshot("1", "web-1", None, 100 * DAY, ("nyc1", "sfo2"), 1, 100.0, "7", "droplet", ()),
    Snapshot("2", "web-2", None, 50 * DAY, ("nyc1",), 1, 100.0, "8", "droplet", ()),
    Snapshot("3", "db", None, None, ("ams3",), 1, 50.0, "7", "droplet", ()),
    Snapshot("4", "odd-" + 20 * "name", None, 1 * DAY, ("ams3",), 1, None, "8", "droplet", ()),
]
SOURCES = Sources(SourceList.of([Resource("7", "web", None, (), None)], None))


def audit(dimension: Dimension) -> AuditState:
    subject = showing(BrowseState(), view_with(BrowseState(), ROWS))
    subject = replace(subject, now=110 * DAY, sources=SOURCES)
    view = subject.browsing.view
    grouping = Grouping(view.snapshots, view.selected, dimension, subject.context)
    return AuditState(subject, Place(dimension=dimension), grouping=grouping)


def text(shown: Line) -> str:
    return "".join(piece.text for piece in shown)


def lines(state: AuditState, width: int = 80) -> list[str]:
    return [text(each) for each in group_lines(state, width)]


def test_the_bar_of_the_dearest_is_the_longest_and_the_others_are_in_proportion() -> None:
    dearest, other = lines(audit(Dimension.SOURCE))
    assert dearest.count(BAR) > other.count(BAR) > 0
    assert round(other.count(BAR) / dearest.count(BAR), 1) == round(100 / 150, 1)
    assert "60 %" in dearest
    assert "40 %" in other


def test_a_source_that_is_gone_says_so_and_the_cursor_and_marks_have_their_signs() -> None:
    state = audit(Dimension.SOURCE)
    assert state.grouping is not None
    state = replace(state, marked=frozenset({state.grouping.at(1).query}))
    first, second = lines(state)
    assert first.startswith("▸ ")
    assert " gone " not in first
    assert second.startswith(" ●")
    assert " gone " in second


@pytest.mark.parametrize("width", [40, 56, 72, 80, 140])
def test_numbers_stand_below_their_headings_at_every_width(width: int) -> None:
    state = audit(Dimension.FAMILY)
    heading = text(group_heading(state, width))
    assert ("SIZE" in heading) == (width >= 56)
    assert ("OLDEST" in heading) == (width >= 72)
    for shown in lines(state, width):
        assert len(shown) <= width
        end = heading.index("$/MO") + len("$/MO")
        assert shown[end - 1].isdecimal()
        assert shown[end : end + 1] in ("", " ")


def test_an_unknown_date_is_a_question_mark_and_an_age_is_short() -> None:
    shown = {line[3:].split()[0]: line for line in lines(audit(Dimension.FAMILY), 100)}
    assert shown["db"].split()[-2:] == ["?", "?"]
    assert shown["web-1"].split()[-4:] == ["10", "d", "10", "d"]


def test_before_the_groups_are_made_and_where_there_are_none_that_is_said() -> None:
    state = audit(Dimension.SOURCE)
    assert lines(replace(state, grouping=None)) == ["   adding up …"]
    empty = BrowseState().browsing.view
    none = Grouping(empty.snapshots, empty.selected, Dimension.SOURCE, state.subject.context)
    assert lines(replace(state, grouping=none)) == ["   there are no snapshots to group"]


@pytest.mark.parametrize("width", range(20, 140, 7))
def test_sums_are_said_whole_or_in_a_shorter_wording(width: int) -> None:
    state = audit(Dimension.REGION)
    assert state.grouping is not None
    said = sum_of_groups(state.grouping, state, width, 3)
    assert len(said) == 2  # groups of regions overlap
    for each in said:
        assert width_of(each) <= width
    if width >= 40:
        assert "3 groups · $15.00/mo" in text(said[0])
        assert "…" not in text(said[0])
        assert "overlap" in text(said[1])
