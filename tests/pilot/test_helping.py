"""`?` shows the keys that work where it is pressed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.events import MouseScrollDown

from snaptui.tui.details.screen import DetailsScreen
from snaptui.tui.dialogs.help import HelpScreen
from snaptui.tui.keys.command import Commanded
from snaptui.tui.widgets.scrolling_screen import WHEEL_LINES, ScrollingScreen
from snaptui.tui.widgets.title_line import TitleLine
from tests.support.server import ScriptedServer

from .conftest import Browse

Serve = Callable[..., ScriptedServer]


@pytest.mark.parametrize("way", [("enter",), ("a",), ("K",), ("d", "1", "enter", "l")])
async def test_help_is_about_the_screen_it_is_asked_on(serve: Serve, browse: Browse, way: tuple[str, ...]) -> None:
    async with browse(serve(), size=(120, 60)) as browser:
        for key in way:
            await browser.press(key)
            await browser.until(lambda: getattr(browser.app.screen, "armed", True))
        await browser.until(lambda: isinstance(browser.app.screen, Commanded) and not browser.browse.is_active)
        asked = browser.app.screen
        assert isinstance(asked, Commanded)
        declared, title = list(asked.commands), type(asked)
        await browser.press("question_mark")
        assert isinstance(browser.app.screen, HelpScreen)
        lines = browser.text.splitlines()
        for command in declared:
            assert any(f" {command.printed} " in line and command.help in line for line in lines), command.printed
        assert "mark all that match the filter" not in browser.text
        await browser.press("escape")
        assert isinstance(browser.app.screen, title)


async def test_the_review_says_its_keys_without_going_out_of_sight(
    serve: Serve, browse: Browse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with browse(serve()) as browser:
        await browser.press("space", "d")
        review = browser.app.screen
        await browser.until(lambda: getattr(review, "armed", False))
        await browser.press("w")
        await browser.until(lambda: "the plan was written to" in browser.text)
        await browser.press("question_mark")
        assert browser.app.screen is review
        assert "w writes the plan to a file" in browser.text


@pytest.mark.parametrize("keys", [("question_mark",), ("enter",)], ids=["help", "details"])
@pytest.mark.parametrize("size", [(20, 10), (40, 10), (60, 16), (80, 18)], ids=str)
async def test_text_that_goes_on_below_says_so_and_how_far(
    serve: Serve, browse: Browse, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    async with browse(serve(), size=size) as browser:
        await browser.press(*keys)
        await browser.until(lambda: isinstance(browser.app.screen, ScrollingScreen) and browser.app.screen.is_active)
        assert isinstance(browser.app.screen, ScrollingScreen)
        text = browser.app.screen.text
        title = browser.app.screen.query_one(TitleLine)
        await browser.until(
            lambda: not isinstance(browser.app.screen, DetailsScreen) or browser.app.screen.answer is not None
        )
        height, whole = text.size.height, len(text.content)

        def says(first: int) -> bool:
            place = f" {first}–{first + height - 1} of {whole}"
            return title.plain.rstrip().endswith(place) if size[0] >= 40 else title.plain.rstrip().endswith("Esc")

        assert height < whole
        await browser.until(lambda: says(1))
        await browser.press("j")
        await browser.until(lambda: says(2))
        browser.app.post_message(MouseScrollDown(None, 2, 2, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await browser.until(lambda: says(min(2 + WHEEL_LINES, whole - height + 1)))
        await browser.press("G")
        await browser.until(lambda: says(whole - height + 1))
        await browser.pilot.resize_terminal(size[0], size[1] + 1)
        await browser.until(lambda: text.size.height == height + 1)
        height += 1
        await browser.until(lambda: says(whole - height + 1))


@pytest.mark.parametrize("way", [(), ("a",), ("K",)], ids=["list", "audit", "planner"])
async def test_a_letter_that_is_no_key_says_so_until_the_next_one(
    serve: Serve, browse: Browse, way: tuple[str, ...]
) -> None:
    async with browse(serve()) as browser:
        await browser.press(*way)
        await browser.until(lambda: browser.shows_list == (not way))
        await browser.press("x")
        await browser.until(lambda: "x is no key here; ? tells them all" in browser.text)
        await browser.press("j")
        await browser.until(lambda: "is no key here" not in browser.text)


async def test_letters_typed_into_a_field_are_never_called_no_key(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("slash", "x", "Q")
        await browser.until(lambda: "/ xQ" in browser.text)
        assert "is no key here" not in browser.text
