"""SGR is understood, and the way between two styles is right and short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.terminal.styles import Style, transition

COLOURS = ("", "31", "97", "38;5;9", "38;2;1;2;3")
BACKGROUNDS = ("", "44", "104", "48;5;200", "48;2;9;8;7")
ATTRIBUTES = (1, 2, 3, 4, 5, 7, 8, 9, 53)
STYLES = st.builds(
    Style,
    st.sampled_from(COLOURS),
    st.sampled_from(BACKGROUNDS),
    st.frozensets(st.sampled_from(ATTRIBUTES)),
    st.sampled_from(["", "", "4:3", "58;5;1"]),
)


def _parameters(sequence: str) -> str:
    assert sequence.startswith("\x1b[")
    assert sequence.endswith("m")
    return sequence[2:-1]


@given(old=STYLES, new=STYLES)
def test_a_transition_leads_to_the_new_style(old: Style, new: Style) -> None:
    way = transition(old, new)
    if old == new:
        assert way == ""
    else:
        assert old.applying(_parameters(way)) == new


@pytest.mark.parametrize(
    ("old", "new", "shortest"),
    [
        (Style("31"), Style(), "\x1b[m"),
        (Style("31", "44"), Style("32", "44"), "\x1b[32m"),
        (Style("38;2;1;2;3", "48;2;4;5;6", frozenset({1})), Style("38;2;1;2;3", "48;2;4;5;6"), "\x1b[22m"),
        (Style("31", "", frozenset({1, 2})), Style("31", "", frozenset({2})), "\x1b[22;2m"),
        (Style("31", "44", frozenset({1, 3, 4, 7})), Style("32"), "\x1b[0;32m"),
        (Style(link="id=1;x"), Style(), "\x1b]8;;\x1b\\"),
        (Style(), Style(link="id=1;x"), "\x1b]8;id=1;x\x1b\\"),
    ],
)
def test_the_shortest_way_is_taken(old: Style, new: Style, shortest: str) -> None:
    assert transition(old, new) == shortest


@pytest.mark.parametrize(
    ("parameters", "style"),
    [
        ("", Style()),
        ("1;31;44", Style("31", "44", frozenset({1}))),
        ("38;2;1;2;3;48;5;7;9", Style("38;2;1;2;3", "48;5;7", frozenset({9}))),
        ("31;39;44;49", Style()),
        ("4;21", Style(attributes=frozenset({21}))),
        ("1;2;22", Style()),
        ("31;0;1", Style(attributes=frozenset({1}))),
        ("1;4:3;24", Style(attributes=frozenset({1}), other="4:3;24")),
        ("38;5", Style(other="38;5")),
        ("99999999999", Style(other="99999999999")),
        ("4:3;0", Style()),
    ],
)
def test_parameters_are_understood_or_kept_as_they_are(parameters: str, style: Style) -> None:
    assert Style().applying(parameters) == style


def test_a_reset_does_not_end_a_link() -> None:
    assert Style("31", link="id=1;x").applying("0") == Style(link="id=1;x")
