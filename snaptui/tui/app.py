"""Application: starts the client's work for an account, and opens help, palette and token dialog."""

import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.driver import Driver
from textual.reactive import Initialize, Reactive
from textual.screen import Screen
from textual.theme import Theme

from snaptui.config.settings import BY_BACKGROUND, DEFAULT_THEME
from snaptui.digitalocean.api.errors import ApiError, RefusedRequestError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.terminal.driver import CellDriver
from snaptui.text.lines import problem_line
from snaptui.tui import messages
from snaptui.tui.client_work import ClientWork
from snaptui.tui.deleting_app import OF_ONE_ACCOUNT, DeletingApp
from snaptui.tui.deletions.messages import BatchesChanged
from snaptui.tui.garbage import collect_from_now_on, collect_once
from snaptui.tui.keys.command import Command, Commanded, Commands, Group
from snaptui.tui.later_imports import import_rooms
from snaptui.tui.session import Session
from snaptui.tui.terminal_app import TerminalApp
from snaptui.tui.theme import THEMES
from snaptui.tui.widgets.drawing import after_frame

if TYPE_CHECKING:
    from snaptui.report.saved import SavedListing

ROOMY: Final = 100
TOO_FEW_COLOURS: Final = "themes need 256 colours, more than TERM stands for: this is the terminal's own palette"


def _first_theme(app: "SnaptuiApp") -> str:
    return app.first_theme


def _leave(app: TerminalApp) -> None:
    app.post_message(messages.LeaveRequested())


class SnaptuiApp(DeletingApp):
    """App that browses the account of a session; its result is the exit code."""

    TITLE = "snaptui"
    CSS_PATH = "app.tcss"
    theme: Reactive[str] = Reactive(Initialize(_first_theme), init=False)

    def __init__(
        self,
        session: Session,
        clock: Callable[[], float] = time.time,
        driver: type[Driver] = CellDriver,
        *,
        few_colours: bool = False,
    ) -> None:
        # The terminal's own palette does without colours, and Textual reads its sheet with the first theme there is.
        self._has_themes = "NO_COLOR" not in os.environ and not few_colours
        self._theme_lacks_colours = few_colours and session.settings.theme.value in THEMES.keys() - {DEFAULT_THEME}
        wanted = session.settings.theme.value if self._has_themes else DEFAULT_THEME
        self._by_background = wanted == BY_BACKGROUND
        self.first_theme = DEFAULT_THEME if self._by_background else wanted
        super().__init__(session, clock, driver)
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (ROOMY, "-roomy")]
        self._work: ClientWork | None = None

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Our themes; known from the beginning, so that the sheet is read once."""
        return THEMES

    def get_default_screen(self) -> Screen[None]:
        """Begin with the list."""
        return self._browse

    def on_mount(self) -> None:
        """Fill the list."""
        after_frame(self, collect_from_now_on)
        if not self.is_headless:
            self.end_on_signals()
        if self._by_background:
            after_frame(self, self.ask_background)
        notes = list(self._session.credentials.notes) if self._session.credentials else []
        if self._theme_lacks_colours:
            notes.append(TOO_FEW_COLOURS)
        if notes:
            self._browse.say(problem_line("; ".join(notes)))
        if self._session.client is not None:
            self._use(self._session.client)
        elif self._session.opened is not None:
            after_frame(self, partial(_show_saved, self._browse, self._session.opened))
        elif self._session.credentials is None:
            self._ask_token()

    # What the client brings

    def _use(self, client: RemoteClient) -> None:
        self._client, self._deleting = client, None
        self._work = ClientWork(self, self._browse, self._session, client, self._clock)
        self.entrust_terminal(client.entrust)
        after_frame(self, partial(self._begin_with, self._work, client))

    def _begin_with(self, client_work: ClientWork, client: RemoteClient) -> None:
        self._load(client_work)
        self._read_account(client_work, client)

    @work(exclusive=True, group="listing")
    async def _load(self, client_work: ClientWork) -> None:
        await client_work.load()

    @work(exclusive=True, group="account")
    async def _read_account(self, client_work: ClientWork, client: RemoteClient) -> None:
        account = await client_work.read_account()
        await import_rooms()
        await self.deleting_with(client).recover(account)

    @on(messages.ListingShown)
    def _listing_shown(self) -> None:
        collect_once()
        if self._work is not None:
            self._work.listing_shown()

    @on(messages.ReloadRequested)
    def _reload(self) -> None:
        if self._work is not None:
            self._load(self._work)

    @on(messages.StopRequested)
    def _stop(self) -> None:
        self.workers.cancel_group(self, "listing")
        self._browse.post_message(messages.ListingStopped())

    @on(messages.SnapshotRead)
    @on(BatchesChanged)
    def _requests_sent(self) -> None:
        """Tell what the API allows after what a look or a batch has used up."""
        if self._work is not None:
            self._work.report_state()

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

    # Token, help

    @on(messages.TokenRequested)
    @work(exclusive=True, group="token")
    async def _ask_token(self) -> None:
        from snaptui.tui.dialogs.token import AskTokenScreen

        if not await self.may_give_up("Another token"):
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
        while self.screen is not self._browse:
            await self.screen.dismiss()  # opened in the moment before the question, and about that account
        await self.end_deletions()
        if self._work is not None:
            self._work.close()

    @on(messages.HelpRequested)
    def _help(self, event: messages.HelpRequested) -> None:
        from snaptui.tui.dialogs.help import HelpScreen

        self.push_screen(HelpScreen([*event.commands, *self.DECLARED], of_list=event.of_list))

    @on(messages.PaletteRequested)
    def _palette(self) -> None:
        self.action_command_palette()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer what the keys of a screen do."""
        if isinstance(screen, Commanded):
            for command in screen.commands:
                title = command.help[:1].upper() + command.help[1:]
                yield SystemCommand(title, f"key {command.printed}", partial(screen.action_command, command.key))
        for name in THEMES if self._has_themes else ():
            yield SystemCommand(f"Theme {name}", "colours", partial(setattr, self, "theme", name))

    def action_command(self, key: str) -> None:
        """Do what a key stands for on every screen."""
        self.DECLARED.run(key, self, None)

    DECLARED: ClassVar[Commands["SnaptuiApp", None]] = Commands(
        Command("ctrl+z", TerminalApp.action_suspend_process, "suspend", Group.PROGRAM),
        Command("ctrl+l", TerminalApp.action_redraw, "draw everything anew", Group.PROGRAM),
        Command("ctrl+c,ctrl+q", _leave, "quit, from wherever you are", Group.PROGRAM),
    )
    BINDINGS: ClassVar[list[BindingType]] = DECLARED.bindings_everywhere


def _show_saved(browse: Screen[None], listing: "SavedListing") -> None:
    """Tell the screen what a saved listing holds, as loading would."""
    tell = browse.post_message
    tell(messages.RowsLoaded(listing.snapshots, listing.coverage, None))
    tell(messages.AccountRead(listing.account))
    tell(messages.SourcesRead(listing.sources, listing.autoscale_images))
    browse.run_worker(import_rooms(), group="rooms")
