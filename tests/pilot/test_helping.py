"""`?` shows the keys that work where it is pressed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.tui.dialogs.help import HelpScreen
from snaptui.tui.keys.command import Commanded
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
