"""Second thoughts while a batch is under way, judged by the requests that the server got over real HTTP."""

import time
from collections.abc import Callable
from threading import Event

import pytest

from snaptui.config.settings import Settings, Sourced
from snaptui.demo.account import DemoAccount
from snaptui.demo.rate_limit import Limits
from snaptui.query import parse
from snaptui.tui.review.screen import ReviewDeletionScreen
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
ONE = "/v2/snapshots/.+"
LIST = "/v2/snapshots"
MARKED = 30
UNDER_WAY = 8
PAGES = 2
FREE = "-tag:keep -tag:protected"


async def confirm(browser: Browser) -> set[str]:
    """Delete what is marked; return the ids."""
    wanted = set(browser.state.browsing.marks)
    await browser.press("d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    await browser.press(*str(len(wanted)), "enter")
    await browser.until(lambda: browser.shows_list)
    return wanted


def keep_all(account: DemoAccount) -> None:
    """Give every snapshot the tag that protects, and another name."""
    for snapshot_id in tuple(account.snapshots):
        account.change(snapshot_id, tags=["keep"], name="renamed")


def loaded(server: ScriptedServer) -> int:
    """Return how many pages of the list were given out."""
    return sum(seen.path == LIST and seen.status == 200 for seen in server.requests)


async def test_a_rule_about_age_is_judged_by_the_moment_of_the_delete_and_not_of_the_list(
    serve: Serve, browse: Browse
) -> None:
    server = serve()
    settings = Settings(grace_seconds=Sourced(0.0), protect=Sourced((parse("age>7000d"),)))
    days_since = 0
    async with browse(server, settings=settings, clock=lambda: time.time() + 86_400 * days_since) as browser:
        await browser.press("space")
        days_since = 7_000
        await confirm(browser)
        await browser.until(lambda: "deletion ended" in browser.text)
        await browser.press("l")
        assert "1 protected" in browser.text
    assert server.count("DELETE") == 0


@pytest.mark.parametrize("answered", [1, 12])
async def test_what_becomes_protected_in_the_middle_of_a_batch_is_not_deleted(
    serve: Serve, browse: Browse, answered: int
) -> None:
    changing = Fault("DELETE", ONE, skip=answered - 1, then=keep_all)
    server = serve(changing, latency_seconds=0.1)
    async with browse(server, query=FREE, size=(120, 30)) as browser:
        await browser.press(*["space"] * MARKED)
        wanted = await confirm(browser)
        assert len(wanted) == MARKED
        await browser.until(lambda: "deletion ended" in browser.text)
        deleted = set(server.deleted_ids)
        assert deleted <= wanted
        # What others have on the wire at that moment cannot be called back.
        assert answered <= len(deleted) < answered + UNDER_WAY
        assert server.count("DELETE") == len(deleted)
        await browser.press("l")
        assert f"{MARKED - len(deleted)} changed, skipped" in browser.text


async def test_what_is_looked_at_by_a_listing_is_looked_at_anew_after_five_seconds(
    serve: Serve, browse: Browse
) -> None:
    changing = Fault("DELETE", ONE, skip=15, then=keep_all)
    server = serve(changing, Fault("DELETE", ONE, times=None, delay_seconds=0.6))
    async with browse(server, query=FREE, size=(120, 30)) as browser:
        await browser.press("A")
        wanted = await confirm(browser)
        assert len(wanted) > 120
        await browser.until(lambda: "deletion ended" in browser.text)
        deleted = [seen for seen in server.requests if seen.acted]
        listings = [seen for seen in server.requests if seen.path == LIST]
        assert len(listings) > 2, "it was not by listings"
        for sent in deleted:
            looked = max(seen.at for seen in listings if seen.at < sent.at - 0.6)
            assert sent.at - 0.6 - looked < 6.0
        assert len(deleted) < len(wanted)


@pytest.mark.parametrize(("key", "state"), [("C", "▸ ended"), ("p", "▸ paused")])
@pytest.mark.parametrize(
    ("held", "number"), [(ONE, MARKED), (LIST, MARKED + 12)], ids=["each by itself", "by a listing"]
)
async def test_nothing_leaves_after_an_answered_stop_however_late_the_looks_are_answered(
    serve: Serve, browse: Browse, key: str, state: str, held: str, number: int
) -> None:
    server, hold = serve(), Event()
    async with browse(server, query=FREE, size=(120, 30)) as browser:
        server.faults.add(Fault("GET", held, times=None, hold=hold))
        await browser.press(*["space"] * number)
        wanted = await confirm(browser)
        assert len(wanted) == number
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("l", key)
        await browser.until(lambda: state in browser.text)
        looked = server.count("GET", LIST)
        hold.set()
        await browser.until(lambda: server.count("GET", LIST) > looked)
        server.faults.clear()
        # A reload that began after the looks were answered is whole: whatever they led to would have come before.
        await browser.press("escape", "R")
        await browser.until(lambda: browser.state.coverage.finished)
        assert server.count("DELETE") == 0
        await browser.press("l")
        if key == "C":
            assert f"{number} cancelled" in browser.text
        else:
            await browser.press("p")
            await browser.until(lambda: "▸ ended" in browser.text)
            assert set(server.deleted_ids) == wanted


@pytest.mark.parametrize(("key", "state"), [("C", "▸ ended"), ("p", "▸ paused")])
async def test_nothing_leaves_after_a_stop_that_was_answered_in_a_wait_for_the_rate_limit(
    serve: Serve, browse: Browse, key: str, state: str
) -> None:
    server = serve(limits=Limits(per_minute=40, minute_seconds=4.0))
    async with browse(server, query=FREE, size=(120, 30)) as browser:
        await browser.press(*["space"] * MARKED)
        wanted = await confirm(browser)
        await browser.until(lambda: any(seen.status == 429 for seen in server.requests))
        await browser.press("l", key)
        await browser.until(lambda: state in browser.text)
        sent, answered = server.count("DELETE"), server.deleted_ids
        assert len(answered) < MARKED
        # The reload, too, has to wait until the limit lets something through.
        await browser.press("escape", "R")
        await browser.until(lambda: loaded(server) >= 2 * PAGES and browser.state.coverage.finished)
        assert server.count("DELETE") == sent
        assert server.deleted_ids == answered
        await browser.press("l")
        if key == "C":
            assert f"{MARKED - len(answered)} cancelled" in browser.text
        else:
            await browser.press("p")
            await browser.until(lambda: "▸ ended" in browser.text)
            assert set(server.deleted_ids) == wanted
