"""Every text colour can be read on every background it is drawn on, and has a number in the palette."""

from typing import Final

import pytest
from textual.color import Color

from snaptui.terminal.styles import Style
from snaptui.tui.theme import SNAPTUI_DARK

LEAST_CONTRAST: Final = 4.5
ROLES: Final = ("foreground", "dim", "primary", "accent", "success", "warning", "error")
SIGNS: Final = ("accent", "warning")
PAIRS: Final = (
    *((text, "background") for text in ROLES),
    *((text, "panel") for text in ROLES),
    *((text, "cursor-background") for text in ("cursor", "foreground", *SIGNS)),
    ("background", "foreground"),  # the cursor in a text field
)


@pytest.mark.parametrize(("text", "background"), PAIRS)
def test_a_text_can_be_read_on_its_background(text: str, background: str) -> None:
    lighter, darker = sorted((_luminance(text), _luminance(background)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= LEAST_CONTRAST


def _luminance(name: str) -> float:
    """Return the relative luminance that WCAG defines."""
    channels = (channel / 255 for channel in Color.parse(SNAPTUI_DARK.variables[name]).rgb)
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", SNAPTUI_DARK.variables)
def test_a_colour_has_a_number_in_the_palette(name: str) -> None:
    red, green, blue = Color.parse(SNAPTUI_DARK.variables[name]).rgb
    assert Style().applying(f"38;2;{red};{green};{blue}").foreground.startswith("38;5;")
