"""How far the loading is, on a terminal's last line."""

import asyncio
import time
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TextIO

from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.model.coverage import Coverage
from snaptui.text.safe import visible

TICK_SECONDS: Final = 0.25
WIDTH: Final = 60


class Progress:
    """One line that is replaced as snapshots arrive and while the client waits; silent without a terminal."""

    def __init__(self, client: ApiClient, file: TextIO) -> None:
        self.coverage = Coverage()
        self._client = client
        self._file = file
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if self._file.isatty():
            self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._write("")
            self._file.write("\r")
            self._file.flush()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._write(self._text(time.time()))

    def _text(self, now: float) -> str:
        wait = self._client.wait
        if wait is not None:
            return f"{visible(wait.reason)}: waiting {max(1, round(wait.until - now))} s"
        total = "" if self.coverage.total is None else f" of {self.coverage.total:,}"
        return f"loading: {self.coverage.received:,}{total} snapshots"

    def _write(self, text: str) -> None:
        # Spaces instead of an escape code: this works on every terminal.
        self._file.write(f"\r{text[:WIDTH]:<{WIDTH}}")
        self._file.flush()
