"""Themes: the terminal's own palette, and four with colours of their own.

Every text colour of the latter is at least 4.5:1 on every background it is drawn on. All are colours of the 256-colour
palette: they look the same on terminals without true colour, and the driver names them by their number, in half the
bytes. In the terminal's own palette text has its default colours, bold and reverse, and only signs are coloured: which
colours can be read there nobody but its owner knows.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from snaptui.config.settings import DEFAULT_THEME
from snaptui.text.lines import Role

_DARK: Final = {
    "primary": "#5fafff",
    "accent": "#87ffff",
    "foreground": "#dadada",
    "background": "#121212",
    "panel": "#262626",
    "success": "#87d787",
    "warning": "#ffd75f",
    "error": "#ff8787",
    "dim": "#9e9e9e",
    "cursor": "#ffffff",
    "cursor-background": "#005f87",
}
_LIGHT: Final = {
    "primary": "#005faf",
    "accent": "#005f87",
    "foreground": "#1c1c1c",
    "background": "#eeeeee",
    "panel": "#dadada",
    "success": "#005f00",
    "warning": "#5f5f00",
    "error": "#af0000",
    "dim": "#4e4e4e",
    "cursor": "#ffffff",
    "cursor-background": "#005f87",
}
_HIGH_CONTRAST: Final = {
    "primary": "#87d7ff",
    "accent": "#00ffff",
    "foreground": "#ffffff",
    "background": "#080808",
    "panel": "#1c1c1c",
    "success": "#5fff5f",
    "warning": "#ffff5f",
    "error": "#ffafaf",
    "dim": "#d0d0d0",
    "cursor": "#080808",
    "cursor-background": "#ffff00",
}
# Nothing is told by red against green: blue is good, yellow a warning, orange bad.
_COLOUR_BLIND: Final = {
    "primary": "#5fafff",
    "accent": "#87d7ff",
    "foreground": "#dadada",
    "background": "#121212",
    "panel": "#262626",
    "success": "#5fafff",
    "warning": "#ffff87",
    "error": "#ff8700",
    "dim": "#a8a8a8",
    "cursor": "#ffffff",
    "cursor-background": "#005f87",
}
_TERMINAL: Final = dict.fromkeys(_DARK, "ansi_default")


class Look(Struct, frozen=True):
    """Look of a theme: Textual's part, the style of each role, and the row under the cursor with and without keys."""

    theme: Theme
    roles: Mapping[Role, Style]
    cursor: Style
    blurred_cursor: Style


def _own(name: str, colours: Mapping[str, str], *, dark: bool = True) -> Look:
    """Return a look with colours of its own.

    Styles of the sheet would have to be matched for each role of each widget, before the first frame.
    """
    accent, good, warn = (Style(color=colours[name]) for name in ("accent", "success", "warning"))
    bad, dim = Style(color=colours["error"]), Style(color=colours["dim"])
    plain = Style(color=colours["foreground"])
    bold = Style(bold=True)
    roles: dict[Role, Style] = {
        "plain": plain,
        "dim": dim,
        "strong": plain + bold,
        "accent": accent,
        "good": good,
        "warn": warn,
        "bad": bad,
        "key": Style(color=colours["primary"], bold=True),
        "off": dim,
        "head": dim,
        "sorted": plain + bold,
        "mark": accent,
        "protected": good,
        "orphan": warn,
        "newest": accent,
        "old": dim,
        "damaged": bad,
    }
    cursor = Style(color=colours["cursor"], bgcolor=colours["cursor-background"], bold=True)
    blurred = Style(color=colours["foreground"], bgcolor=colours["panel"], bold=True)
    return Look(_theme(name, colours, dark=dark), roles, cursor, blurred)


def _terminals() -> Look:
    plain, bold = Style(), Style(bold=True)
    # Not bold: many terminals draw bold in the bright half of the palette, which in Solarized holds shades of grey.
    red, green, cyan = (Style(color=name) for name in ("red", "green", "cyan"))
    roles: dict[Role, Style] = {
        "plain": plain,
        "dim": plain,
        "strong": bold,
        "accent": bold,
        "good": plain,
        "warn": bold,
        "bad": bold,
        "key": bold,
        "off": plain,
        "head": Style(underline=True),
        "sorted": Style(underline=True, bold=True),
        "mark": cyan,
        "protected": green,
        "orphan": red,
        "newest": cyan,
        "old": plain,
        "damaged": red,
    }
    return Look(_theme(DEFAULT_THEME, _TERMINAL, ansi=True), roles, Style(bold=True, reverse=True), bold)


def _theme(name: str, colours: Mapping[str, str], *, dark: bool = True, ansi: bool = False) -> Theme:
    # Textual calculates shades of a theme's own colours, and rounds; variables are taken as they are.
    variables = {
        **(BUILTIN_THEMES["ansi-dark"].variables if ansi else {}),  # Textual's own sheets ask for them
        **colours,
        "surface": colours["background"],
        # The palette's list of commands, which never has the focus.
        "block-cursor-blurred-background": "ansi_white" if ansi else colours["cursor-background"],
        "block-cursor-blurred-foreground": "ansi_black" if ansi else colours["cursor"],
    }
    return Theme(
        name=name,
        dark=dark,
        ansi=ansi,
        primary=colours["primary"],
        text_alpha=1.0,
        background=colours["background"],
        foreground=colours["foreground"],
        variables=variables,
    )


LOOKS: Final[Mapping[str, Look]] = {
    look.theme.name: look
    for look in (
        _terminals(),
        _own("dark", _DARK),
        _own("light", _LIGHT, dark=False),
        _own("high-contrast", _HIGH_CONTRAST),
        _own("colour-blind", _COLOUR_BLIND),
    )
}
THEMES: Final = {name: look.theme for name, look in LOOKS.items()}
