"""The real application under Textual's pilot, on a real demo server."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import pytest
from textual.pilot import Pilot

from snaptui.config.credentials import Credentials
from snaptui.config.settings import Settings, Sourced
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.server import DemoServer
from snaptui.digitalocean.background import BackgroundClient
from snaptui.model.token import Token
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.screens.browse import BrowseScreen
from snaptui.tui.session import Session
from snaptui.tui.widgets.lines import Lines

PATIENCE_SECONDS = 15.0


class Browser:
    """A running application and how to look at it."""

    def __init__(self, app: SnaptuiApp, pilot: Pilot[int], server: DemoServer) -> None:
        self.app = app
        self.pilot = pilot
        self.server = server

    @property
    def browse(self) -> BrowseScreen:
        """The browse screen, whatever covers it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, BrowseScreen))

    @property
    def state(self):  # type: ignore[no-untyped-def]
        return self.browse.state

    async def press(self, *keys: str) -> None:
        """Press keys and let the screen settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", ":": "colon", ">": "greater_than_sign", "-": "minus", "<": "less_than_sign"}
        await self.press(*(names.get(character, character) for character in text))

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait until something is so."""
        for _ in range(int(PATIENCE_SECONDS / 0.02)):
            if fact():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"it never came about; the screen shows:\n{self.text}")

    @property
    def text(self) -> str:
        """What the screen on top draws, line by line, through the compositor."""
        screen = self.app.screen
        strips = screen._compositor.render_strips(screen.size)
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def names(self) -> list[str]:
        """The names of all that the filter lets through, in order."""
        view = self.state.browsing.view
        return [view.at(position).name for position in range(len(view))]
