"""Takes the pictures of the README: the real program on the demo account, over real HTTP.

Run it as `python screenshots/take.py`; it writes `*.svg` beside itself.
"""

import asyncio
import os
import time
from pathlib import Path
from typing import Final

from textual.pilot import Pilot

from snaptui.config.credentials import Credentials
from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.journal import Journal
from snaptui.demo.account import DemoAccount
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.server import DemoServer
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.details.screen import DetailsScreen
from snaptui.tui.session import Session

HERE: Final = Path(__file__).parent
NOW: Final = 1_790_000_000.0
SCENES: Final[dict[str, tuple[str, ...]]] = {
    "browse": (),
    "filter": (*"/web", "enter", "3"),
    "marked": ("3", "space", "space", "j", "space"),
    "review": ("3", "space", "space", "j", "space", "d"),
    "details": ("3", "j", "enter"),
    "help": ("question_mark",),
}
SIZES: Final = ((80, 24), (120, 40))


def use_utc() -> None:
    """Show the same local times on every machine."""
    os.environ["TZ"] = "UTC"
    time.tzset()


async def take(name: str, keys: tuple[str, ...], size: tuple[int, int], folder: Path) -> Path:
    """Press the keys in a fresh browser and save what it shows; returns the picture's path."""
    with DemoServer(DemoAccount.generate(now=NOW), clock=lambda: NOW) as server:
        client = RemoteClient(Token(DEMO_TOKEN), base_url=server.url)
        client.start()
        session = Session(
            client=client,
            connect=lambda _token: client,
            settings=Settings(api_url=Sourced(server.url)),
            credentials=Credentials(Token(DEMO_TOKEN), "--demo"),
            api_host="127.0.0.1:8080",
            demo=True,
            journal=Journal(folder / "deletions"),
        )
        app = SnaptuiApp(session, clock=lambda: NOW)
        async with app.run_test(size=size) as pilot:
            await _loaded(app, pilot)
            await pilot.press(*keys)
            await pilot.pause()
            while isinstance(app.screen, DetailsScreen) and not app.screen.answer:
                await pilot.pause(0.01)
            path = folder / f"{name}-{size[0]}x{size[1]}.svg"
            path.write_text(app.export_screenshot(title="snaptui --demo"))
        client.close()
    return path


async def _loaded(app: SnaptuiApp, pilot: Pilot[int]) -> None:
    screen = app.screen
    while not (
        isinstance(screen, BrowseScreen)
        and screen.state.coverage.finished
        and screen.state.connection.account
        and screen.state.sources.volumes.problem is None
        and screen.state.rate_limit
        and screen.state.rate_limit.remaining == 4_993
    ):
        await pilot.pause(0.01)
        screen = app.screen


async def main() -> None:
    """Take every scene at every size."""
    use_utc()
    for name, keys in SCENES.items():
        for size in SIZES:
            print(await take(name, keys, size, HERE))


if __name__ == "__main__":
    asyncio.run(main())
