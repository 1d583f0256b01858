"""The event loop of an account that is large: nothing takes long in it, whatever the client brings."""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from snaptui.demo.rate_limit import Limits
from snaptui.tui.planner.screen import PlannerScreen
from snaptui.tui.review.screen import ReviewDeletionScreen
from snaptui.tui.widgets.lines import Lines

from ..conftest import Serve
from .conftest import Browse

SNAPSHOTS = 40_000
BEAT_SECONDS = 0.002
LONGEST_SECONDS = 0.05


@pytest.fixture
def _no_garbage_of_other_tests() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


class Heart:
    """Beats in the event loop; `longest` is how long its thread has calculated between two beats.

    Waiting does not count, so that a busy machine is no failure.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.beats = 0

    @contextmanager
    def beating(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        self._calculated = time.thread_time()
        self._next(loop)
        yield
        self._timer.cancel()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(BEAT_SECONDS, self._beat, loop)

    def _beat(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.thread_time()
        self.longest, self._calculated = max(self.longest, now - self._calculated), now
        self.beats += 1
        self._next(loop)


@pytest.mark.usefixtures("_no_garbage_of_other_tests")
async def test_loading_filtering_sorting_and_marking_never_hold_the_event_loop(serve: Serve, browse: Browse) -> None:
    server = serve(snapshots=SNAPSHOTS, limits=Limits(per_minute=100_000, per_hour=100_000))
    loading, using = Heart(), Heart()
    async with browse(server, size=(120, 40), loaded=False) as browser:
        await browser.until(lambda: len(browser.state.snapshots) > 0)
        with loading.beating():
            await browser.until(lambda: browser.state.coverage.finished)
        await browser.until(lambda: browser.state.connection.account_asked)
        assert browser.state.coverage.complete
        assert len(browser.state.snapshots) == SNAPSHOTS
        with using.beating():
            await browser.press("o", "O", "right_square_bracket", "G", "slash")
            await browser.type("web")
            await browser.press("enter", "A")
        assert len(browser.state.browsing.marks) > 1_000
    assert loading.beats > 10
    assert loading.longest < LONGEST_SECONDS
    assert using.longest < 2 * LONGEST_SECONDS


@pytest.mark.usefixtures("_no_garbage_of_other_tests")
async def test_reviewing_and_keeping_by_a_policy_never_hold_the_event_loop(
    serve: Serve, browse: Browse, isolated_home: Path
) -> None:
    server = serve(snapshots=SNAPSHOTS, limits=Limits(per_minute=100_000, per_hour=100_000))
    marking, reviewing, planning = Heart(), Heart(), Heart()
    async with browse(server, size=(80, 24)) as browser:
        await browser.until(lambda: browser.state.connection.account_asked)
        with marking.beating():
            await browser.press("A", "I", "I", "U", "A")
        with reviewing.beating():
            await browser.press("d")
            review = browser.app.screen
            assert isinstance(review, ReviewDeletionScreen)
            await browser.until(lambda: review.armed)
            await browser.press("G", "g", "w")
            await browser.until(lambda: "was written" in review.query_one("#said", Lines).plain)
            await browser.press("escape")
        assert len(review.review.plan.items) > 30_000
        assert [path.name[:13] for path in os.scandir(isolated_home) if path.name.endswith(".json")] == [
            "snaptui-plan-"
        ]
        await browser.press("U")
        with planning.beating():
            await browser.press("K")
            planner = browser.app.screen
            assert isinstance(planner, PlannerScreen)
            await browser.until(lambda: "removes" in planner.query_one("#planner-sum", Lines).plain)
            await browser.press("enter")
            kept = browser.app.screen
            assert isinstance(kept, ReviewDeletionScreen)
            await browser.until(lambda: kept.armed)
            await browser.press("escape")
        assert {row.id for row in kept.review.plan.items} == browser.state.browsing.marks
    assert marking.longest < LONGEST_SECONDS
    assert reviewing.longest < LONGEST_SECONDS
    assert planning.longest < LONGEST_SECONDS
