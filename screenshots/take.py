"""Takes pictures of the real program on the demo account, over real HTTP.

`python screenshots/take.py` takes those of the README, as `*.svg` beside itself. With a folder,
`python screenshots/take.py FOLDER` makes a contact sheet there: each scene in each theme at each size, on one page.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from textual.pilot import Pilot

from snaptui.config.credentials import Credentials
from snaptui.config.settings import THEMES, Settings, Sourced
from snaptui.deletion.journal import Journal
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.demo.server import DemoServer
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.browse.detail_pane import DetailPane
from snaptui.tui.browse.screen import WIDE, BrowseScreen
from snaptui.tui.details.screen import DetailsScreen
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.session import Session

HERE: Final = Path(__file__).parent
NOW: Final = 1_790_000_000.0
MARKED: Final = ("space", "space", "j", "space")
# Keys of each scene; what follows the review waits until it takes keys.
SCENES: Final[dict[str, tuple[str, ...]]] = {
    "browse": (),
    "filter": (*"/web", "enter"),
    "marked": MARKED,
    "review": (*MARKED, "d"),
    "details": ("j", "enter"),
    "help": ("question_mark",),
}
MORE_SCENES: Final[dict[str, tuple[str, ...]]] = {
    **SCENES,
    "deletions": (*MARKED, "d", "3", "enter", "l"),
}
SIZES: Final = ((80, 24), (120, 40))
MORE_SIZES: Final = ((20, 10), (40, 10), (60, 16), *SIZES, (200, 50), (300, 80))
README_THEME: Final = "dark"


def use_utc() -> None:
    """Show the same local times on every machine."""
    os.environ["TZ"] = "UTC"
    time.tzset()


async def take(
    name: str, keys: tuple[str, ...], size: tuple[int, int], folder: Path, theme: str = README_THEME
) -> Path:
    """Press the keys in a fresh browser and save what it shows; returns the picture's path."""
    with TemporaryDirectory() as state, DemoServer(generated_account(now=NOW), clock=lambda: NOW) as server:
        client = RemoteClient(Token(DEMO_TOKEN), base_url=server.url)
        client.start()
        session = Session(
            client=client,
            connect=lambda _token: client,
            settings=Settings(api_url=Sourced(server.url), theme=Sourced(theme)),
            credentials=Credentials(Token(DEMO_TOKEN), "--demo"),
            api_host="127.0.0.1:8080",
            demo=True,
            journal=Journal(Path(state)),
        )
        app = SnaptuiApp(session, clock=lambda: NOW)
        async with app.run_test(size=size) as pilot:
            await _loaded(app, client, pilot)
            await _settled(app, pilot)
            for key in keys:
                await pilot.press(key)
                await _settled(app, pilot)
            path = folder / f"{name}-{size[0]}x{size[1]}.svg"
            path.write_text(app.export_screenshot(title="snaptui --demo"))
        client.close()
    return path


async def _loaded(app: SnaptuiApp, client: RemoteClient, pilot: Pilot[int]) -> None:
    """Wait until everything has come that is asked for at the start, and is on the screen."""
    screen = app.screen
    while not (
        isinstance(screen, BrowseScreen)
        and screen.state.coverage.finished
        and screen.state.connection.account
        and screen.state.autoscale_images is not None
        and screen.state.rate_limit == client.rate_limit
    ):
        await pilot.pause(0.01)
        screen = app.screen


async def _settled(app: SnaptuiApp, pilot: Pilot[int]) -> None:
    """Wait for sums beside a wide table, for the answer that the details ask for, and until the review takes keys."""
    await pilot.pause()
    while isinstance(app.screen, BrowseScreen) and app.size.width >= WIDE and "Where the money goes" not in _pane(app):
        await pilot.pause(0.01)
    while (isinstance(app.screen, DetailsScreen) and not app.screen.answer) or (
        isinstance(app.screen, ReviewDeletionScreen) and not app.screen.armed and not app.screen.has_class("-too-small")
    ):
        await pilot.pause(0.01)


def _pane(app: SnaptuiApp) -> str:
    return app.screen.query_one(DetailPane).plain


async def make_sheet(folder: Path) -> Path:
    """Take every scene in every theme at every size, and return the page that shows all of them."""
    pictures = []
    for theme, size in product(THEMES, MORE_SIZES):
        into = folder / theme
        into.mkdir(parents=True, exist_ok=True)
        for name, keys in MORE_SCENES.items():
            pictures.append(await take(name, keys, size, into, theme))
            print(pictures[-1])
    page = folder / "index.html"
    page.write_text(_page(picture.relative_to(folder) for picture in pictures))
    return page


def _page(pictures: Iterable[Path]) -> str:
    figures = [f'<figure><img src="{path}" width="600"><figcaption>{path}</figcaption></figure>' for path in pictures]
    return "\n".join(
        ["<!doctype html><title>snaptui</title><style>figure { display: inline-block }</style>", *figures, ""]
    )


async def main() -> None:
    """Take the pictures of the README, or the contact sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "folder", nargs="?", type=Path, help="make a contact sheet here instead of the README's pictures"
    )
    folder: Path | None = parser.parse_args().folder
    use_utc()
    if folder is not None:
        print(await make_sheet(folder))
        return
    for name, keys in SCENES.items():
        for size in SIZES:
            print(await take(name, keys, size, HERE))


if __name__ == "__main__":
    asyncio.run(main())
