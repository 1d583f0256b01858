"""The colours of the default theme: every text colour is at least 4.5:1 on every background it is drawn on.

All are colours of the 256-colour palette: they look the same on terminals without true colour, and the driver names
them by their number, in half the bytes.
"""

from collections.abc import Mapping
from typing import Final

from rich.style import Style
from textual.theme import Theme

from snaptui.text.lines import Role

# Textual calculates shades of a theme's own colours, and rounds; variables are taken as they are.
_COLOURS: Final = {
    "primary": "#5fafff",
    "accent": "#87ffff",
    "foreground": "#dadada",
    "background": "#121212",
    "surface": "#121212",
    "panel": "#262626",
    "success": "#87d787",
    "warning": "#ffd75f",
    "error": "#ff8787",
    "dim": "#9e9e9e",
    "cursor": "#ffffff",
    "cursor-background": "#005f87",
    # The palette's list of commands, which never has the focus.
    "block-cursor-blurred-background": "#005f87",
    "block-cursor-blurred-foreground": "#ffffff",
}
SNAPTUI_DARK: Final = Theme(
    name="snaptui-dark",
    dark=True,
    primary=_COLOURS["primary"],
    text_alpha=1.0,
    background=_COLOURS["background"],
    foreground=_COLOURS["foreground"],
    variables=_COLOURS,
)
# Styles of the sheet would have to be matched for each role of each widget, before the first frame.
ROLES: Final[Mapping[Role, Style]] = {
    "plain": Style(color=_COLOURS["foreground"]),
    "dim": Style(color=_COLOURS["dim"]),
    "strong": Style(color=_COLOURS["foreground"], bold=True),
    "accent": Style(color=_COLOURS["accent"]),
    "good": Style(color=_COLOURS["success"]),
    "warn": Style(color=_COLOURS["warning"]),
    "bad": Style(color=_COLOURS["error"]),
    "key": Style(color=_COLOURS["primary"], bold=True),
    "off": Style(color=_COLOURS["dim"], strike=True),
    "head": Style(color=_COLOURS["dim"]),
}
CURSOR: Final = Style(color=_COLOURS["cursor"], bgcolor=_COLOURS["cursor-background"])
BLURRED_CURSOR: Final = Style(color=_COLOURS["foreground"], bgcolor=_COLOURS["panel"])
