"""Deletions worked off by the command line: outcomes on stdout as they come, progress and waits on stderr."""

import asyncio
import sys
import time
from collections.abc import Sequence
from functools import reduce
from typing import Final

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import say
from snaptui.cli.progress import Progress
from snaptui.deletion.batch import Batch, StopKind
from snaptui.deletion.items import Items
from snaptui.deletion.queue import DeletionQueue
from snaptui.deletion.run import BLOCKED_SECONDS
from snaptui.deletion.states import Event
from snaptui.digitalocean.api.rate_limit import RATE_LIMIT, Wait
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.model.cost import Totals
from snaptui.text.amounts import total_gigabytes, usd_per_month
from snaptui.text.durations import duration
from snaptui.text.safe import visible

POLL_SECONDS: Final = 0.05
DENIED: Final = (StopKind.NOT_AUTHENTICATED, StopKind.NOT_PERMITTED)


class Work:
    """Batches of a queue until they have ended; what their progress shows is renewed in the event loop."""

    def __init__(self, queue: DeletionQueue, client: ApiClient, price: float) -> None:
        self._queue = queue
        self._client = client
        self._price = price
        self._told: dict[str, Items] = {}
        """By batch, its items when they were told last."""
        self._text = "checking the account"
        self._wait: Wait | None = None
        self._blocked_since: float | None = None
        self._progress = Progress(sys.stderr, lambda: self._text, lambda: self._wait)

    async def until_ended(self) -> Sequence[Batch]:
        """Wait for all batches and return them; an interrupt, or output that nobody reads, stops what was not sent."""
        with self._progress:
            try:
                await self._follow()
            except asyncio.CancelledError:
                await self._stop(wait=False)
                self._tell()
                raise
            except OSError:
                await self._stop(wait=True)
                raise
        return self._queue.batches

    async def _follow(self) -> None:
        ended = asyncio.gather(*(self._queue.ended(batch.id) for batch in self._queue.batches))
        while not ended.done():
            await asyncio.wait({ended}, timeout=POLL_SECONDS)
            self._tell()

    async def _stop(self, *, wait: bool) -> None:
        for batch in self._queue.batches:
            if batch.may(Event.CANCEL):
                await self._queue.cancel(batch.id)
            if wait:
                await self._queue.ended(batch.id)
        await self._queue.close()

    def _tell(self) -> None:
        """Print the outcomes that are new, and renew the progress."""
        waits = [Wait(RATE_LIMIT, batch.waits_until) for batch in self._queue.batches if batch.waits_until]
        self._wait = self._blocked() or self._client.wait or max(waits, key=lambda wait: wait.until, default=None)
        lines = []
        for batch in self._queue.batches:
            for item in batch.items.ended_since(self._told.get(batch.id)):
                reason = f": {item.reason}" if item.reason else ""
                lines.append(visible(f"{item.outcome:<16} {item.snapshot.id}  {item.snapshot.name}{reason}"))
            self._told[batch.id] = batch.items
        self._text = self._words()
        if lines:
            self._progress.above(lambda: print(*lines, sep="\n", flush=True))

    def _blocked(self) -> Wait | None:
        """Return the wait for a journal that cannot be written, if there is one."""
        reason = next((batch.unwritable for batch in self._queue.batches if batch.unwritable), None)
        if reason is None:
            self._blocked_since = None
            return None
        self._blocked_since = self._blocked_since or time.time()
        return Wait(reason, self._blocked_since + BLOCKED_SECONDS)

    def _words(self) -> str:
        parts = [self._queue.progress(batch.id, self._price) for batch in self._queue.batches]
        done, total = sum(part.done for part in parts), sum(part.total for part in parts)
        freed = reduce(Totals.plus, (part.freed for part in parts), Totals())
        saved = f", freed {total_gigabytes(freed.gigabytes)} and {usd_per_month(freed.monthly_usd)}" if done else ""
        left = [part.seconds_left for part in parts if part.seconds_left is not None]
        about = f", about {duration(sum(left))} left" if left and done < total else ""
        return f"deleting: {done:,} of {total:,}{saved}{about}"


def interrupted(batches: Sequence[Batch]) -> str:
    """Return how each item stands, for somebody who does not wait for the rest."""
    unsent = sum(item.outcome is None for batch in batches for item in batch.items)
    said = ", ".join([*_counts(batches), *([f"{unsent} not sent"] if unsent else [])])
    return f"interrupted: {said}. `snaptui delete --resume`, or the next start of snaptui, settles what is open."


def exit_code(batches: Sequence[Batch]) -> ExitCode:
    """Say on stderr what was not deleted, and return the exit code."""
    if not any(batch.failed for batch in batches):
        return ExitCode.FINE
    say(f"not everything was deleted: {', '.join(_counts(batches))}")
    stops = [batch.stop for batch in batches if batch.stop is not None]
    for stop in stops:
        say(f"stopped: {stop.message}")
    for unwritable in dict.fromkeys(batch.unwritable for batch in batches if batch.unwritable):
        say(f"given up after a minute: {unwritable}")
        say("`snaptui delete --resume`, or the next start of snaptui, settles what is open")
    return ExitCode.NOT_PERMITTED if any(stop.kind in DENIED for stop in stops) else ExitCode.NOT_ALL_DELETED


def _counts(batches: Sequence[Batch]) -> list[str]:
    totals: dict[str, int] = {}
    for batch in batches:
        for item in batch.items:
            word = item.outcome.value if item.outcome is not None else "open"
            totals[word] = totals.get(word, 0) + 1
    return [f"{number} {word}" for word, number in sorted(totals.items()) if word != "open"]
