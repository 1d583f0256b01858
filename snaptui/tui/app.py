"""The application: owns the client's work, the deletions and the screens."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, Final
from uuid import uuid4

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.events import CursorPosition, Event, Key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widgets import Input

from snaptui.deletion.job import Phase
from snaptui.deletion.journal import JournalError
from snaptui.deletion.queue import DeletionQueue, RefusedPlanError, gone_ids, unfinished
from snaptui.deletion.recovery import Interrupted, settle
from snaptui.deletion.recovery import close as close_interrupted
from snaptui.digitalocean.background import BackgroundClient
from snaptui.digitalocean.errors import ApiError
from snaptui.digitalocean.protocol import FetchedSnapshot
from snaptui.model.account import Account, same_account
from snaptui.model.plan import Plan
from snaptui.model.token import Token
from snaptui.tui import messages
from snaptui.tui.key_guard import KeyGuard
from snaptui.tui.loading import STEP_SECONDS, ListLoader
from snaptui.tui.paint_fence import PATIENCE_SECONDS, PaintFence
from snaptui.tui.review import Review
from snaptui.tui.screens.ask_token import AskTokenScreen
from snaptui.tui.screens.browse import BrowseScreen
from snaptui.tui.screens.deletions import DeletionsScreen
from snaptui.tui.screens.details import DetailsScreen
from snaptui.tui.screens.interrupted import Choice, InterruptedScreen
from snaptui.tui.screens.leave import LeaveScreen
from snaptui.tui.screens.review_deletion import ReviewDeletionScreen
from snaptui.tui.session import Session
from snaptui.tui.theme import SNAPTUI_DARK

INTERRUPTED: Final = 130
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
        self._key_guard = KeyGuard()
        self._fence = PaintFence(self._write_to_terminal)
        self._browse = BrowseScreen(session.first_state(clock()), clock)

    def on_mount(self) -> None:
        """Show the list and fill it."""
        self.when_drawn(lambda: None)
        if not self.is_headless:
            self._end_on_signals()
        self.push_screen(self._browse)
        notes = self._session.credentials.notes if self._session.credentials else ()
        if notes:
            self._browse.say("; ".join(notes))
        if self._session.client is not None:
            self._use(self._session.client)
        elif self._session.credentials is None:
            self._ask_token()

    def _use(self, client: BackgroundClient) -> None:
        self._client = client
        self._queue = DeletionQueue(
            client,
            self._session.journal,
            self._browse.state.guards,
            clock=self._clock,
            context=lambda: self._browse.state.context,
            changed=self._jobs_changed,
            grace_seconds=self._session.settings.grace_seconds.value,
        )
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
        sources = await client.get_sources()
        try:
            images: frozenset[str] | None = await client.get_autoscale_images()
        except ApiError:
            images = None
        self._browse.post_message(messages.SourcesRead(sources, images))
        self._report_client_state()

    @work(exclusive=True, group="account")
    async def _read_account(self, client: BackgroundClient) -> None:
        try:
            account = await client.get_account()
        except ApiError:
            account = None
        self._browse.post_message(messages.AccountRead(account))
        await self._recover(client, account)

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
        if self._queue is None:
            return
        try:
            self._queue.submit(event.plan, listed=len(self._browse.state.snapshots))
        except RefusedPlanError as error:
            self._browse.say(f"nothing was deleted: {error}")
        else:
            self._browse.state = self._browse.state.without_marks_of(event.plan)

    async def _recover(self, client: BackgroundClient, account: Account | None) -> None:
        """Settle what an earlier run of snaptui left open in this account, and offer the rest."""
        if self._session.settings.read_only.value:
            return
        url = self._session.settings.api_url.value
        try:
            for recorded, batch in self._session.journal.unfinished():
                plan = recorded.plan
                here = plan is not None and plan.api_url == url and same_account(plan.account, account)
                found = await settle(recorded, batch, client, self._clock) if here else None
                if found is None:
                    batch.close()
                else:
                    await self._offer(found)
        except JournalError as error:
            self._browse.say(str(error))

    async def _offer(self, found: Interrupted) -> None:
        if found.rest is None and not found.unsettled:
            close_interrupted(found, "", self._clock)
            self._browse.say(f"an interrupted deletion was settled: all {len(found.plan.items):,} are gone")
            return
        choice = await self.push_screen_wait(InterruptedScreen(found))
        if choice is Choice.LATER or choice is None:
            found.batch.close()
            return
        rest = found.rest if choice is Choice.RESUME else None
        if rest is not None and not await self._review_rest(rest):
            found.batch.close()
            return
        close_interrupted(found, "resumed" if rest else "forgotten", self._clock)
        if rest is not None:
            self.post_message(messages.DeletionRequested(replace(rest, id=uuid4().hex)))

    async def _review_rest(self, rest: Plan) -> bool | None:
        return await self.push_screen_wait(ReviewDeletionScreen(Review.of(rest, self._browse.state)))

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
        if any(job.phase is Phase.GRACE or not job.finished for job in jobs):
            self._jobs_changed()  # countdown and rate go on without anything ending
        self._browse.post_message(messages.JobsChanged(jobs, gone_ids(jobs)))
        if isinstance(self.screen, DeletionsScreen):
            self.screen.show_jobs(jobs)

    @on(messages.PauseRequested)
    def _pause(self, event: messages.PauseRequested) -> None:
        if self._queue is not None:
            (self._queue.pause if event.paused else self._queue.resume)(event.job_id)

    @on(messages.CancelRequested)
    async def _cancel(self, event: messages.CancelRequested) -> None:
        if self._queue is not None:
            await self._queue.cancel(event.job_id)

    @on(messages.TakeBackRequested)
    async def _take_back(self, event: messages.TakeBackRequested) -> None:
        if self._queue is not None and await self._queue.take_back(event.job_id):
            self._browse.say("taken back: nothing was deleted")

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
        if isinstance(event, CursorPosition):
            self._fence.answered()
        if not isinstance(event, Key) or not self.screen_stack:
            await super().on_event(event)
            return
        screen = self.screen
        if self._key_guard.drops(event, typing=isinstance(self.focused, Input)):
            self._browse.say_burst(self._key_guard.dropped)
            return
        if isinstance(screen, ReviewDeletionScreen) and screen.drops(event):
            return
        target = self.focused or screen
        await super().on_event(event)
        for pump in (target, *target.ancestors):
            if pump is not self:
                await _idle(pump)

    async def _post_message(self, message: Message) -> bool:
        """Note when keys arrive, which is before they are handled."""
        if isinstance(message, Key):
            self._key_guard.arrive(message)
        return await super()._post_message(message)

    def when_drawn(self, drawn: Callable[[], object]) -> None:
        """Call `drawn` when the terminal shows everything that was sent so far."""
        if self.is_headless:
            drawn()
            return
        self._fence.ask(drawn)
        if not self._fence.answers:
            self.set_timer(PATIENCE_SECONDS, lambda: None if self._fence.answers else drawn())

    def _write_to_terminal(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)
            self._driver.flush()

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

    def _end_on_signals(self) -> None:
        """End in order when the terminal goes away or the system asks: nothing more is sent, nothing is lost."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, lambda: self.run_worker(self._interrupt()))

    async def _interrupt(self) -> None:
        if self._queue is not None:
            await self._queue.close(cancel=False)
        self.exit(INTERRUPTED)

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
