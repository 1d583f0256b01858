"""The application: owns the client's work, the deletions and the screens."""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import ClassVar, Final

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Event, Key
from textual.message_pump import MessagePump
from textual.screen import Screen

from snaptui.deletion.queue import DeletionQueue, gone_ids, unfinished
from snaptui.digitalocean.background import BackgroundClient
from snaptui.digitalocean.errors import ApiError
from snaptui.digitalocean.protocol import FetchedSnapshot
from snaptui.model.token import Token
from snaptui.tui import messages
from snaptui.tui.loading import STEP_SECONDS, ListLoader
from snaptui.tui.screens.ask_token import AskTokenScreen
from snaptui.tui.screens.browse import BrowseScreen
from snaptui.tui.screens.deletions import DeletionsScreen
from snaptui.tui.screens.details import DetailsScreen
from snaptui.tui.screens.leave import LeaveScreen
from snaptui.tui.screens.review_deletion import ReviewDeletionScreen
from snaptui.tui.session import Session
from snaptui.tui.theme import SNAPTUI_DARK

SETTLING_SECONDS: Final = 0.25


class SnaptuiApp(App[int]):
    """Browses the account of a session; returns the exit code."""

    TITLE = "snaptui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "suspend_process", "suspend", show=False),
    ]

    def __init__(self, session: Session, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.register_theme(SNAPTUI_DARK)
        self.theme = SNAPTUI_DARK.name
        self._session = session
        self._clock = clock
        self._client: BackgroundClient | None = None
        self._queue: DeletionQueue | None = None
        self._jobs_due = False
        self._browse = BrowseScreen(session.first_state(clock()), clock)

    def on_mount(self) -> None:
        """Show the list and fill it."""
        self.push_screen(self._browse)
        if self._session.client is not None:
            self._use(self._session.client)
        elif self._session.credentials is None:
            self._ask_token()

    def _use(self, client: BackgroundClient) -> None:
        self._client = client
        self._queue = DeletionQueue(client, clock=self._clock, changed=self._jobs_changed)
        client.on_state(self._client_state_changed)
        self.call_after_refresh(client.release)
        self._load(client)
        self._read_account(client)

    # What the client brings

    def _client_state_changed(self) -> None:
        self.call_later(self._report_client_state)

    def _report_client_state(self) -> None:
        if self._client is None:
            return
        wait = self._client.wait
        waiting = "" if wait is None else f"{wait.reason}: waiting {max(1, round(wait.until - self._clock()))} s"
        self._browse.post_message(messages.ClientStateChanged(self._client.rate_limit, waiting))
        if wait is not None:
            self.set_timer(1.0, self._report_client_state)

    @work(exclusive=True, group="listing")
    async def _load(self, client: BackgroundClient) -> None:
        await ListLoader(self._browse.post_message).run(client.listing())
        self._report_client_state()
        self._browse.post_message(messages.SourcesRead(await client.get_sources()))
        self._report_client_state()

    @work(exclusive=True, group="account")
    async def _read_account(self, client: BackgroundClient) -> None:
        try:
            account = await client.get_account()
        except ApiError:
            account = None
        self._browse.post_message(messages.AccountRead(account))

    @on(messages.ReloadRequested)
    def _reload(self) -> None:
        if self._client is not None:
            self._load(self._client)

    @on(messages.StopRequested)
    def _stop(self) -> None:
        self.workers.cancel_group(self, "listing")
        self._browse.post_message(messages.ListingStopped())

    # Looking at one snapshot

    @on(messages.SnapshotRefreshRequested)
    @work(exclusive=True, group="details")
    async def _refresh_snapshot(self, event: messages.SnapshotRefreshRequested) -> None:
        if self._client is None:
            return
        try:
            answer = await self._client.get_snapshot(event.snapshot_id)
        except ApiError as error:
            self._show_answer(error)
        else:
            self._browse.state = self._browse.state.refreshed(answer.snapshot)
            self._show_answer(answer)

    def _show_answer(self, answer: FetchedSnapshot | ApiError) -> None:
        if isinstance(self.screen, DetailsScreen):
            self.screen.answered(answer, self._browse.state)

    # Deleting

    @on(messages.DeletionRequested)
    def _delete(self, event: messages.DeletionRequested) -> None:
        if self._queue is not None:
            self._queue.submit(event.plan)
            self._browse.state = self._browse.state.without_marks_of(event.plan)

    def _jobs_changed(self) -> None:
        """Tell the screen at most twice a second."""
        if not self._jobs_due:
            self._jobs_due = True
            self.set_timer(STEP_SECONDS, self._report_jobs)

    def _report_jobs(self) -> None:
        self._jobs_due = False
        if self._queue is None:
            return
        jobs = self._queue.jobs
        self._browse.post_message(messages.JobsChanged(jobs, gone_ids(jobs)))
        if isinstance(self.screen, DeletionsScreen):
            self.screen.show_jobs(jobs)

    @on(messages.PauseRequested)
    def _pause(self, event: messages.PauseRequested) -> None:
        if self._queue is not None:
            (self._queue.pause if event.paused else self._queue.resume)(event.job_id)

    @on(messages.CancelRequested)
    def _cancel(self, event: messages.CancelRequested) -> None:
        if self._queue is not None:
            self._queue.cancel(event.job_id)

    @on(messages.RetryRequested)
    def _retry(self, event: messages.RetryRequested) -> None:
        if self._queue is not None:
            self._queue.retry(event.job_id)

    # Token, help, leaving

    @on(messages.TokenRequested)
    @work(exclusive=True, group="token")
    async def _ask_token(self) -> None:
        token: Token | None = await self.push_screen_wait(AskTokenScreen(self._session.api_host))
        if token is None:
            return
        if self._client is not None:
            self._client.close()
        self._browse.state = self._browse.state.with_token(token)
        self._use(self._session.connect(token))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what the keys of the browse screen do, and quitting."""
        if screen is self._browse:
            for binding in BrowseScreen.BINDINGS:
                if isinstance(binding, Binding) and not binding.action.startswith("app."):
                    run = getattr(self._browse, f"action_{binding.action}")
                    yield SystemCommand(binding.description.capitalize(), f"key {binding.key}", run)
        yield SystemCommand("Quit", "key q", self.action_leave)

    async def on_event(self, event: Event) -> None:
        """Finish each key before the next: otherwise keys typed fast act on a screen that is about to change."""
        if not isinstance(event, Key) or not self.screen_stack:
            await super().on_event(event)
            return
        screen = self.screen
        if isinstance(screen, ReviewDeletionScreen) and screen.drops(event):
            return
        target = self.focused or screen
        await super().on_event(event)
        for pump in (target, *target.ancestors):
            if pump is not self:
                await _idle(pump)

    def action_leave(self) -> None:
        """Quit; ask first when deletions are under way."""
        if self._queue is not None and self._queue.busy:
            self.push_screen(LeaveScreen(unfinished(self._queue.jobs)), self._leave)
        else:
            self.run_worker(self._leave(True))

    async def _leave(self, sure: bool | None) -> None:
        if not sure:
            return
        if self._queue is not None:
            await self._queue.close()
        failed = self._queue is not None and any(job.failed for job in self._queue.jobs)
        self.exit(1 if failed else 0)

    async def action_quit(self) -> None:
        """Quit as `q` does."""
        self.action_leave()

    def _fatal_error(self) -> None:
        """Show a crash without the values of variables, as Textual would: a token could be among them."""
        from rich.console import Group
        from rich.segment import Segments
        from rich.text import Text
        from rich.traceback import Traceback

        said = Text("snaptui crashed. Nothing more will be deleted. Please report what stands above.")
        report = Group(Traceback(show_locals=False, width=None), said)
        self._exit_renderables.append(Segments(self.console.render(report, self.console.options)))
        self._close_messages_no_wait()


async def _idle(pump: MessagePump) -> None:
    """Wait until a widget has handled what is in its queue; a busy one is not waited for long."""
    handled = asyncio.Event()
    pump.call_later(handled.set)
    with suppress(TimeoutError):
        await asyncio.wait_for(handled.wait(), SETTLING_SECONDS)
