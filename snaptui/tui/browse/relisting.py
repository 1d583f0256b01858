"""Relisting: changes of the list, made one after the other on another thread, so that keys are answered meanwhile.

Sorting 100,000 rows takes a second there; on the event loop every key would wait for it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from msgspec import Struct

from snaptui.inventory.view import View
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import COLUMNS
from snaptui.tui.browse.other_lists import view_with, view_without
from snaptui.tui.browse.state import BrowseState

Made = TypeVar("Made")
# Lists that grow share their records, so that only one may grow at a time, also when nobody waits for it any more.
_ONE_BY_ONE: Final = ThreadPoolExecutor(1, thread_name_prefix="snaptui-relisting")


class Step(Struct, frozen=True):
    """One change of the list: other rows, and what else is known with them, which reaches the screen as one state.

    `rows` are added or replace those with the same id; of a list that is complete `present` holds the ids; `gone` are
    taken away. `coverage` says how much of the list there is then. `becomes` is what else the state becomes.
    """

    rows: tuple[Snapshot, ...] = ()
    present: Set[str] | None = None
    gone: Set[str] = frozenset()
    coverage: Coverage | None = None
    becomes: Callable[[BrowseState], BrowseState] | None = None

    def view(self, state: BrowseState) -> View:
        """Return what is shown with these changes."""
        server_now = self.coverage.server_now if self.coverage is not None else None
        return view_without(state, self.gone) if self.gone else view_with(state, self.rows, self.present, server_now)

    def followed_by(self, later: "Step") -> "Step | None":
        """Return both as one step; `None` where the order of the two matters."""
        if self.gone or later.gone or self.becomes or later.becomes or self.present is not None:
            return None
        return Step(self.rows + later.rows, later.present, coverage=later.coverage or self.coverage)


class Relisting:
    """Changes that wait to be made; `become` gets each new state, `clock` is in Unix seconds."""

    def __init__(
        self,
        current: Callable[[], BrowseState],
        become: Callable[[BrowseState], None],
        clock: Callable[[], float],
    ) -> None:
        self._current = current
        self._become = become
        self._clock = clock
        self._waiting: deque[Step] = deque()

    def add(self, step: Step) -> bool:
        """Take a change; returns whether it is the only one, so that `run` has to be called."""
        self._waiting.append(step)
        return len(self._waiting) == 1

    def forget(self) -> None:
        """Drop all changes, as the list is another one now; the caller cancels `run`."""
        self._waiting.clear()

    async def run(self) -> bool:
        """Make every change; returns whether the list has come to an end.

        Then it has been sorted by every column, so that no key has to wait for that.
        """
        while self._waiting:
            step = self._joined()
            self._become(await self._made(step))
            self._waiting.popleft()
        if not self._current().coverage.finished:
            return False
        keys = [column.key for column in COLUMNS]
        await self._on_the_thread(lambda state: state.snapshots.sort_ahead(keys), self._current())
        return True

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
            if state.agrees_on_rows(before):
                break
        state = state.showing(view)
        if step.coverage is not None:
            state = state.covering(step.coverage, self._clock())
        return state if step.becomes is None else step.becomes(state)

    async def _on_the_thread(self, work: Callable[[BrowseState], Made], state: BrowseState) -> Made:
        return await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, work, state)
