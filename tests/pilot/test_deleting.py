"""Deleting with real keys over real HTTP: exactly what was confirmed, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual._time import get_time
from textual.events import Key

from snaptui.config.settings import Settings, Sourced
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.terminal.typed import TextTyped
from snaptui.tui.messages import ReloadRequested, SnapshotRead
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.widgets.scroll_lines import ScrollLines
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
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
        await browser.press("1", "g", "j", "j", "space", "space", "space")
        wanted = [row.name for row in browser.state.browsing.targets()]
        await browser.type("/")
        await browser.type("zzz")
        await browser.press("escape", "t", "t")
        await review(browser)
        for text in ("Delete 3 snapshots from team Acme Production", "3 of them hidden", "type 3"):
            assert text in browser.text
        assert "$(date)" in wanted
        assert "$(date)" in browser.text


async def test_the_quota_is_told_anew_after_a_look_and_a_deletion(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:

        def told() -> bool:
            return f"quota {5_000 - len(server.requests):,}" in browser.text

        await browser.until(told)
        await browser.press("enter")
        await browser.until(lambda: "JSON as the API sends it now" in browser.text)
        await browser.press("escape")
        await browser.until(told)
        await review(browser)
        await browser.press("1", "enter")
        await browser.until(lambda: len(browser.state.snapshots) == 239)
        await browser.until(told)


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
        await browser.until(lambda: browser.shows_list)
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
        await browser.press("l")
        for key, reason in (("p", "nothing of it is left to be sent"), ("t", "nothing of it failed")):
            await browser.press(key)
            assert f"✗ {reason}" in browser.text
            assert browser.text.startswith(" Deletions   1 2 3 y receipt · ? help · Esc")
        await browser.press("C")
        assert "✗ nothing of it is left to be sent" in browser.text


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
        number = str(browser.state.browsing.marked.count)
        await browser.press(*number, "enter")
        await browser.until(lambda: f"deleting 0 of {number}" in browser.text)
        await browser.press("j", "j", "3")
        assert "SIZE ↓" in browser.text
        await browser.press("l")
        await browser.until(lambda: "… being sent" in browser.text)
        await browser.press("C")
        hold.set()
        await browser.until(lambda: "– cancelled" in browser.text)
        await browser.press("escape")
        await browser.until(lambda: "deletion ended" in browser.text)
        assert server.count("DELETE") == len(server.deleted_ids) == 240 - len(browser.names)
        assert 0 < len(server.deleted_ids) <= 8


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
        await browser.until(lambda: "1 of 1" in browser.text)


async def test_the_doctl_receipt_names_what_still_exists(serve: Serve, browse: Browse) -> None:
    server = serve(Fault("DELETE", ONE, status=409, body=b'{"message":"in use"}'))
    async with browse(server, size=(120, 30)) as browser:
        await browser.press("space", "space", "space")
        await review(browser)
        await browser.press("3", "enter")
        await browser.until(lambda: "✗ 1 failed" in browser.text)
        await browser.press("l", "3")
        await browser.until(lambda: "written to" in browser.text)
        (written,) = Path.cwd().glob("snaptui-receipt-*.sh")
        (left,) = {item.snapshot.id for item in browser.state.standings.each[0].batch.items} - set(server.deleted_ids)
        assert written.read_text() == f"doctl compute snapshot delete --force -- {left}\n"


async def test_a_missing_scope_stops_the_batch_at_once(serve: Serve, browse: Browse) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"image:delete"}})
    async with browse(server, size=(120, 30)) as browser:
        await browser.press("A")
        await review(browser)
        await browser.press(*str(browser.state.browsing.marked.count), "enter")
        await browser.until(lambda: "deletion ended" in browser.text)
        await browser.press("l")
        assert "The token needs snapshot:delete and image:delete" in browser.text
        assert server.count("DELETE") <= 8
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
        assert browser.shows_list
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


async def test_a_protected_snapshot_can_be_neither_marked_nor_deleted(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, query="tag:keep") as browser:
        await browser.press("d")
        assert "✗ protected by tag:keep" in browser.text
        assert browser.shows_list
        await browser.press("space", "A")
        assert not browser.state.browsing.marks
        assert server.count("DELETE") == 0


async def test_more_than_max_batch_asks_again_in_other_words(serve: Serve, browse: Browse) -> None:
    server = serve()
    settings = Settings(grace_seconds=Sourced(0.0), max_batch=Sourced(2))
    async with browse(server, settings=settings) as browser:
        await browser.press("space", "space", "space")
        await review(browser)
        await browser.press("3", "enter")
        assert "more than max_batch (2) at once" in browser.text
        await browser.press("3", "enter")
        assert "nothing was deleted" in browser.text
        assert server.count("DELETE") == 0
        await browser.press("backspace")
        await browser.type("delete them all")
        await browser.press("enter")
        await browser.until(lambda: len(server.deleted_ids) == 3)


async def test_a_batch_can_be_taken_back_before_anything_is_sent(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=Settings(grace_seconds=Sourced(300.0))) as browser:
        await browser.press("space", "space")
        await review(browser)
        await browser.press("2", "enter")
        await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
        await browser.press("j")
        await browser.press("u")
        await browser.until(lambda: "taken back: nothing of 2 was sent" in browser.text)
        assert server.count("DELETE") == 0
        assert len(browser.names) == 240
        await browser.press("u")
        assert "✗ no deletion is waiting to begin" in browser.text


async def test_what_changed_since_the_review_is_not_deleted(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, size=(140, 30)) as browser:
        await browser.press("space", "space", "space", "space")
        changed, kept, gone, plain = [row.id for row in browser.state.browsing.targets()]
        server.account.change(changed, name="renamed")
        server.account.change(kept, tags=["keep"])
        server.account.delete(gone)
        await review(browser)
        await browser.press("4", "enter")
        await browser.until(lambda: "deletion ended" in browser.text)
        assert server.deleted_ids == [plain]
        assert server.count("DELETE") == 1
        await browser.press("l")
        for text in ("name changed since it was reviewed", "tags changed since it was reviewed", "already gone"):
            assert text in browser.text


async def test_another_account_behind_the_token_stops_the_batch(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, size=(140, 30)) as browser:
        await browser.press("space", "space")
        await review(browser)
        server.account.account = {**server.account.account, "uuid": "another", "team": {"uuid": "x", "name": "Other"}}
        await browser.press("2", "enter")
        await browser.until(lambda: "2 cancelled" in browser.text)
        await browser.press("l")
        assert "the token belongs to team Other now, not to team Acme Production" in browser.text
        assert server.count("DELETE") == 0


async def test_what_is_deleted_and_listed_once_more_leaves_the_list_again(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", ONE, status=204), Fault("DELETE", ONE, hold=hold))
    async with browse(server) as browser:
        await browser.press("space", "space")
        await review(browser)
        await browser.press("2", "enter")
        await browser.until(lambda: len(browser.state.snapshots) == 239)
        loaded = browser.state.loaded_at
        await browser.press("R")
        await browser.until(lambda: browser.state.loaded_at != loaded and browser.state.coverage.finished)
        await browser.until(lambda: len(browser.state.snapshots) == 239)
        hold.set()
        await browser.until(lambda: "deletion ended" in browser.text)


async def test_a_reload_during_the_review_does_not_change_the_plan(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        await browser.press("j", "j")
        current = browser.state.browsing.current
        assert current is not None
        wanted, other = current.id, "droplet" if current.resource_type == "volume" else "volume"
        await review(browser)
        browser.browse.state = browser.state.filtered_by(f"type:{other}")
        browser.app.post_message(ReloadRequested())
        await browser.until(lambda: browser.state.coverage.finished)
        assert browser.state.browsing.cursor_id != wanted
        await browser.press("1", "enter")
        await browser.until(lambda: len(server.deleted_ids) == 1)
        assert server.deleted_ids == [wanted]


async def test_what_is_gone_is_lost_again_when_an_answer_from_before_puts_it_back(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        wanted, other = browser.state.browsing.view.slice(0, 2)
        await review(browser)
        await browser.press("1", "enter")
        await browser.until(lambda: len(browser.state.snapshots) == 239)
        for row in (wanted, replace(other, name="read behind it")):
            browser.browse.post_message(SnapshotRead(row.id, FetchedSnapshot(row, "{}", 0.0)))
        await browser.until(lambda: "read behind it" in [row.name for row in browser.state.snapshots])
        await browser.until(lambda: wanted.id not in browser.state.snapshots)


async def test_a_paste_outside_a_text_field_does_nothing_and_says_so(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        driver = browser.app._driver
        assert driver is not None
        driver.send_message(TextTyped(get_time(), "my-dAily"))
        await browser.until(lambda: "came at once, as if pasted, and did nothing" in browser.text)
        assert not browser.state.browsing.marks
        assert browser.shows_list


async def test_held_keys_do_not_repeat_into_the_review(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server) as browser:
        driver = browser.app._driver
        assert driver is not None
        for _ in range(40):
            driver.send_message(Key("d", "d"))
        await browser.until(lambda: isinstance(browser.app.screen, ReviewDeletionScreen))
        screen = browser.app.screen
        assert isinstance(screen, ReviewDeletionScreen)
        await browser.until(lambda: screen.armed)
        assert "39 keys came before this was drawn" in browser.text
        await browser.press("d", "d", "escape")
        assert server.count("DELETE") == 0


async def test_without_a_journal_nothing_is_deleted(serve: Serve, browse: Browse, tmp_path: Path) -> None:
    server = serve()
    (tmp_path / "deletions").write_text("a file where the folder should be")
    async with browse(server) as browser:
        await review(browser)
        await browser.press("1", "enter")
        await browser.until(lambda: "nothing was deleted: the journal" in browser.text)
        assert server.count("DELETE") == 0
        assert len(browser.names) == 240


async def test_the_details_keep_the_snapshot_they_were_opened_for(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, query="tag:nightly", size=(110, 40)) as browser:
        wanted = browser.state.browsing.current
        assert wanted is not None
        server.account.change(wanted.id, tags=["weekly"])
        await browser.press("enter")
        await browser.until(lambda: "JSON as the API sends it now" in browser.text)
        assert browser.state.browsing.current is not None
        await browser.until(lambda: browser.state.browsing.cursor_id not in (None, wanted.id))
        facts, _, sent = browser.text.partition("JSON as the API sends it now")
        assert wanted.name in facts
        assert wanted.id in facts
        assert wanted.id in sent
        assert browser.state.browsing.current.name not in browser.app.screen.query_one(ScrollLines).plain
        await browser.press("R")
        await browser.until(lambda: "JSON as the API sends it now" in browser.text)
        assert wanted.name in browser.text
        other = browser.state.browsing.current
        browser.app.screen.post_message(SnapshotRead(other.id, FetchedSnapshot(other, '{"id": "another"}', 0.0)))
        await browser.press("G", "g")
        assert wanted.id in browser.text
        assert "another" not in browser.app.screen.query_one(ScrollLines).plain
