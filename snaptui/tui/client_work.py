"""Client work for the screen: reads list, sources and account, and posts them as messages."""

import asyncio
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace
from textual.app import App

from snaptui.config.settings import DEFAULT_ORIGIN
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.rate_limit import RateLimit
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.account import Account
from snaptui.model.sources import Sources
from snaptui.tui import messages
from snaptui.tui.browse.loading import ListLoader
from snaptui.tui.browse.screen import BrowseScreen
from snaptui.tui.session import Session

AFTER_ROWS_SECONDS: Final = 0.1
"""Pause between rows and quota: a bar that changes just before the rows leaves half of them to a second frame."""


class ClientWork:
    """Work of one client for the browse screen; lives as long as the client. `clock` is in Unix seconds."""

    def __init__(
        self,
        app: App[int],
        browse: BrowseScreen,
        session: Session,
        client: RemoteClient,
        clock: Callable[[], float],
    ) -> None:
        self._app = app
        self._browse = browse
        self._session = session
        self._client = client
        self._clock = clock
        self._listed = asyncio.Event()
        self._closed = False
        self._told: tuple[RateLimit | None, str] | None = None
        client.on_state(self._state_changed)

    def close(self) -> None:
        """Ask and tell nothing more; the caller cancels what is under way."""
        self._closed = True
        self._client.close()

    def listing_shown(self) -> None:
        """Record that the whole list is on the screen."""
        self._listed.set()

    async def load(self) -> None:
        """Read the list and then the sources; judge the user's rules by both."""
        self._listed.clear()
        self.report_state()  # a wait that began before anybody listened
        await ListLoader(self._browse.post_message).run(self._client.listing())
        self._app.set_timer(AFTER_ROWS_SECONDS, self.report_state)
        sources = await self._client.get_sources()
        pools = sources.pools
        images = None if pools.problem else frozenset(pool.image_id for pool in pools.pools if pool.image_id)
        self._browse.post_message(messages.SourcesRead(sources, images))
        self.report_state()
        await self._judge_rules(sources)

    async def _judge_rules(self, sources: Sources) -> None:
        """Say once the list is whole which of the user's own protection rules protect nothing, or may not."""
        protect = self._session.settings.protect
        if protect.origin == DEFAULT_ORIGIN:
            return  # an account need not have tags of these names
        from snaptui.deletion.rule_problems import rule_problems

        await self._listed.wait()
        state = self._browse.state
        context = replace(state.context, sources=sources)
        found = await asyncio.to_thread(rule_problems, protect.value, state.snapshots, context)
        if state.coverage.complete and found.lines:
            self._browse.post_message(messages.RulesJudged("; ".join(found.lines)))

    async def read_account(self) -> Account | None:
        """Read whose token it is; returns `None` where the API does not say."""
        try:
            account = await self._client.get_account()
        except ApiError:
            account = None
        self._browse.post_message(messages.AccountRead(account))
        return account

    def _state_changed(self) -> None:
        self._app.call_later(self.report_state)

    def report_state(self) -> None:
        """Tell the rate limit and what the client waits for, where it has changed; every second while it waits."""
        if self._closed:
            return
        wait = self._client.wait
        waiting = "" if wait is None else wait.told(self._clock())
        now = (self._client.rate_limit, waiting)
        if now != self._told:
            self._told = now
            self._browse.post_message(messages.ClientStateChanged(*now))
        if wait is not None:
            self._app.set_timer(1.0, self.report_state)
