"""Several batches at once: each has a line and a state of its own, and `u` takes back the newest that can be."""

import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.states import Event as BatchEvent
from snaptui.tui.deletions.messages import BatchEventRequested
from snaptui.tui.deletions.screen import DeletionsScreen
from snaptui.tui.review.screen import ReviewDeletionScreen
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
ONE = "/v2/snapshots/.+"
GRACE = Settings(grace_seconds=Sourced(300.0), max_batch=Sourced(1_000))


async def confirm(browser: Browser, number: int) -> None:
    """Delete so many rows from the cursor on."""
    await browser.press(*["space"] * number, "d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    await browser.press(*str(number), "enter")
    await browser.until(lambda: browser.shows_list)


async def confirm_all(browser: Browser) -> int:
    """Delete all that may be; return how many these are."""
    await browser.press("A", "d")
    screen = browser.app.screen
    assert isinstance(screen, ReviewDeletionScreen)
    await browser.until(lambda: screen.armed)
    number = len(screen.review.plan.items)
    await browser.press(*str(number), "enter")
    return number


async def two_counting_down(browser: Browser) -> None:
    await confirm(browser, 2)
    await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
    await confirm(browser, 3)
    await browser.until(lambda: "deleting 3 snapshots in" in browser.text)


async def test_u_takes_back_the_newest_and_pressed_again_the_next(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=GRACE) as browser:
        await two_counting_down(browser)
        assert "1 more deletion open" in browser.text
        await browser.press("u")
        await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
        await browser.press("u")
        await browser.until(lambda: "taken back: nothing of 2 was sent" in browser.text)
        await browser.press("u")
        assert "✗ no deletion is waiting to begin" in browser.text
        assert not browser.state.standings.open_ids
    assert server.count("DELETE") == 0


async def test_what_is_asked_of_a_batch_of_another_token_is_refused(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), settings=GRACE) as browser:
        await confirm(browser, 2)
        await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
        browser.app.post_message(BatchEventRequested("of another token", BatchEvent.RETRY))
        await browser.until(lambda: "✗ it is no deletion with this token" in browser.text)


@pytest.mark.parametrize("opening", ["enter", "question_mark", "l", "d", "a", "K"])
async def test_u_works_on_every_screen_that_shows_the_countdown(serve: Serve, browse: Browse, opening: str) -> None:
    server = serve()
    async with browse(server, settings=GRACE) as browser:
        await confirm(browser, 2)
        await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
        await browser.press(opening)
        screen = browser.app.screen
        await browser.until(lambda: "u takes it back" in browser.text)
        await browser.until(lambda: not isinstance(screen, ReviewDeletionScreen) or screen.armed)
        await browser.press("u")
        await browser.until(lambda: "taken back" in browser.text)
        assert browser.app.screen is screen
    assert server.count("DELETE") == 0


@pytest.mark.parametrize("opening", ["enter", "question_mark", "a", "K"])
async def test_u_says_on_every_screen_why_nothing_can_be_taken_back(serve: Serve, browse: Browse, opening: str) -> None:
    async with browse(serve(), settings=GRACE) as browser:
        await browser.press(opening)
        await browser.until(lambda: not browser.shows_list)
        await browser.press("u")
        await browser.until(lambda: "no deletion is waiting to begin" in browser.text)


async def test_in_a_text_field_the_bar_says_how_to_get_to_u(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=GRACE) as browser:
        await confirm(browser, 2)
        await browser.until(lambda: "s: u takes it back" in browser.text)
        await browser.press("slash", "u")
        assert browser.state.text == "u"
        assert "s: Enter, then u takes it back" in browser.text
        await browser.press("enter", "u")
        await browser.until(lambda: "taken back: nothing of 2 was sent" in browser.text)
    assert server.count("DELETE") == 0


async def test_keys_act_on_the_batch_that_was_chosen(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=GRACE) as browser:
        await two_counting_down(browser)
        await browser.press("l")
        screen = browser.app.screen
        assert isinstance(screen, DeletionsScreen)
        await browser.press("j")
        assert len(screen.chosen.items) == 3
        await browser.press("p")
        await browser.until(lambda: "▸ held" in browser.text)
        await browser.press("k", "u")
        await browser.until(lambda: "taken back" in browser.text)
        assert len(screen.chosen.items) == 2
        await browser.press("u")
        assert "✗ it has ended" in browser.text
        await browser.press("k", "C")
        await browser.until(lambda: browser.text.count("taken back") == 2)
        assert not browser.state.standings.open_ids
    assert server.count("DELETE") == 0


async def test_a_pause_in_the_countdown_leaves_u_working_and_one_p_goes_on(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, settings=GRACE) as browser:
        await confirm(browser, 2)
        await browser.press("l", "p")
        await browser.until(lambda: "▸ held" in browser.text)
        await browser.press("p")
        await browser.until(lambda: "▸ in 300 s" in browser.text or "▸ in 299 s" in browser.text)
        await browser.press("p")
        await browser.until(lambda: "▸ held" in browser.text)
        await browser.press("escape")
        await browser.until(lambda: "held, nothing sent of 2 snapshots: u takes it back" in browser.text)
        await browser.press("u")
        await browser.until(lambda: "taken back" in browser.text)
    assert server.count("DELETE") == 0


async def test_what_is_in_a_deletion_carries_a_sign_and_can_be_neither_marked_nor_planned(
    serve: Serve, browse: Browse
) -> None:
    async with browse(serve(), settings=GRACE) as browser:
        wanted = [browser.state.browsing.view.at(position) for position in (0, 1)]
        await confirm(browser, 2)
        await browser.until(lambda: browser.state.standings.open_ids == {row.id for row in wanted})
        assert browser.text.count("×") == 2
        await browser.press("g", "space")
        assert "it is in a deletion already" in browser.text
        await browser.press("d")
        assert browser.shows_list
        assert "it is in a deletion already" in browser.text
        await browser.press("A")
        assert not browser.state.browsing.marks & {row.id for row in wanted}
        await browser.press("u")
        await browser.until(lambda: not browser.state.standings.open_ids)
        assert "×" not in browser.text
        await browser.press("U", "g", "space")
        assert browser.state.browsing.marks == {wanted[0].id}


async def test_what_was_said_of_marks_goes_with_them(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), settings=GRACE) as browser:
        await browser.press("A")
        assert "more marked:" in browser.text
        await confirm_all(browser)
        await browser.until(lambda: bool(browser.state.standings.open_ids))
        assert "more marked" not in browser.text


async def test_inverting_says_how_many_are_marked_now_rather_than_how_many_came(serve: Serve, browse: Browse) -> None:
    async with browse(serve()) as browser:
        await browser.press("A", "I")
        assert not browser.state.browsing.marks
        assert "inverted: 0 marked now" in browser.text
        await browser.press("space", "I")
        count = browser.state.browsing.marked.count
        assert f"inverted: {count:,} marked now" in browser.text


async def test_a_cancel_is_shown_when_it_is_final_and_nothing_is_sent_after_it(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(Fault("DELETE", ONE, hold=hold, times=None))
    async with browse(server) as browser:
        number = await confirm_all(browser)
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.press("l", "C")
        await browser.until(lambda: "▸ stopping" in browser.text)
        hold.set()
        await browser.until(lambda: "▸ ended" in browser.text)
        sent = server.count("DELETE")
        assert sent == len(server.deleted_ids) < number / 2
        assert f"– {number - sent} cancelled" in browser.text


async def test_the_panel_says_how_much_is_freed(serve: Serve, browse: Browse) -> None:
    server = serve()
    async with browse(server, size=(120, 30)) as browser:
        await confirm(browser, 3)
        await browser.until(lambda: "deletion ended: 3 of 3" in browser.text)
        assert "freed " not in browser.text
        await browser.press("l")
        assert "▸ ended      3 of 3" in browser.text
        assert "freed " in browser.text
        assert "/mo" in browser.text


async def test_what_is_tried_again_is_chosen(serve: Serve, browse: Browse) -> None:
    server = serve(Fault("DELETE", ONE, status=409, body=b'{"message":"in use"}'))
    async with browse(server, size=(120, 30)) as browser:
        await confirm(browser, 3)
        await browser.until(lambda: "✗ 1 failed" in browser.text)
        await browser.press("l")
        first = browser.app.screen
        assert isinstance(first, DeletionsScreen)
        before = first.chosen.id
        await browser.press("t")
        await browser.until(lambda: first.chosen.id != before)
        await browser.until(lambda: "▸ ended      1 of 1" in browser.text)
        await browser.press("t")
        assert "✗ nothing of it failed" in browser.text


async def test_trying_again_without_a_journal_says_so_and_sends_nothing(
    serve: Serve, browse: Browse, tmp_path: Path
) -> None:
    server = serve(Fault("DELETE", ONE, status=409, body=b'{"message":"in use"}'))
    async with browse(server, size=(120, 30)) as browser:
        await confirm(browser, 3)
        await browser.until(lambda: "✗ 1 failed" in browser.text)
        sent = server.count("DELETE")
        shutil.rmtree(tmp_path / "deletions")
        (tmp_path / "deletions").write_text("a file where the folder should be")
        await browser.press("l", "t")
        await browser.until(lambda: "✗ the journal" in browser.text)
        assert server.count("DELETE") == sent


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_the_way_back_is_whole_at_every_width(serve: Serve, browse: Browse, width: int) -> None:
    async with browse(serve(), settings=GRACE, size=(width, 24)) as browser:
        await confirm_all(browser)
        await browser.until(lambda: "u takes it back" in browser.text)
        await browser.press("slash")
        assert "Enter, then u" in browser.text
        assert "…" not in browser.text.splitlines()[-2]


async def test_the_question_before_leaving_is_whole_in_a_narrow_terminal(serve: Serve, browse: Browse) -> None:
    async with browse(serve(), settings=GRACE, size=(40, 12)) as browser:
        await confirm_all(browser)
        await browser.press("T")
        await browser.until(lambda: "deletions not finished" in browser.text)
        assert "may still happen." in " ".join(browser.text.split())
        await browser.press("right", "enter")
        await browser.until(lambda: "Esc cancels:" in " ".join(browser.text.split()))
