"""Every text colour can be read on every background it is drawn on, and has a number in the palette."""

from itertools import product
from typing import Final

import pytest
from rich.style import Style
from textual.color import Color

from snaptui.config import settings
from snaptui.terminal.styles import Style as Drawn
from snaptui.tui.theme import LOOKS, THEMES
from tests.support.contrast import contrast

LEAST_CONTRAST: Final = 4.5
OWN: Final = [name for name, theme in THEMES.items() if not theme.ansi]
TEXTS: Final = ("foreground", "dim", "primary", "accent", "success", "warning", "error")
PAIRS: Final = (*product(TEXTS, ("background", "panel")), ("cursor", "cursor-background"), ("background", "foreground"))


@pytest.mark.parametrize("theme", OWN)
@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_a_text_can_be_read_on_its_background(theme: str, text: str, background: str) -> None:
    colours = THEMES[theme].variables
    assert contrast(Color.parse(colours[text]), Color.parse(colours[background])) >= LEAST_CONTRAST


@pytest.mark.parametrize("theme", OWN)
def test_roles_have_no_colour_but_those_that_were_measured(theme: str) -> None:
    measured = set(THEMES[theme].variables.values())
    styles = [*LOOKS[theme].roles.values(), LOOKS[theme].cursor, LOOKS[theme].blurred_cursor]
    drawn = {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour is not None}
    assert drawn <= measured


@pytest.mark.parametrize("theme", OWN)
def test_a_colour_has_a_number_in_the_palette(theme: str) -> None:
    for colour in THEMES[theme].variables.values():
        red, green, blue = Color.parse(colour).rgb
        assert Drawn().applying(f"38;2;{red};{green};{blue}").foreground.startswith("38;5;"), colour


@pytest.mark.parametrize("theme", LOOKS)
def test_the_row_under_the_cursor_is_told_by_more_than_its_background(theme: str) -> None:
    look = LOOKS[theme]
    assert look.cursor.bold
    assert look.blurred_cursor.bold
    assert look.cursor != look.blurred_cursor


def test_text_in_the_terminals_palette_has_its_default_colours() -> None:
    signs = {"mark", "protected", "orphan", "newest", "old", "damaged"}
    look = LOOKS["terminal"]
    texts = [style for role, style in look.roles.items() if role not in signs]
    for style in (*texts, look.cursor, look.blurred_cursor):
        assert (style.color, style.bgcolor) == (None, None)
    coloured = [style.color for role, style in look.roles.items() if role in signs and style.color]
    assert coloured
    assert all(colour.number is not None and colour.number < 8 for colour in coloured)
    assert not any(style.bold for role, style in look.roles.items() if role in signs and style.color)


def test_a_warning_is_not_told_from_what_is_good_by_red_and_green() -> None:
    roles = LOOKS["colour-blind"].roles
    for role in ("bad", "warn"):
        assert _blue(roles["good"]) > _blue(roles[role])


def _blue(style: Style) -> int:
    assert style.color is not None
    colour = style.color.get_truecolor()
    return colour.blue - colour.red


def test_the_themes_are_those_that_can_be_set() -> None:
    assert tuple(LOOKS) == settings.THEMES
