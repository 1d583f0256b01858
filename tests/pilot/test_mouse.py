"""The mouse: the wheel, headings, rows and the keys along the bottom."""

from collections.abc import Callable

from textual.events import MouseScrollDown, MouseScrollUp

from snaptui.demo.server import DemoServer
from snaptui.tui.browse.key_bar import KeyBar
from snaptui.tui.browse.table import WHEEL_ROWS, SnapshotTable
from snaptui.tui.details.screen import DetailsScreen

from .conftest import Browse, Browser

Serve = Callable[..., DemoServer]


def _wheel(browser: Browser, kind: type[MouseScrollDown | MouseScrollUp]) -> None:
    place = browser.browse.query_one(SnapshotTable).region.offset
    browser.app.post_message(kind(None, place.x + 5, place.y + 5, 0, 0, 0, False, False, False))


async def _click(browser: Browser, text: str) -> None:
    """Click on the first cell of a text of the screen."""
    lines = browser.text.splitlines()
    y = next(number for number, line in enumerate(lines) if text in line)
    await browser.pilot.click(offset=(lines[y].index(text), y))
    await browser.pilot.pause()


async def test_the_wheel_moves_the_cursor(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        _wheel(browser, MouseScrollDown)
        await browser.until(lambda: browser.state.browsing.position == WHEEL_ROWS)
        _wheel(browser, MouseScrollUp)
        await browser.until(lambda: browser.state.browsing.position == 0)


async def test_a_click_on_a_heading_sorts_and_another_reverses(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await _click(browser, "AGE")
        await browser.until(lambda: "oldest first" in browser.text)
        await _click(browser, "AGE")
        await browser.until(lambda: "youngest first" in browser.text)


async def test_a_click_chooses_a_row_and_a_second_opens_it(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        top = browser.browse.query_one(SnapshotTable).region.y + 1
        await browser.pilot.click(offset=(20, top + 4))
        await browser.until(lambda: browser.state.browsing.position == 4)
        await browser.pilot.click(offset=(20, top + 6), times=2)
        await browser.until(lambda: isinstance(browser.app.screen, DetailsScreen))
        assert browser.state.browsing.position == 6
        assert browser.names[6] in browser.text


async def test_the_keys_along_the_bottom_can_be_pressed(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        assert browser.browse.query_one(KeyBar).size.width == 80
        await _click(browser, "space mark")
        await browser.until(lambda: len(browser.state.browsing.marks) == 1)
        await _click(browser, "? help")
        await browser.until(lambda: "snaptui help" in browser.text)
