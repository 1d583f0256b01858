"""Contrast of everything on the screen, in every theme with colours of its own and on every kind of screen."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from rich.color import Color as RichColor
from textual.color import Color

from snaptui.config.settings import Settings, Sourced
from snaptui.tui.theme import THEMES
from tests.support.contrast import contrast
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
LEAST_CONTRAST: Final = 4.5
OWN: Final = [name for name, theme in THEMES.items() if not theme.ansi]
SCREENS: Final[dict[str, tuple[str, ...]]] = {
    "table": ("space", "j"),
    "a filter that is wrong": (*"/age", "greater_than_sign"),
    "nothing that matches": (*"/nosuchname", "enter"),
    "details": ("enter",),
    "review": ("space", "space", "d"),
    "audit": ("a", "j"),
    "findings": ("a", "tab", "j"),
    "keep policy": ("K", "j"),
    "a number of the keep policy": ("K", "tab"),
    "export": ("e",),
    "help": ("question_mark",),
    "palette": ("ctrl+p",),
}


def texts(browser: Browser) -> Iterator[tuple[str, RichColor | None, RichColor | None]]:
    """Return every text on the screen that has letters or digits, with its colour and that behind it."""
    screen = browser.app.screen
    for strip in screen._compositor.render_strips(screen.size):
        for segment in strip:
            if any(map(str.isalnum, segment.text)) and segment.style is not None:
                style = segment.style
                front, back = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
                yield segment.text, front, back


@pytest.mark.parametrize("theme", OWN)
async def test_every_text_on_every_screen_can_be_read(serve: Serve, browse: Browse, theme: str) -> None:
    server = serve()
    for name, keys in SCREENS.items():
        async with browse(server, size=(120, 40), settings=Settings(theme=Sourced(theme))) as browser:
            await browser.press(*keys)
            await browser.until(lambda: any(True for _ in texts(browser)))
            for text, front, back in texts(browser):
                assert front is not None, (name, text)
                assert back is not None, (name, text)
                ratio = contrast(Color.from_rich_color(front), Color.from_rich_color(back))
                assert ratio >= LEAST_CONTRAST, f"{name}: {text!r} {front.name} on {back.name}: {ratio:.2f}"
