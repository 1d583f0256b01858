"""Frames: where there is room to spare, what covers the list stands in its middle, and the list is seen around it."""

from collections.abc import Callable

import pytest
from textual.geometry import Size
from textual.widgets import Input

from snaptui.tui.details.screen import DetailsScreen
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.widgets.scrolling_screen import inside_frame
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
KINDS: dict[str, type[ReviewDeletionScreen | DetailsScreen]] = {"d": ReviewDeletionScreen, "enter": DetailsScreen}


def frame_of(browser: Browser) -> tuple[int, int, int, int]:
    """Return how many cells there are left of, above, right of, and below the frame."""
    size, region = browser.app.size, browser.app.screen.query_one(".frame").region
    return region.x, region.y, size.width - region.right, size.height - region.bottom


@pytest.mark.parametrize("key", KINDS)
@pytest.mark.parametrize("size", [(140, 30), (200, 50), (300, 80)])
async def test_it_stands_in_the_middle_and_the_list_is_seen_around_it(
    serve: Serve, browse: Browse, key: str, size: tuple[int, int]
) -> None:
    async with browse(serve(), size=size) as browser:
        await browser.press("space", "space", key)
        assert isinstance(browser.app.screen, KINDS[key])
        await browser.until(lambda: min(frame_of(browser)) > 0)
        left, above, right, below = frame_of(browser)
        assert abs(left - right) <= 1
        assert abs(above - below) <= 1
        assert "snaptui" in browser.text.splitlines()[0]
        assert "? help" in browser.text.splitlines()[-1]


async def test_a_long_list_of_victims_keeps_the_question_in_sight(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, size=(200, 50)) as browser:
        await browser.press("A", "d")
        screen = browser.app.screen
        assert isinstance(screen, ReviewDeletionScreen)
        await browser.until(lambda: screen.armed)
        number = str(len(screen.review.plan.items))
        assert f"type {number} and press Enter" in browser.text
        frame = screen.query_one(".frame").region
        assert frame.contains_region(screen.query_one("#count", Input).region)
        await browser.press("G")
        assert browser.names[-1][:12] in browser.text


async def test_a_frame_goes_where_room_gets_scarce_and_comes_back(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(200, 50)) as browser:
        await browser.press("space", "space", "d")
        await browser.until(lambda: min(frame_of(browser)) > 0)
        await browser.pilot.resize_terminal(80, 24)
        await browser.until(lambda: frame_of(browser) == (0, 0, 0, 0))
        assert browser.text.splitlines()[0].startswith(" Delete 2 snapshots")
        await browser.pilot.resize_terminal(200, 24)
        await browser.until(lambda: frame_of(browser) == (0, 0, 0, 0))
        await browser.pilot.resize_terminal(200, 50)
        await browser.until(lambda: min(frame_of(browser)) > 0)


def test_a_frame_never_holds_more_than_the_terminal() -> None:
    for width in range(1, 400, 7):
        for height in range(1, 120, 3):
            inside = inside_frame(Size(width, height))
            assert inside is None or (inside.width + 8 <= width and inside.height + 6 <= height)
