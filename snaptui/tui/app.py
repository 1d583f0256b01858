"""Application: starts the client's work and the deletions, and opens the screens that are asked for."""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec.structs import replace
from textual import on, work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.events import Event, Key
from textual.reactive import Initialize, Reactive
from textual.screen import Screen
from textual.theme import Theme

from snaptui.config.settings import BY_BACKGROUND, DEFAULT_ORIGIN, DEFAULT_THEME
from snaptui.digitalocean.api.errors import ApiError, RefusedRequestError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.sources import Sources
from snaptui.model.token import Token
from snaptui.terminal.driver import CellDriver
from snaptui.tui import messages
from snaptui.tui.browse.loading import ListLoader
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.keys.command import Command, Commanded, Commands, Group
from snaptui.tui.session import Session
from snaptui.tui.terminal_app import TerminalApp
from snaptui.tui.theme import THEMES

if TYPE_CHECKING:
    from snaptui.report.saved import SavedListing
    from snaptui.tui.deletions.room import Deleting

ROOMY: Final = 100
INTERRUPTED: Final = 130
OF_ONE_ACCOUNT: Final = ("listing", "account", "details")
# Not needed for the first frame, nor left for later: an upgrade may have replaced the files by then.
NEEDED_LATER: Final = (
    "snaptui.tui.deletions.room",
    "snaptui.tui.dialogs.token",
    "snaptui.tui.details.screen",
    "snaptui.tui.dialogs.help",
    "snaptui.tui.dialogs.leave",
    "snaptui.tui.dialogs.export",
    "snaptui.tui.audit.screen",
    "snaptui.tui.planner.screen",
)


def _first_theme(app: "SnaptuiApp") -> str:
    return app.first_theme


class SnaptuiApp(TerminalApp):
    """Browses the account of a session; returns the exit code."""

    TITLE = "snaptui"
    CSS_PATH = "app.tcss"
    theme: Reactive[str] = Reactive(Initialize(_first_theme), init=False)

    def __init__(
        self, session: Session, clock: Callable[[], float] = time.time, driver: type[Driver] = CellDriver
    ) -> None:
        # The terminal's own palette does without colours, and Textual reads its sheet with the first theme there is.
        wanted = DEFAULT_THEME if "NO_COLOR" in os.environ else session.settings.theme.value
        self._by_background = wanted == BY_BACKGROUND
        self.first_theme = DEFAULT_THEME if self._by_background else wanted
        super().__init__(driver)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy")]
        self._session = session
        self._clock = clock
        self._client: RemoteClient | None = None
        self._deleting: Deleting | None = None
        self._failed = False
        self._leaving = False
        self._listed = asyncio.Event()
        self._browse = BrowseScreen(session.first_state(clock()), clock)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Our themes; known from the beginning, so that the sheet is read once."""
        return THEMES

    def get_default_screen(self) -> Screen[None]:
        """Begin with the list."""
        return self._browse

    def on_mount(self) -> None:
        """Fill the list."""
        self.call_after_refresh(_collect_garbage_later)
        if not self.is_headless:
            self.end_on_signals()
        if self._by_background:
            self.call_after_refresh(self.ask_background)
        notes = self._session.credentials.notes if self._session.credentials else ()
        if notes:
            self._browse.say("; ".join(notes))
        if self._session.client is not None:
            self._use(self._session.client)
        elif self._session.opened is not None:
            self.call_after_refresh(self._show_saved, self._session.opened)
        elif self._session.credentials is None:
            self._ask_token()

    def _show_saved(self, listing: "SavedListing") -> None:
        """Tell the screen what a saved listing holds, as loading would."""
        tell = self._browse.post_message
        tell(messages.RowsLoaded(listing.snapshots, listing.coverage, None))
        tell(messages.AccountRead(listing.account))
        tell(messages.SourcesRead(listing.sources, listing.autoscale_images))

    def _use(self, client: RemoteClient) -> None:
        self._client, self._deleting = client, None
        client.on_state(self._client_state_changed)
        self.entrust_terminal(client.entrust)
        self.call_after_refresh(self._begin_with, client)

    def _begin_with(self, client: RemoteClient) -> None:
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
    async def _load(self, client: RemoteClient) -> None:
        self._listed.clear()
        await ListLoader(self._browse.post_message).run(client.listing())
        self._report_client_state()
        sources = await client.get_sources()
        try:
            images: frozenset[str] | None = await client.get_autoscale_images()
        except ApiError:
            images = None
        self._browse.post_message(messages.SourcesRead(sources, images))
        self._report_client_state()
        await self._judge_rules(sources)

    async def _judge_rules(self, sources: Sources) -> None:
        """Say once the list is whole which of the user's own protection rules protect nothing, or may not."""
        protect = self._session.settings.protect
        if protect.origin == DEFAULT_ORIGIN:
            return  # an account need not have tags of these names
        from snaptui.deletion.protection import rule_problems

        await self._listed.wait()
        state = self._browse.state
        context = replace(state.context, sources=sources)
        found = await asyncio.to_thread(rule_problems, protect.value, state.snapshots, context)
        if state.coverage.complete and found.lines:
            self._browse.post_message(messages.RulesJudged("; ".join(found.lines)))

    @work(exclusive=True, group="account")
    async def _read_account(self, client: RemoteClient) -> None:
        try:
            account = await client.get_account()
        except ApiError:
            account = None
        self._browse.post_message(messages.AccountRead(account))
        for name in NEEDED_LATER:
            await asyncio.to_thread(import_module, name)
        await self._deleting_with(client).recover(account)

    @on(messages.ListingShown)
    def _listing_shown(self) -> None:
        gc.collect()  # what the account's records hold is nothing to collect
        gc.freeze()
        self._listed.set()

    @on(messages.ReloadRequested)
    def _reload(self) -> None:
        if self._client is not None:
            self._load(self._client)

    @on(messages.StopRequested)
    def _stop(self) -> None:
        self.workers.cancel_group(self, "listing")
        self._browse.post_message(messages.ListingStopped())

    @on(messages.RowsMarkRequested)
    def _mark_rows(self, event: messages.RowsMarkRequested) -> None:
        self._browse.post_message(messages.RowsMarkRequested(event.ids, event.asker))

    # Looking at one snapshot

    @on(messages.SnapshotRefreshRequested)
    @work(exclusive=True, group="details")
    async def _refresh_snapshot(self, event: messages.SnapshotRefreshRequested) -> None:
        answer: FetchedSnapshot | ApiError
        try:
            if self._client is None:
                raise RefusedRequestError("a saved listing is read without any request")
            answer = await self._client.get_snapshot(event.snapshot_id)
        except ApiError as error:
            answer = error
        for told in (self._browse, event.asker):
            told.post_message(messages.SnapshotRead(event.snapshot_id, answer))

    # Deleting

    def _deleting_with(self, client: RemoteClient) -> "Deleting":
        from snaptui.tui.deletions.room import Deleting

        if self._deleting is None:
            self._deleting = Deleting(self, self._browse, self._session, client, self._clock)
        return self._deleting

    @on(messages.DeletionRequested)
    def _delete(self, event: messages.DeletionRequested) -> None:
        if self._client is not None:
            self._deleting_with(self._client).submit(event.plan)

    # Answers to these are final, which can take a while: keys do not wait for them.

    @on(messages.BatchEventRequested)
    def _ask_of_batch(self, event: messages.BatchEventRequested) -> None:
        if self._deleting is not None:
            self.run_worker(self._deleting.ask(event.batch_id, event.event))

    @on(messages.TakeBackRequested)
    def _take_back(self) -> None:
        if self._deleting is not None:
            self.run_worker(self._deleting.take_back())

    # Token, help, leaving

    @on(messages.TokenRequested)
    @work(exclusive=True, group="token")
    async def _ask_token(self) -> None:
        from snaptui.tui.dialogs.token import AskTokenScreen

        if not await self._may_give_up("Another token"):
            return
        token: Token | None = await self.push_screen_wait(AskTokenScreen(self._session.api_host))
        if token is None:
            return
        await self._leave_account()
        self._browse.post_message(messages.TokenGiven(token))
        self._use(self._session.connect(token))

    async def _leave_account(self) -> None:
        """End everything that the account before is still asked or told about."""
        for group in OF_ONE_ACCOUNT:
            self.workers.cancel_group(self, group)
        if self._deleting is not None:
            await self._deleting.close()
            self._failed |= self._deleting.failed
        if self._client is not None:
            self._client.close()

    @on(messages.HelpRequested)
    def _help(self) -> None:
        from snaptui.tui.dialogs.help import HelpScreen

        self.push_screen(HelpScreen([*self._browse.commands, *self.DECLARED]))

    @on(messages.PaletteRequested)
    def _palette(self) -> None:
        self.action_command_palette()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what the keys of a screen do."""
        if isinstance(screen, Commanded):
            for command in screen.commands:
                title = command.help[:1].upper() + command.help[1:]
                yield SystemCommand(title, f"key {command.printed}", partial(screen.action_command, command.key))
        for name in () if self.no_color else THEMES:
            yield SystemCommand(f"Theme {name}", "colours", partial(setattr, self, "theme", name))

    def say_dropped(self, text: str) -> None:
        """Say what was typed and did nothing."""
        self._browse.say_dropped(text)

    @on(messages.LeaveRequested)
    @work(exclusive=True, group="leaving")
    async def _ask_to_leave(self) -> None:
        if not await self._may_give_up("Leaving"):
            return
        self._leaving = True
        if self._deleting is not None:
            await self._deleting.close()
            self._failed |= self._deleting.failed
        self._end(1 if self._failed else 0)

    async def _may_give_up(self, what: str) -> bool:
        """Ask whether deletions may be given up for `what`; true when there are none."""
        from snaptui.tui.dialogs.leave import LeaveScreen

        if self._deleting is None or not self._deleting.queue.busy:
            return True
        return await self.push_screen_wait(LeaveScreen(self._deleting.unfinished, what)) or False

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
        """Take no key once it is certain that this is the end."""
        if not (self._leaving and isinstance(event, Key)):
            await super().on_event(event)

    async def action_quit(self) -> None:
        """Quit as `q` does."""
        self._ask_to_leave()

    def action_command(self, key: str) -> None:
        """Do what a key stands for on every screen."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["SnaptuiApp", None]] = Commands(
        Command("ctrl+z", TerminalApp.action_suspend_process, "suspend", Group.PROGRAM),
        Command("ctrl+l", TerminalApp.action_redraw, "draw everything anew", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings


def _collect_garbage_later() -> None:
    """Let the collector pass over what there is now: walking it costs more than it could ever free."""
    gc.freeze()
    gc.enable()
