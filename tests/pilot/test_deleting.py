"""Deleting with real keys over real HTTP: exactly what was confirmed, and nothing else."""

from collections.abc import Callable
from threading import Event

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.demo.faults import Fault
from snaptui.demo.server import DemoServer
from snaptui.tui.screens.review_deletion import ReviewDeletionScreen

from .conftest import Browse, Browser

Serve = Callable[..., DemoServer]
ONE = "/v2/snapshots/.+"


async def review(browser: Browser) -> ReviewDeletionScreen:
    await browser.press("d")
    await browser.until(lambda: isinstance(browser.app.screen, ReviewDeletionScreen))
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    return screen


async def test_the_review_names_every_victim_and_the_account(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), size=(100, 40)) as browser:
        await browser.press("j", "j", "space", "space", "space")
        wanted = [row.name for row in browser.state.browsing.targets()]
        await browser.type("/")
        await browser.type("zzz")
        await browser.press("escape", "t", "t")
        await review(browser)
        for text in ("Delete 3 snapshots from team Acme Production", "3 of them are hidden", "type 3"):
            assert text in browser.text
        assert "$(date)" in wanted
        assert "$(date)" in browser.text


async def test_nothing_but_the_number_deletes(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.press("space", "space")
        for keys in (
            ["enter"],
            ["d", "d", "escape"],
            ["y", "escape"],
            ["1", "enter", "escape"],
            ["3", "enter", "escape"],
        ):
            await review(browser)
            await browser.press(*keys)
        await browser.until(lambda: browser.app.screen is browser.browse)
        assert server.count("DELETE") == 0


async def test_exactly_the_marked_snapshots_are_deleted(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.press("j", "space", "j", "space")
        wanted = set(browser.state.browsing.marks)
        await review(browser)
        await browser.press("2", "enter")
        await browser.until(lambda: len(browser.names) == 238)
        assert set(server.deleted_ids) == wanted
        assert not browser.state.browsing.marks
        await browser.until(lambda: "deletion ended: 2 of 2" in browser.text)


async def test_without_marks_the_row_under_the_cursor_is_deleted(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.press("j", "j", "j")
        wanted, after = (browser.state.browsing.view.at(n).id for n in (3, 4))
        await review(browser)
        await browser.press("1", "enter")
        await browser.until(lambda: len(browser.names) == 239)
        assert server.deleted_ids == [wanted]
        assert browser.state.browsing.cursor_id == after


async def test_browsing_goes_on_while_deleting(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", ONE, hold=hold, times=None))
    async with browse(server) as browser:
        await browser.press("A")
        await review(browser)
        await browser.press("2", "4", "0", "enter")
        await browser.until(lambda: "deleting 0 of 240" in browser.text)
        await browser.press("j", "j", "3")
        assert "SIZE ↓" in browser.text
        await browser.press("l")
        assert "… being sent" in browser.text
        await browser.press("C")
        hold.set()
        await browser.until(lambda: "– cancelled" in browser.text)
        await browser.press("escape")
        await browser.until(lambda: "deletion ended" in browser.text)
        assert server.count("DELETE") == len(server.deleted_ids) == 240 - len(browser.names)
        assert 0 < len(server.deleted_ids) <= 4


async def test_a_failure_stays_and_can_be_tried_again(serve: Serve, browse: Browse) -> None:
    server = serve(Fault("DELETE", ONE, status=409, body=b'{"message":"in use"}', headers={"x-request-id": "r-7"}))
    async with browse(server, size=(120, 30)) as browser:
        await browser.press("space", "space", "space")
        await review(browser)
        await browser.press("3", "enter")
        await browser.until(lambda: "✗ 1 failed" in browser.text)
        assert len(server.deleted_ids) == 2
        await browser.press("l")
        assert "in use (HTTP 409, request id r-7)" in browser.text
        await browser.press("t")
        await browser.until(lambda: len(server.deleted_ids) == 3)
        await browser.until(lambda: "✗" not in browser.text)


async def test_a_missing_scope_stops_the_batch_at_once(serve: Serve, browse: Browse) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"image:delete"}})
    async with browse(server, size=(120, 30)) as browser:
        await browser.press("A")
        await review(browser)
        await browser.press("2", "4", "0", "enter")
        await browser.until(lambda: "deletion ended" in browser.text)
        await browser.press("l")
        assert "The token needs snapshot:delete and image:delete" in browser.text
        assert server.count("DELETE") <= 4
        assert not server.deleted_ids


async def test_keys_that_come_before_the_review_is_drawn_do_nothing(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.pilot.press("d", "1", "enter")
        await browser.until(lambda: isinstance(browser.app.screen, ReviewDeletionScreen))
        screen = browser.app.screen
        assert isinstance(screen, ReviewDeletionScreen)
        await browser.until(lambda: screen.armed)
        assert "2 keys came before this was drawn" in browser.text
        assert server.count("DELETE") == 0


async def test_leaving_in_the_middle_asks(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", ONE, hold=hold, times=None))
    async with browse(server) as browser:
        await browser.press("space", "space")
        await review(browser)
        await browser.press("2", "enter")
        await browser.until(lambda: "deleting 0 of 2" in browser.text)
        await browser.press("q")
        await browser.until(lambda: "2 deletions not finished" in browser.text)
        await browser.press("enter")
        assert browser.app.screen is browser.browse
        hold.set()
        await browser.until(lambda: len(browser.names) == 238)


@pytest.mark.parametrize("reset", ["reset_before", "reset_after"])
async def test_a_lost_answer_is_settled_by_looking(serve: Serve, browse: Browse, reset: str) -> None:
    lost = Fault("DELETE", ONE, times=1, reset_before=reset == "reset_before", reset_after=reset == "reset_after")
    server = serve(lost)
    async with browse(server) as browser:
        await review(browser)
        await browser.press("1", "enter")
        await browser.until(lambda: len(browser.names) == 239)
        assert len(server.deleted_ids) == 1
