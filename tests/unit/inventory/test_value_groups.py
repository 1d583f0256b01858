"""Groups of rows that have the same words: a text or a choice is judged once for each group."""

from array import array

from snaptui.inventory.value_groups import Groups, placed

VALUES = [("nyc1", "sfo2"), None, ("ams3",), ("nyc1", "sfo2"), (), ("Ams3",)]


def test_groups_stand_in_the_order_of_their_words_and_those_without_come_last() -> None:
    groups = Groups(range(len(VALUES)), VALUES)
    assert groups.words[:3] == [("Ams3",), ("ams3",), ("nyc1", "sfo2")]
    assert set(groups.words[3:]) == {None, ()}
    assert groups.known == 4
    assert not groups.sorted  # no words and unknown words have the same text
    assert list(groups.rows[:4]) == [5, 2, 0, 3]


def test_rows_of_a_group_stay_as_they_were_in_the_base() -> None:
    assert list(Groups([3, 2, 1, 0], VALUES[:1] * 4).rows) == [3, 2, 1, 0]
    assert list(placed([2, 0, 1], [1, 0, 0], [0, 2])) == [2, 1, 0]
    assert placed([], [], []) == array("i")


def test_a_text_is_found_in_any_of_the_words_whatever_their_case() -> None:
    groups = Groups(range(len(VALUES)), VALUES)
    assert list(groups.having("ams")) == [2, 5]
    assert list(groups.having("sfo")) == [0, 3]
    assert list(groups.having("zzz")) == []


def test_few_and_many_wanted_groups_give_the_same_rows_as_one_by_one() -> None:
    groups = Groups(range(len(VALUES)), VALUES)
    for wanted in range(1 << len(groups.words)):
        chosen = [wanted >> place & 1 for place in range(len(groups.words))]
        rows = {row for row, value in enumerate(VALUES) if chosen[groups.words.index(value)]}
        assert set(groups.selected(chosen)) == rows
