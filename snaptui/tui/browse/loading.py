"""Loading of the list: the first page is told to the screen at once, the rest twice a second."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

from textual.message import Message

from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.snapshot import Snapshot
from snaptui.tui.messages import ListingFailed, RowsLoaded

# Twice a second is as often as anybody reads a progress text.
STEP_SECONDS: Final = 0.5


class ListLoader:
    """Reader of one listing: `tell` gets `RowsLoaded` for each step, and `ListingFailed` where it breaks off."""

    def __init__(self, tell: Callable[[Message], object]) -> None:
        self._tell = tell
        self._rows: list[Snapshot] = []
        self._last: Loaded | None = None
        self._news = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self, listing: AsyncIterator[Loaded]) -> None:
        """Read the listing to its end."""
        telling = asyncio.create_task(self._tell_all())
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
            await telling
        finally:
            telling.cancel()
        if failure is not None:
            self._tell(ListingFailed(failure))

    async def _tell_all(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            self._tell_news()
            if self._ended.is_set():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), STEP_SECONDS)

    def _tell_news(self) -> None:
        rows, last = tuple(self._rows), self._last
        self._rows, self._last = [], None
        if last is not None:
            self._tell(RowsLoaded(rows, last.coverage, last.present))
