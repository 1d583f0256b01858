"""Deleting part of the application: takes confirmed plans, and asks before deletions are given up."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.driver import Driver
from textual.events import Event, InputEvent

from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.terminal.driver import CellDriver
from snaptui.terminal.typed import TextTyped
from snaptui.tui import messages
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.deletions.messages import BatchEventRequested, DeletionRequested, TakeBackRequested
from snaptui.tui.session import Session
from snaptui.tui.terminal_app import TerminalApp

if TYPE_CHECKING:
    from snaptui.tui.deletions.room import Deleting

INTERRUPTED: Final = 130
OF_ONE_ACCOUNT: Final = ("listing", "account", "details")


class DeletingApp(TerminalApp):
    """App that deletes with its client; its result is 1 when anything that was confirmed may still exist."""

    def __init__(
        self, session: Session, clock: Callable[[], float] = time.time, driver: type[Driver] = CellDriver
    ) -> None:
        super().__init__(driver)
        self._session = session
        self._clock = clock
        self._client: RemoteClient | None = None
        self._deleting: Deleting | None = None
        self._failed = False
        self._leaving = False
        self._asks_to_leave = False
        self._browse = BrowseScreen(session.first_state(clock()), clock)

    def deleting_with(self, client: RemoteClient) -> "Deleting":
        """Return the deletions of a client."""
        from snaptui.tui.deletions.room import Deleting

        if self._deleting is None:
            self._deleting = Deleting(self, self._browse, self._session, client, self._clock)
        return self._deleting

    @on(DeletionRequested)
    def _delete(self, event: DeletionRequested) -> None:
        if self._client is not None:
            self.deleting_with(self._client).submit(event.plan)

    @on(messages.SnapshotRead)
    def _snapshot_read(self, event: messages.SnapshotRead) -> None:
        if self._deleting is not None:
            self._deleting.was_read(event.snapshot_id)

    # Answers to these are final, which can take a while: keys do not wait for them.

    @on(BatchEventRequested)
    def _ask_of_batch(self, event: BatchEventRequested) -> None:
        if self._deleting is not None:
            self.run_worker(self._deleting.ask(event.batch_id, event.event))

    @on(TakeBackRequested)
    def _take_back(self, event: TakeBackRequested) -> None:
        if self._deleting is not None:
            self.run_worker(self._deleting.take_back(event.shown_id))

    def _handle_exception(self, error: Exception) -> None:
        """Crash; before anything is said of it, nothing more is sent."""
        if self._deleting is not None:
            self._deleting.queue.halt()
        super()._handle_exception(error)

    async def end_deletions(self) -> None:
        """Send nothing more, and remember whether anything that was confirmed may still exist."""
        if self._deleting is not None:
            await self._deleting.close()
            self._failed |= self._deleting.failed

    async def may_give_up(self, what: str) -> bool:
        """Ask whether deletions may be given up for `what`; true when there are none."""
        from snaptui.tui.dialogs.leave import LeaveScreen

        if self._deleting is None or not self._deleting.queue.busy:
            return True
        return await self.push_screen_wait(LeaveScreen(self._deleting.unfinished, what)) or False

    def say_dropped(self, text: str) -> None:
        """Say that typed characters did nothing."""
        self._browse.say_dropped(text)

    # Leaving

    @on(messages.LeaveRequested)
    @work(group="leaving")
    async def _ask_to_leave(self) -> None:
        if self._asks_to_leave:
            return
        self._asks_to_leave = True
        try:
            if not await self.may_give_up("Leaving"):
                return
        finally:
            self._asks_to_leave = False
        self._leaving = True
        await self.end_deletions()
        self._end(1 if self._failed else 0)

    async def interrupt(self) -> None:
        """End as when the terminal goes away: what was confirmed is offered again."""
        self._leaving = True
        if self._deleting is not None:
            await self._deleting.close(cancel=False)
        self._end(INTERRUPTED)

    def _end(self, code: int) -> None:
        """End once what earlier keys asked for is done, and the screen in sight is whole: Textual cannot take down one
        that is still being put together.
        """
        self.call_later(self._end_with, code)

    def _end_with(self, code: int) -> None:
        for group in (*OF_ONE_ACCOUNT, "token"):
            self.workers.cancel_group(self, group)
        if not self.screen.call_after_refresh(self.exit, code):
            self.exit(code)

    async def on_event(self, event: Event) -> None:
        """Take no input once it is certain that this is the end: what it opens could hold the end back."""
        if not (self._leaving and isinstance(event, InputEvent | TextTyped)):
            await super().on_event(event)
