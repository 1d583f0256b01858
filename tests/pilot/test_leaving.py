"""Leaving, and using another token, while things are under way."""

from collections.abc import Callable
from threading import Event

import pytest
from textual import events
from textual.events import Key

from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.queue import RefusedPlanError
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.terminal.typed import TextTyped
from snaptui.tui.browse.table import SnapshotTable
from snaptui.tui.review.screen import ReviewDeletionScreen
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser
from .test_several_batches import confirm

Serve = Callable[..., ScriptedServer]


@pytest.mark.parametrize("key", ["enter", "question_mark", "d", "ctrl+p", "T", "q", "slash", "l", "escape"])
async def test_keys_behind_the_one_that_quits_do_nothing(serve: Serve, browse: Browse, key: str) -> None:
    server = serve()
    async with browse(server) as browser:
        driver = browser.app._driver
        assert driver is not None
        for name in ("q", key, key):
            driver.send_message(Key(name, name if len(name) == 1 else None))
        await browser.until(lambda: not browser.app.is_running)
    assert browser.app.return_code == 0
    assert browser.app.return_value == 0


@pytest.mark.parametrize("keys", [(), ("slash", "w"), ("question_mark",), ("enter",), ("d",), ("a",), ("K", "tab")])
@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_ctrl_c_quits_from_wherever_one_is(serve: Serve, browse: Browse, keys: tuple[str, ...], key: str) -> None:
    server = serve(snapshots=20)
    async with browse(server) as browser:
        await browser.press(*keys, key)
        await browser.until(lambda: not browser.app.is_running)
    assert browser.app.return_value == 0
    assert server.count("DELETE") == 0


OTHER_TOKEN = "dop_v1_" + "0123456789abcdef" * 4


async def delete_all(browser: Browser) -> int:
    await browser.press("A", "d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    number = len(screen.review.plan.items)
    await browser.press(*str(number), "enter")
    return number


async def delete_one(browser: Browser) -> None:
    await browser.press("d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    await browser.press("1", "enter")
    await browser.until(lambda: "deletion ended: 1 of 1" in browser.text)


async def test_another_token_asks_as_quitting_does_and_ends_what_the_old_one_did(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(
        Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None),
        scopes={DEMO_TOKEN: ALL_SCOPES, OTHER_TOKEN: ALL_SCOPES},
    )
    async with browse(server) as browser:
        number = await delete_all(browser)
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("T")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        assert "Another token cancels what has not been sent" in browser.text
        await browser.press("enter")
        assert browser.shows_list
        await browser.press("T")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        await browser.press("right", "enter")
        await browser.until(lambda: "A DigitalOcean API token for" in browser.text)
        server.account.account = {**server.account.account, "uuid": "b", "team": {"uuid": "c", "name": "Other"}}
        await browser.type(OTHER_TOKEN)
        await browser.press("enter")
        await browser.until(lambda: browser.state.connection.token is not None)
        await browser.until(lambda: browser.state.coverage.finished and "team Other" in browser.text)
        hold.set()
        await browser.press("l")
        assert "nothing has been deleted in this session" in browser.text
        await browser.press("R")
        await browser.until(lambda: browser.state.coverage.finished)
        assert "deletion" not in browser.text.replace("nothing has been deleted", "")
        assert server.count("DELETE") < number / 2, "only what was under way"


@pytest.mark.parametrize("key", ["l", "d", "a", "K", "question_mark", "enter"])
async def test_what_was_opened_right_behind_the_key_for_another_token_goes_with_the_old_one(
    serve: Serve, browse: Browse, key: str
) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES, OTHER_TOKEN: ALL_SCOPES})
    async with browse(server) as browser:
        await delete_one(browser)
        driver = browser.app._driver
        assert driver is not None
        for name in ("T", key):
            driver.send_message(Key(name, name if len(name) == 1 else None))
        await browser.until(lambda: "A DigitalOcean API token for" in browser.text)
        await browser.press("home", "ctrl+k")  # the key may have come just behind the question, into its field
        server.account.account = {**server.account.account, "uuid": "b", "team": {"uuid": "c", "name": "Other"}}
        await browser.type(OTHER_TOKEN)
        await browser.press("enter")
        await browser.until(lambda: browser.state.coverage.finished and "team Other" in browser.text)
        assert browser.shows_list


async def test_ctrl_c_asks_once_as_q_does_while_something_is_being_deleted(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None), snapshots=60)
    async with browse(server) as browser:
        number = await delete_all(browser)
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("question_mark", "ctrl+c", "ctrl+c")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        asked = len(browser.app.screen_stack)
        await browser.press("ctrl+c", "enter")
        assert len(browser.app.screen_stack) == asked - 1, "it was asked once, and Enter stays"
        await browser.press("ctrl+c")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        await browser.press("right", "enter")
        hold.set()
        await browser.until(lambda: not browser.app.is_running)
    assert browser.app.return_value == 1


async def test_a_token_that_is_not_given_ends_nothing(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None), snapshots=60)
    async with browse(server) as browser:
        number = await delete_all(browser)
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("T")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        await browser.press("right", "enter")
        await browser.until(lambda: "A DigitalOcean API token for" in browser.text)
        await browser.press("escape")
        hold.set()
        await browser.until(lambda: len(server.deleted_ids) > number / 2)


def beside_a_key(browser: Browser) -> list[events.Event]:
    """Return a key, the same typed, and a double click on a row: each opens a screen."""
    place = browser.browse.query_one(SnapshotTable).region.offset
    clicks = [
        events.MouseDown(None, place.x + 5, place.y + 3, 0, 0, 1, shift=False, meta=False, ctrl=False),
        events.MouseUp(None, place.x + 5, place.y + 3, 0, 0, 1, shift=False, meta=False, ctrl=False),
    ]
    return [Key("question_mark", "?"), TextTyped(0.0, "?"), *clicks, *clicks]


async def test_keys_do_nothing_while_leaving_waits_for_what_is_under_way(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None))
    async with browse(server) as browser:
        number = await delete_all(browser)
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("q")
        await browser.until(lambda: f"{number} deletions not finished" in browser.text)
        driver = browser.app._driver
        assert driver is not None
        for key in ("right", "enter", "question_mark"):
            driver.send_message(Key(key, None))
        await browser.until(lambda: browser.shows_list or not browser.app.is_running)
        for event in beside_a_key(browser):
            driver.send_message(event)
        seen: list[str] = []

        def gone() -> bool:
            seen.append(type(browser.app.screen).__name__ if browser.app.is_running else "gone")
            return seen[-1] == "gone"

        await browser.until(gone)
        hold.set()
        assert set(seen) == {"BrowseScreen", "gone"}


class BugError(Exception):
    """Nothing that was thought of."""


async def test_a_crash_halts_the_deletions_before_anything_is_said_of_it(serve: Serve, browse: Browse) -> None:
    server = serve()
    refusals: list[str] = []

    def crash() -> None:
        raise BugError

    async def crash_in_the_countdown() -> None:
        async with browse(server, settings=Settings(grace_seconds=Sourced(300.0))) as browser:
            await confirm(browser, 2)
            client = browser.app._client
            assert client is not None
            queue = browser.app.deleting_with(client).queue
            assert queue.busy
            browser.app.call_later(crash)
            await browser.until(lambda: not browser.app.is_running)
            with pytest.raises(RefusedPlanError) as refused:
                queue.submit(queue.batches[0].plan)
            refusals.append(str(refused.value))

    with pytest.raises(BugError):
        await crash_in_the_countdown()
    assert refusals == ["snaptui is ending"]
    assert server.count("DELETE") == 0


async def test_a_review_that_was_covered_before_it_was_drawn_takes_keys_once_it_is_in_sight(
    serve: Serve, browse: Browse
) -> None:
    hold = Event()
    server = serve(Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None), snapshots=60)
    async with browse(server) as browser:
        await browser.press("space", "d")
        first = browser.app.screen
        assert isinstance(first, ReviewDeletionScreen)
        await browser.until(lambda: first.armed)
        await browser.press("1", "enter")
        await browser.until(lambda: browser.shows_list and server.faults.wait_taken(0.0))
        await browser.press("space")
        driver = browser.app._driver
        assert driver is not None
        driver.send_message(Key("d", "d"))
        driver.send_message(Key("ctrl+c", None))
        await browser.until(lambda: "1 deletion not finished" in browser.text)
        review = browser.app.screen_stack[-2]
        assert isinstance(review, ReviewDeletionScreen)
        assert not review.armed
        await browser.press("escape")
        await browser.until(lambda: browser.app.screen is review)
        await browser.until(lambda: review.armed)
        hold.set()
