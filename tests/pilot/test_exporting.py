"""Exports from the screen: path asked for, private, nothing replaced without asking."""

import csv
import json
import stat
from io import StringIO
from pathlib import Path

import pytest

from tests.contract.test_cli import Serve
from tests.pilot.conftest import Browse, Browser


def content(name: str) -> str:
    return Path(name).read_text()


def mode(name: str) -> int:
    return stat.S_IMODE(Path(name).stat().st_mode)


async def written(browser: Browser, name: str) -> None:
    await browser.until(lambda: f"written to {name}" in browser.text)


def put(name: str, text: str) -> None:
    Path(name).write_text(text)


async def export_to(browser: Browser, name: str) -> None:
    await browser.press("e")
    await browser.until(lambda: "Export" in browser.text)
    await browser.press(*["backspace"] * 30)
    await browser.type(name)
    await browser.press("enter")


async def test_what_the_filter_shows_is_written_in_the_form_of_the_ending(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), query="type:volume size>20GB") as browser:
        shown = browser.names
        for name in ("out.csv", "out.json", "out.md"):
            await export_to(browser, name)
            await written(browser, name)
            assert mode(name) == 0o600
        assert [row["name"] for row in csv.DictReader(StringIO(content("out.csv")))] == shown
        rows = json.loads(content("out.json"))
        assert [row["name"] for row in rows] == shown
        assert {"id", "size_gigabytes", "monthly_usd", "source_state", "family"} <= set(rows[0])
        assert len(content("out.md").splitlines()) == len(shown) + 2


async def test_with_marks_the_marked_are_written(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("space", "space")
        await export_to(browser, "marks.json")
        await browser.until(lambda: "2 snapshots written" in browser.text)
        assert {row["id"] for row in json.loads(content("marks.json"))} == browser.state.browsing.marks


async def test_nothing_is_replaced_without_asking(serve: Serve, browse: Browse) -> None:
    put("out.csv", "mine")
    async with browse(serve()) as browser:
        await export_to(browser, "out.csv")
        await browser.until(lambda: "exists: Enter again replaces it" in browser.text)
        assert content("out.csv") == "mine"
        await browser.press("backspace", "v", "enter")
        await browser.until(lambda: "240 snapshots written" in browser.text)
        assert content("out.csv") != "mine"


@pytest.mark.parametrize("name", ["out.txt", "", "nowhere/out.csv", "x" * 300 + ".csv", "~nobody9/out.csv"])
async def test_what_cannot_be_written_is_said_and_can_be_mended(serve: Serve, browse: Browse, name: str) -> None:
    async with browse(serve()) as browser:
        await export_to(browser, name)
        await browser.until(lambda: "✗" in browser.text)
        await browser.press("enter")
        await browser.until(lambda: "✗" in browser.text)
        await browser.press("escape")
        assert browser.shows_list
        assert not list(Path.cwd().glob("*.csv"))


async def test_in_a_narrow_terminal_what_is_said_and_asked_is_whole(serve: Serve, browse: Browse) -> None:
    name = f"{'long-' * 8}name.csv"
    put(name, "mine")
    async with browse(serve(), size=(40, 12)) as browser:
        await export_to(browser, name)
        await browser.until(lambda: "exists: Enter again replaces it" in " ".join(browser.text.split()))
        said = " ".join(browser.text.split())
        assert "Export what the filter shows: 240 snapshots" in said
        assert ".csv can be opened in a spreadsheet, .json has everything, .md is a table." in said
        assert "Only you can read the file." in said
        assert "Type a path; Enter writes, Esc cancels" in said
        assert content(name) == "mine"
