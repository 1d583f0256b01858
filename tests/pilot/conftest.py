"""The real application under Textual's pilot, on a real demo server."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from snaptui.config.credentials import Credentials
from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.journal import Journal
from snaptui.demo.api import DEMO_TOKEN
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.session import Session
from tests.support.server import ScriptedServer

PATIENCE_SECONDS = 15.0


class Browser:
    """A running application and how to look at it."""

    def __init__(self, app: SnaptuiApp, pilot: Pilot[int], server: ScriptedServer) -> None:
        self.app = app
        self.pilot = pilot
        self.server = server

    @property
    def browse(self) -> BrowseScreen:
        """The browse screen, whatever covers it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, BrowseScreen))

    @property
    def state(self) -> BrowseState:
        """The state of the browse screen."""
        return self.browse.state

    @property
    def shows_list(self) -> bool:
        """True when nothing is over the list, not even a framed screen that lets it be seen."""
        return self.app.screen is self.browse

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
        """The lines that the screen on top draws, through the compositor."""
        screen = self.app.screen
        strips = screen._compositor.render_strips(screen.size)
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def colours(self) -> set[str]:
        """The names of all colours on the screen on top."""
        screen = self.app.screen
        strips = screen._compositor.render_strips(screen.size)
        styles = [segment.style for strip in strips for segment in strip if segment.style is not None]
        return {colour.name for style in styles for colour in (style.color, style.bgcolor) if colour is not None}

    @property
    def names(self) -> list[str]:
        """The names of all that the filter lets through, in order."""
        view = self.state.browsing.view
        return [view.at(position).name for position in range(len(view))]


Browse = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    """Open the browser on a server: `async with browse(server, size=(80, 24)) as browser`."""

    @asynccontextmanager
    async def open_browser(
        server: ScriptedServer,
        *,
        size: tuple[int, int] = (80, 24),
        token: str | None = DEMO_TOKEN,
        settings: Settings | None = None,
        query: str = "",
        loaded: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> AsyncIterator[Browser]:
        made = settings or Settings(grace_seconds=Sourced(0.0), max_batch=Sourced(1_000))
        with ExitStack() as stack:

            def connect(given: Token) -> RemoteClient:
                client = RemoteClient(given, base_url=server.url, read_only=made.read_only.value)
                client.start()
                stack.callback(client.close)
                return client

            session = Session(
                client=connect(Token(token)) if token else None,
                connect=connect,
                settings=made,
                credentials=Credentials(Token(token), "test") if token else None,
                api_host=server.url.removeprefix("http://"),
                initial_query=query,
                journal=Journal(tmp_path / "deletions"),
            )
            app = SnaptuiApp(session, clock)
            async with app.run_test(size=size) as pilot:
                browser = Browser(app, pilot, server)
                if loaded:
                    await browser.until(lambda: browser.state.coverage.finished)
                    await browser.until(lambda: browser.state.connection.account_asked)
                    await pilot.pause()
                yield browser

    return open_browser
