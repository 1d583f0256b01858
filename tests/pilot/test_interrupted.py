"""The offer of an interrupted batch takes no key that was meant for something else."""

import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from msgspec.structs import replace
from textual._time import get_time

from snaptui.config.settings import Settings, Sourced
from snaptui.deletion.journal import Journal
from snaptui.terminal.typed import TextTyped
from snaptui.tui.deletions.interrupted import InterruptedScreen
from snaptui.tui.review.screen import ReviewDeletionScreen
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
GRACE = Settings(grace_seconds=Sourced(300.0), max_batch=Sourced(1_000))


async def interrupt_a_batch(server: ScriptedServer, browse: Browse) -> None:
    """Leave a batch of two unfinished, as a terminal that goes away does."""
    async with browse(server, settings=GRACE) as browser:
        await browser.press("space", "space", "d")
        screen = browser.app.screen
        assert isinstance(screen, ReviewDeletionScreen)
        await browser.until(lambda: screen.armed)
        await browser.press("2", "enter")
        await browser.until(lambda: "deleting 2 snapshots in" in browser.text)
        await browser.app.interrupt()


async def offered(browser: Browser) -> InterruptedScreen:
    await browser.until(lambda: isinstance(browser.app.screen, InterruptedScreen))
    screen = browser.app.screen
    assert isinstance(screen, InterruptedScreen)
    return screen


async def armed(browser: Browser, screen: InterruptedScreen | ReviewDeletionScreen) -> None:
    await browser.until(lambda: screen.armed)


async def test_keys_that_come_before_the_offer_is_seen_answer_nothing(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server) as browser:
        screen = await offered(browser)
        assert not screen.armed
        await browser.press("f", "r", "q")
        assert browser.app.screen is screen
        await browser.until(lambda: screen.armed)
        assert "3 keys came before this was drawn and did nothing" in browser.text
        assert "2 not deleted" in browser.text


async def test_a_filter_that_is_being_typed_answers_nothing(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server, loaded=False) as browser:
        await browser.press("slash")
        await browser.until(lambda: browser.state.connection.account_asked)
        await browser.type("forfeit")
        await browser.until(lambda: browser.state.coverage.finished)
        assert browser.shows_list
        assert browser.state.text == "forfeit"
        await browser.press("enter")
        assert (await offered(browser)) is browser.app.screen
    async with browse(server) as browser:
        await offered(browser)
        assert "2 not deleted" in browser.text


async def test_a_screen_that_is_being_read_is_not_covered_by_the_offer(serve: Serve, browse: Browse) -> None:
    server, hold = serve(), Event()
    await interrupt_a_batch(server, browse)
    server.faults.add(Fault(path="/v2/account", hold=hold))
    async with browse(server, loaded=False) as browser:
        await browser.press("question_mark")
        await browser.until(lambda: not browser.shows_list)
        reading = browser.app.screen
        assert not isinstance(reading, InterruptedScreen)
        hold.set()
        await browser.until(lambda: browser.state.connection.account_asked and browser.state.coverage.finished)
        for _ in range(3):
            await browser.press("j")
            assert browser.app.screen is reading
        await browser.press("escape")
        assert (await offered(browser)) is browser.app.screen


async def test_forgetting_takes_a_word_and_not_a_letter(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server) as browser:
        screen = await offered(browser)
        await browser.until(lambda: screen.armed)
        await browser.press("f", "f", "enter")
        assert "nothing was forgotten" in browser.text
        await browser.press("escape")
        assert browser.shows_list
    async with browse(server) as browser:
        screen = await offered(browser)
        await browser.until(lambda: screen.armed)
        await browser.press("f")
        await browser.type("forget")
        await browser.press("enter")
        assert browser.shows_list
    async with browse(server) as browser:
        await browser.press("j")
        assert browser.shows_list
        assert server.count("DELETE") == 0


async def test_a_paste_into_the_offer_does_nothing_and_says_so_there(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server) as browser:
        screen = await offered(browser)
        await browser.until(lambda: screen.armed)
        driver = browser.app._driver
        assert driver is not None
        driver.send_message(TextTyped(get_time(), "rm -rf"))
        await browser.until(lambda: "keys came at once, as if pasted, and did nothing" in browser.text)
        assert browser.app.screen is screen


async def test_going_on_takes_a_review_of_the_rest(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    for answer in ("escape", "enter"):
        async with browse(server) as browser:
            screen = await offered(browser)
            await armed(browser, screen)
            await browser.press("r")
            review = browser.app.screen
            assert isinstance(review, ReviewDeletionScreen)
            assert len(review.review.plan.items) == 2
            await armed(browser, review)
            assert server.count("DELETE") == 0
            await browser.press("2", answer)
            if answer == "enter":
                await browser.until(lambda: len(server.deleted_ids) == 2)
                await browser.until(lambda: "deletion ended: 2 of 2" in browser.text)
    async with browse(server) as browser:
        await browser.press("j")
        assert browser.shows_list


async def test_read_only_offers_nothing_and_forgets_nothing(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server, settings=Settings(read_only=Sourced(True))) as browser:
        await browser.press("R")
        await browser.until(lambda: browser.state.coverage.finished)
        await browser.press("j", "k")
        assert browser.shows_list
    async with browse(server) as browser:
        await offered(browser)


async def test_what_is_still_unknown_is_offered_and_not_called_settled(serve: Serve, browse: Browse) -> None:
    hold = Event()
    server = serve(
        Fault("DELETE", "/v2/snapshots/.+", hold=hold, times=None),
        Fault(path="/v2/snapshots/.+", skip=1, status=500, times=None),
    )
    async with browse(server) as browser:
        await browser.press("d")
        screen = browser.app.screen
        assert isinstance(screen, ReviewDeletionScreen)
        await browser.until(lambda: screen.armed)
        await browser.press("1", "enter")
        await browser.until(lambda: server.faults.wait_taken(0.0))
        await browser.app.interrupt()
    for _ in range(2):
        async with browse(server) as browser:
            await offered(browser)
            await browser.until(lambda: "1 still unknown: it will be asked again" in browser.text)
            assert "0 not deleted" in browser.text
    hold.set()


@pytest.fixture
def limit_file_size() -> Iterator[Callable[[int], None]]:
    """Let no file grow beyond a size, as on a disk that is full; until the test ends."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_batch_that_cannot_be_written_down_hides_no_other_and_is_let_go(
    serve: Serve, browse: Browse, tmp_path: Path, limit_file_size: Callable[[int], None]
) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    journal = Journal(tmp_path / "deletions")
    ((recorded, small),) = journal.unfinished().batches
    small.close()
    plan = recorded.plan
    assert plan is not None
    rows = tuple(replace(plan.items[0], id=f"gone-{number}") for number in range(5_000))
    large = journal.begin(1.0, replace(plan, id="large", items=rows))
    large.intend(2.0, rows[0].id)
    large.close()
    limit_file_size(large.path.stat().st_size)
    async with browse(server) as browser:
        screen = await offered(browser)
        await browser.until(lambda: "A deletion of 2 snapshots" in browser.text)
        await armed(browser, screen)
        journal.lock(large.path).close()
        await browser.press("escape")
        await browser.until(lambda: browser.shows_list)
        assert {one.plan.id for one, file in journal.unfinished().batches if one.plan} == {plan.id, "large"}


async def test_on_a_large_terminal_the_offer_stands_in_a_frame_over_the_list(serve: Serve, browse: Browse) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    async with browse(server, size=(200, 50)) as browser:
        screen = await offered(browser)
        await armed(browser, screen)
        region = screen.query_one(".frame").region
        assert region.x == 200 - region.right > 0
        assert abs(region.y - (50 - region.bottom)) <= 1
        assert "? help" in browser.text.splitlines()[-1]
        for said in ("was interrupted", "2 not deleted", "reviews the 2 again", "forgets the rest"):
            assert any("│" in line and said in line for line in browser.text.splitlines()), said
        await browser.press("f")
        assert "type forget:" in browser.text


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff")


def nested(path: Path) -> None:
    path.write_bytes(b'{"record":"plan","at":1,"plan":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n")


@pytest.mark.parametrize("bad", [pipe, endless, no_text, nested])
async def test_a_bad_file_of_the_journal_is_named_and_the_others_are_offered(
    serve: Serve, browse: Browse, tmp_path: Path, bad: Callable[[Path], None]
) -> None:
    server = serve()
    await interrupt_a_batch(server, browse)
    bad(tmp_path / "deletions" / "00000000T000000Z-bad.jsonl")
    async with browse(server) as browser:
        screen = await offered(browser)
        await armed(browser, screen)
        assert "2 not deleted" in browser.text
        await browser.press("escape")
        await browser.until(lambda: browser.shows_list)


async def test_a_bad_file_alone_is_said_on_the_list(serve: Serve, browse: Browse, tmp_path: Path) -> None:
    (tmp_path / "deletions").mkdir(mode=0o700)
    no_text(tmp_path / "deletions" / "bad.jsonl")
    async with browse(serve(), size=(200, 50)) as browser:
        await browser.until(lambda: "bad.jsonl" in browser.text)
