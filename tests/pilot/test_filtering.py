"""The filter while it is typed, and what it cannot tell, on a real demo server."""

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.query import parse
from tests.conftest import Serve
from tests.pilot.conftest import Browse


@pytest.mark.parametrize("query", ["region:nyc3", "tag:env:prod", "-region:nyc3", "type:volume", "web and size>20GB"])
async def test_half_typed_words_never_empty_the_table(serve: Serve, browse: Browse, query: str) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        for letter in query:
            await browser.type(letter)
            assert browser.names, f"nothing is shown at {browser.state.text!r}"
        assert browser.state.problem is None
        assert browser.state.typed == parse(query)


async def test_rows_stay_until_there_is_a_whole_term(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        await browser.type("web ")
        for letter in "region:nyc":
            before = browser.names
            await browser.type(letter)
            assert browser.names == before or browser.state.problem is None
        assert "go on, as in nyc1" in browser.text
        await browser.type("3")
        assert browser.state.problem is None
        assert all("nyc3" in row.regions for row in browser.state.browsing.view.slice(0, 240))


async def test_a_word_that_begins_nothing_else_is_looked_for_and_not_found(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.type("/")
        for text in ("zzz", "region:zzz", "tag:zzz", '"region"'):
            await browser.type(text)
            assert "No snapshot matches the filter" in browser.text
            await browser.press("escape", "/")


async def test_nothing_is_marked_by_a_filter_that_cannot_be_read(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        for text in ("region:", "size>2x", "type:volumes", "(web"):
            await browser.type("/")
            await browser.type(text)
            await browser.press("enter", "A")
            assert not browser.state.browsing.marks
            assert "not a whole query" in browser.text
            await browser.press("I")
            assert not browser.state.browsing.marks
            await browser.press("escape")


@pytest.mark.parametrize("query", ["tag:keep", "-tag:keep", "is:untagged"])
async def test_what_cannot_be_judged_stands_beside_the_count(serve: Serve, browse: Browse, query: str) -> None:
    async with browse(serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"tag:read"}})) as browser:
        await browser.type("/")
        await browser.type(query)
        assert "0 of 240 snapshots · 240 not judged" in browser.text
        assert "240 not judged: tags cannot be read (the token needs tag:read)" in browser.text
        assert "240 of 240 could not be judged" in browser.text
        assert "No snapshot is known to match" in browser.text
        await browser.press("enter", "A")
        assert not browser.state.browsing.marks


async def test_only_rows_that_the_unknown_decides_count_as_not_judged(serve: Serve, browse: Browse) -> None:
    async with browse(serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"droplet:read"}})) as browser:
        await browser.type("/")
        await browser.type("is:orphan type:volume")
        assert "not judged" not in browser.text
        await browser.press("escape", "/")
        await browser.type("is:orphan")
        view = browser.state.browsing.view
        droplets = sum(row.resource_type == "droplet" for row in view.snapshots)
        assert view.selection.unread == droplets
        assert f"{droplets} not judged" in browser.text
        assert "droplet:read" in browser.text
