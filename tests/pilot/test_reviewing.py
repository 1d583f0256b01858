"""The review takes no number before names and count are in sight, and says what is not known."""

import csv
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from threading import Event

import pytest

from snaptui.config.settings import Settings, Sourced
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.model.snapshot import LARGEST_GIGABYTES
from snaptui.query import parse
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.widgets.armed_screen import ARMING_SECONDS
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]


async def opened(browser: Browser, *keys: str) -> ReviewDeletionScreen:
    await browser.press(*keys, "d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    return screen


async def armed(browser: Browser, *keys: str) -> ReviewDeletionScreen:
    screen = await opened(browser, *keys)
    await browser.until(lambda: screen.armed)
    return screen


@pytest.mark.parametrize("size", [(80, 1), (80, 2), (80, 3), (80, 5), (15, 3), (39, 24), (9, 2)])
async def test_a_terminal_that_cannot_show_the_names_takes_no_number(
    serve: Serve, browse: Browse, size: tuple[int, int]
) -> None:
    server = serve()
    async with browse(server, size=size) as browser:
        screen = await opened(browser, "space", "space", "space", "space")
        await browser.until(lambda: "too small" in browser.text)
        await browser.press("4", "enter")
        assert not screen.armed
        assert browser.app.screen is screen
        await browser.press("escape")
        assert browser.shows_list
        assert server.count("DELETE") == 0


async def test_a_terminal_shrunk_after_the_review_opened_disarms_it_until_it_has_been_seen_again(
    serve: Serve, browse: Browse
) -> None:
    server = serve()
    async with browse(server) as browser:
        screen = await armed(browser, "space", "space", "space")
        await browser.press("3")
        for size in ((15, 3), (80, 4)):
            await browser.pilot.resize_terminal(*size)
            await browser.until(lambda: not screen.armed)
            await browser.press("3", "enter")
            assert browser.app.screen is screen
            await browser.pilot.resize_terminal(80, 24)
            await browser.until(lambda: screen.armed)
            await browser.press("enter")
            assert browser.app.screen is screen
            assert "Enter: 3" not in browser.text, "what was typed before it was out of sight is forgotten"
        await browser.press("3", "enter")
        await browser.until(lambda: len(server.deleted_ids) == 3)


@pytest.mark.parametrize("size", [(40, 10), (60, 16), (80, 24), (200, 50)])
async def test_what_has_to_be_typed_is_whole_at_every_size(serve: Serve, browse: Browse, size: tuple[int, int]) -> None:
    settings = Settings(grace_seconds=Sourced(0.0), max_batch=Sourced(2))
    async with browse(serve(), size=size, settings=settings) as browser:
        await armed(browser, "space", "space", "space")
        assert "ype 3" in browser.text
        assert "Delete 3 snapshots" in browser.text
        await browser.press("3", "enter")
        assert "ype delete them all:" in browser.text
        await browser.type("delete them all")
        assert ": delete them all" in browser.text


async def test_what_is_not_known_is_said_before_the_number_is_asked(serve: Serve, browse: Browse) -> None:
    scopes = {DEMO_TOKEN: ALL_SCOPES - {"account:read", "droplet:read"}}
    async with browse(serve(scopes=scopes), query="type:droplet") as browser:
        await browser.until(lambda: browser.state.sources.droplets.problem not in (None, "not read yet"))
        await armed(browser)
        for text in (
            "! account not proven: it could not be read",
            "! whether a source is gone is not known",
            "! whether autoscale pools use any of them could not be read",
        ):
            assert text in browser.text


async def test_an_incomplete_list_is_said_in_the_review(serve: Serve, browse: Browse) -> None:
    missing = Fault(path="/v2/snapshots", query={"page": "2"}, status=422, body=b'{"message":"no"}', times=None)
    async with browse(serve(missing)) as browser:
        await armed(browser)
        assert "! incomplete: " in browser.text


async def test_an_unproven_account_takes_words_of_its_own(serve: Serve, browse: Browse) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"account:read"}})
    async with browse(server) as browser:
        await armed(browser)
        await browser.press("1", "enter")
        assert "type unproven account:" in browser.text
        await browser.press("enter", "1", "enter")
        assert "nothing was deleted" in browser.text
        assert server.count("DELETE") == 0
        await browser.press("backspace")
        await browser.type("unproven account")
        await browser.press("enter")
        await browser.until(lambda: len(server.deleted_ids) == 1)


async def test_a_current_folder_that_is_gone_costs_the_file_only(serve: Serve, browse: Browse, tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    os.chdir(folder)
    folder.rmdir()
    server = serve()
    async with browse(server) as browser:
        await armed(browser)
        await browser.press("w")
        assert "✗ snaptui-plan-" in browser.text
        assert "current folder is not there" in browser.text
        await browser.press("1", "enter")
        await browser.until(lambda: "deletion ended: 1 of 1" in browser.text)
        await browser.press("l")
        for key in "123":
            await browser.press(key)
            assert "✗ snaptui-receipt-" in browser.text


async def test_review_bar_and_receipt_are_priced_as_the_settings_say(serve: Serve, browse: Browse) -> None:
    settings = Settings(grace_seconds=Sourced(0.0), price_per_gb_month=Sourced(0.5))
    async with browse(serve(), settings=settings) as browser:
        (item,) = (await armed(browser)).review.plan.items
        assert item.size_gigabytes is not None
        cost = item.size_gigabytes * 0.5
        assert f"${cost:,.2f}/mo" in browser.text
        await browser.press("1", "enter")
        await browser.until(lambda: "deletion ended: 1 of 1" in browser.text)
        await browser.press("l")
        assert f"${cost:,.2f}/mo" in browser.text
        await browser.press("1")
        (written,) = Path.cwd().glob("snaptui-receipt-*.csv")
        (row,) = csv.DictReader(StringIO(written.read_text()))
        assert float(row["monthly_usd"]) == pytest.approx(cost)


async def test_a_folder_whose_name_could_act_on_the_terminal_is_named_inert(
    serve: Serve, browse: Browse, tmp_path: Path
) -> None:
    folder = tmp_path / "a\x1b[2J\udcff"
    folder.mkdir()
    os.chdir(folder)
    async with browse(serve(), size=(250, 30)) as browser:
        await armed(browser)
        await browser.press("w")
        assert "a␛[2J�/snaptui-plan-" in browser.text
        assert list(folder.glob("snaptui-plan-*.json"))


async def test_a_filter_that_no_file_can_hold_does_not_stop_a_deletion(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, query="-tag:\udcff") as browser:
        await armed(browser)
        await browser.press("w")
        assert "✓ the plan was written to" in browser.text
        await browser.press("1", "enter")
        await browser.until(lambda: len(server.deleted_ids) == 1)


async def test_the_largest_sizes_do_not_stop_a_review_and_larger_ones_cannot_be_marked(
    serve: Serve, browse: Browse
) -> None:
    server = serve()
    ids = list(server.account.snapshots)
    for row_id in ids[:3]:
        server.account.change(row_id, size_gigabytes=LARGEST_GIGABYTES, tags=[])
    for row_id in ids[3:5]:
        server.account.change(row_id, size_gigabytes=1e308, tags=[])
    async with browse(server, query="is:damaged size:unknown") as browser:
        assert set(ids[3:5]) <= {row.id for row in browser.state.snapshots.rows if row.damage}
        await browser.press("A", "d")
        assert browser.shows_list
        assert not browser.state.browsing.marks
    async with browse(server, query="size>1TB") as browser:
        await armed(browser, "A")
        assert "Delete 3 snapshots" in browser.text
        await browser.press("3", "enter")
        await browser.until(lambda: len(server.deleted_ids) == 3)
        await browser.press("U", "space", "space")


async def test_a_protection_rule_that_matches_nothing_or_cannot_be_judged_is_said(serve: Serve, browse: Browse) -> None:
    rules = (parse("name:nowhere-at-all"), parse("state:gone"))
    settings = Settings(grace_seconds=Sourced(0.0), protect=Sourced(rules))
    scopes = {DEMO_TOKEN: ALL_SCOPES - {"droplet:read"}}
    async with browse(
        serve(scopes=scopes), settings=settings, query="type:volume state:exists", size=(140, 30)
    ) as browser:
        await browser.until(lambda: browser.state.sources.droplets.problem not in (None, "not read yet"))
        await browser.until(lambda: len(browser.names) > 0)
        await armed(browser)
        assert "protect: name:nowhere-at-all matches nothing" in browser.text
        assert "! protect state:gone: " in browser.text
        assert "could not be judged" in browser.text


async def test_a_rule_of_the_user_that_matches_nothing_is_said_once_the_list_is_whole(
    serve: Serve, browse: Browse
) -> None:
    rules = (parse("name:nowhere-at-all"), parse("tag:keep"))
    settings = Settings(protect=Sourced(rules, "config.toml"))
    async with browse(serve(), settings=settings) as browser:
        await browser.until(lambda: "protect name:nowhere-at-all matches nothing" in browser.text)
        assert "tag:keep matches" not in browser.text


async def test_what_was_to_arm_a_review_arms_it_no_more_once_it_is_out_of_sight(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        screen = await opened(browser, "space", "space", "space")
        await browser.pilot.resize_terminal(80, 4)
        later = Event()
        screen.set_timer(2 * ARMING_SECONDS, later.set)
        await browser.until(later.is_set)
        assert "too small" in browser.text
        assert not screen.armed
        await browser.press("3", "enter")
        assert browser.app.screen is screen
    assert server.count("DELETE") == 0
