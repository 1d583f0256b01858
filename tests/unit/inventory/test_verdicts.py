"""Verdicts of many rows at once, against the three-valued logic of one."""

from hypothesis import given
from hypothesis import strategies as st

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.verdicts import Verdicts
from snaptui.query.causes import Cause

FIRST, SECOND = Cause("tags were not read", unread=True), Cause("it has no date", unread=False)
Judged = list[bool | None]
TRUTHS: st.SearchStrategy[Judged] = st.lists(st.sampled_from([True, False, None]), min_size=6, max_size=6)


def of(truths: Judged, cause: Cause, left: RowSet) -> Verdicts:
    yes = RowSet(bytes(truth is True for truth in truths))
    return Verdicts.because(yes, RowSet(bytes(truth is None for truth in truths)), cause).within(left)


def truths_of(verdicts: Verdicts) -> Judged:
    return [True if n in verdicts.yes else None if n in verdicts.unknown else False for n in range(verdicts.yes.size)]


def every_doubt_has_a_cause(verdicts: Verdicts) -> bool:
    causes = RowSet(bytes(6))
    for rows in verdicts.causes.values():
        causes = causes | rows
    return causes == verdicts.unknown


@given(TRUTHS, TRUTHS)
def test_and_or_and_not_are_those_of_three_valued_logic(one: Judged, other: Judged) -> None:
    everything = RowSet.everything(6)
    a = of(one, FIRST, everything)
    both = a.and_(of(other, SECOND, a.possible))
    assert truths_of(both) == [
        False if False in pair else None if None in pair else True for pair in zip(one, other, strict=True)
    ]
    either = a.or_(of(other, SECOND, everything - a.yes))
    assert truths_of(either) == [
        True if True in pair else None if None in pair else False for pair in zip(one, other, strict=True)
    ]
    assert truths_of(a.negated(everything)) == [None if truth is None else not truth for truth in one]
    assert all(map(every_doubt_has_a_cause, (both, either, a.negated(everything))))


@given(TRUTHS, st.sets(st.integers(0, 5)))
def test_verdicts_within_some_rows_say_nothing_of_the_others(truths: Judged, numbers: set[int]) -> None:
    found = of(truths, FIRST, RowSet.of(numbers, 6))
    assert truths_of(found) == [truth if number in numbers else False for number, truth in enumerate(truths)]
    assert every_doubt_has_a_cause(found)
