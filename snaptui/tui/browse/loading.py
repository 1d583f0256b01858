"""Brings the listing to the screen: the first page at once, the rest in a few steps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.relisting import Shown, relist

# Twice a second is as often as anybody reads a progress text.
STEP_SECONDS: Final = 0.5


class ListLoader:
    """Shows what a listing yields."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._rows: list[Snapshot] = []
        self._last: Loaded | None = None
        self._news = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self, listing: AsyncIterator[Loaded]) -> None:
        """Read the listing to its end."""
        showing = asyncio.create_task(self._show_all())
        failure: ApiError | None = None
        try:
            try:
                async for loaded in listing:
                    self._rows += loaded.rows
                    self._last = loaded
                    self._news.set()
            except ApiError as error:
                failure = error
            self._ended.set()
            self._news.set()
            await showing
        finally:
            showing.cancel()
        if failure is not None:
            self._shown.listing_failed(failure)

    async def _show_all(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._last is not None:
                await self._show()
            if self._ended.is_set():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), STEP_SECONDS)

    async def _show(self) -> None:
        rows, last = self._rows, self._last
        if last is None:
            return
        self._rows, self._last = [], None
        await relist(self._shown, lambda state: state.view_with(rows, last.present))
        self._shown.covers(last.coverage)
