"""Relisting: changes of the list, made one after the other on another thread, so that keys are answered meanwhile.

Sorting 100,000 rows takes a second there; on the event loop every key would wait for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from snaptui.text.columns import COLUMNS
from snaptui.tui.browse.facts import covering
from snaptui.tui.browse.state import BrowseState
from snaptui.tui.browse.steps import Step, showing

Made = TypeVar("Made")
# Lists that grow share their records, so that only one may grow at a time, also when nobody waits for it any more.
_ONE_BY_ONE: Final = ThreadPoolExecutor(1, thread_name_prefix="snaptui-relisting")


class Relisting:
    """Queue of changes to the list; `become` gets each new state, `clock` is in Unix seconds.

    `ended` is called when the list has come to an end and has been sorted by every column.
    """

    def __init__(
        self,
        current: Callable[[], BrowseState],
        become: Callable[[BrowseState], None],
        ended: Callable[[], object],
        clock: Callable[[], float],
    ) -> None:
        self._current = current
        self._become = become
        self._ended = ended
        self._clock = clock
        self._waiting: deque[Step] = deque()

    def add(self, step: Step) -> bool:
        """Take a change; returns whether it is the only one, so that `run` has to be called."""
        self._waiting.append(step)
        return len(self._waiting) == 1

    def forget(self) -> None:
        """Drop all changes, as the list is another one now; the caller cancels `run`."""
        self._waiting.clear()

    async def run(self) -> None:
        """Make every change, then sort a list that has come to an end by every column: no key has to wait for that."""
        while self._waiting:
            step = self._joined()
            self._become(await self._made(step))
            self._waiting.popleft()
        if not self._current().coverage.finished:
            return
        keys = dict.fromkeys([*(column.key for column in COLUMNS), *self._current().columns])
        await self._on_the_thread(lambda state: state.snapshots.sort_ahead(keys), self._current())
        self._ended()

    def _joined(self) -> Step:
        """Return the first change and those that go together with it: pages come faster than they are sorted."""
        while len(self._waiting) > 1 and (both := self._waiting[0].followed_by(self._waiting[1])):
            self._waiting.popleft()
            self._waiting[0] = both
        return self._waiting[0]

    async def _made(self, step: Step) -> BrowseState:
        """Return the state with a change, for the filter and order there are when it is made."""
        while True:
            before = self._current()
            view = await self._on_the_thread(step.view, before)
            state = self._current()
            if _agree_on_rows(before, state):
                break
        state = showing(state, view)
        if step.coverage is not None:
            state = covering(state, step.coverage, self._clock())
        return state if step.becomes is None else step.becomes(state)

    async def _on_the_thread(self, work: Callable[[BrowseState], Made], state: BrowseState) -> Made:
        return await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, work, state)


def _agree_on_rows(before: BrowseState, state: BrowseState) -> bool:
    """Return whether a view made for the state before is right for this one, too."""
    view = before.browsing.view
    if view.query.uses_marks and before.browsing.marks != state.browsing.marks:
        return False
    same_sources = before.sources is state.sources or not view.query.uses_sources
    return view is state.browsing.view and same_sources
