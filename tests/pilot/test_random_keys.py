"""Random keys, resizes and reloads: whatever is pressed, only what was confirmed is deleted."""

import random
from collections.abc import Callable

import pytest

from snaptui.tui.review.screen import ReviewDeletionScreen
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

from .conftest import Browse, Browser

Serve = Callable[..., ScriptedServer]
KEYS = (
    *("j", "k", "G", "g", "right_square_bracket", "left_square_bracket", "space", "space", "v", "A", "I", "U"),
    *("1", "3", "5", "o", "O", "t", "p", "R", "d", "d", "d", "u", "l", "escape", "escape", "enter", "question_mark"),
    *("slash", "w", "e", "b", "backspace", "q"),
)
SIZES = ((80, 24), (120, 40), (40, 12), (160, 50))
TROUBLE = (
    Fault("DELETE", "/v2/snapshots/.+", status=409, body=b"{}"),
    Fault("DELETE", "/v2/snapshots/.+", reset_after=True),
    Fault("DELETE", "/v2/snapshots/.+", reset_before=True),
    Fault("GET", "/v2/snapshots.*", status=503, body=b"<html>"),
)


async def answer_review(browser: Browser, screen: ReviewDeletionScreen, chance: random.Random) -> set[str]:
    """Answer a review rightly or wrongly; return what was confirmed by it."""
    await browser.until(lambda: screen.armed)
    items = screen.review.plan.items
    right = chance.random() < 0.4
    await browser.press(*str(len(items) if right else len(items) + 1), "enter")
    if not right:
        await browser.press("escape")
    await browser.until(lambda: browser.app.screen is not screen)
    return {snapshot.id for snapshot in items} if right else set()


async def wander(browser: Browser, chance: random.Random, steps: int) -> set[str]:
    confirmed: set[str] = set()
    for _ in range(steps):
        if not browser.app.is_running:
            break
        if chance.random() < 0.05:
            await browser.pilot.resize_terminal(*chance.choice(SIZES))
        if chance.random() < 0.03:
            browser.server.faults.add(chance.choice(TROUBLE))
        key = chance.choice(KEYS)
        leaving = key == "q" and not browser.state.text
        if not leaving:
            await browser.press(key)
        screen = browser.app.screen
        if isinstance(screen, ReviewDeletionScreen):
            confirmed |= await answer_review(browser, screen, chance)
        assert set(browser.server.deleted_ids) <= confirmed
    return confirmed


async def check(serve: Serve, browse: Browse, seed: int, steps: int) -> None:
    server = serve(snapshots=60)
    async with browse(server) as browser:
        confirmed = await wander(browser, random.Random(seed), steps)
        await browser.until(lambda: not any(each.open for each in browser.state.standings.each))
    sent = {seen.path.rpartition("/")[2] for seen in server.requests if seen.method == "DELETE"}
    assert sent <= confirmed
    assert not {row_id for row_id in server.deleted_ids if row_id in server.account.snapshots}


@pytest.mark.parametrize("seed", range(2))
async def test_random_keys_delete_only_what_was_confirmed(serve: Serve, browse: Browse, seed: int) -> None:
    await check(serve, browse, seed, 40)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
async def test_many_random_keys_delete_only_what_was_confirmed(serve: Serve, browse: Browse, seed: int) -> None:
    await check(serve, browse, seed, 200)
