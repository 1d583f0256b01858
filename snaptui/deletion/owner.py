"""Owner of one batch: alone changes its state, its items and its file, and shows an outcome only once it is on disk."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from snaptui.deletion.batch import Batch, Item, Outcome, Stop, StopKind
from snaptui.deletion.journal import BatchFile, JournalError
from snaptui.deletion.states import Event


class BatchOwner:
    """Keeps a batch and its file in step. `clock` is the wall clock; `changed` is called after every change.

    Outcomes that cannot be written are held and written as soon as that works again; the batch is paused meanwhile,
    and its file never gets an end before they are in it.
    """

    def __init__(
        self,
        batch: Batch,
        file: BatchFile,
        *,
        clock: Callable[[], float],
        changed: Callable[[], None] = lambda: None,
        item_ended: Callable[[], None] = lambda: None,
    ) -> None:
        self.batch = batch
        self._file = file
        self._clock = clock
        self._changed = changed
        self._item_ended = item_ended
        self._held: dict[int, Item] = {}
        self._moved = asyncio.Event()
        self._closing = False

    def happens(self, event: Event) -> None:
        """Move to the state that `event` leads to; raises `ImpossibleError`."""
        self.show(self.batch.after(event))

    def show(self, batch: Batch) -> None:
        """Take over how the batch is now."""
        self.batch = batch
        self._moved.set()
        self._moved = asyncio.Event()
        self._changed()

    async def until(self, reached: Callable[[Batch], bool]) -> Batch:
        """Wait until the batch is as `reached` says, and return it."""
        while not reached(self.batch):
            await self._moved.wait()
        return self.batch

    @property
    def blocked(self) -> bool:
        """True while something cannot be written down."""
        return self.batch.stop is not None and self.batch.stop.kind is StopKind.JOURNAL

    @property
    def holds(self) -> bool:
        """True while there are outcomes that are not on disk."""
        return bool(self._held)

    def is_open(self, position: int) -> bool:
        """Return whether an item has neither an outcome nor one that waits to be written."""
        return self.batch.items[position].outcome is None and position not in self._held

    async def intend(self, position: int) -> None:
        """Write down that an item's DELETE is about to be sent. Raises `JournalError`, and then it must not be."""
        item = self.batch.items[position]
        try:
            await asyncio.to_thread(self._file.intend, self._clock(), item.snapshot.id)
        except JournalError as error:
            self._block(error)
            raise
        self.show(self.batch.with_item(position, Item(item.snapshot, sending=True)))

    async def withdraw(self, position: int) -> None:
        """Write down that the DELETE that was intended has not been sent."""
        snapshot = self.batch.items[position].snapshot
        try:
            await asyncio.to_thread(self._file.withdraw, self._clock(), snapshot.id)
        except JournalError as error:
            self._block(error)  # the intent is settled by a look at the next start, if it comes to that
        self.show(self.batch.with_item(position, Item(snapshot)))

    async def settle(self, position: int, outcome: Outcome, reason: str = "", request_id: str | None = None) -> None:
        """Give an item its outcome, once it is on disk; nothing happens once the file was let go."""
        if self._closing:
            return
        self._held[position] = Item(self.batch.items[position].snapshot, outcome, reason, request_id)
        await self._write(position)

    async def _write(self, position: int) -> bool:
        item = self._held[position]
        try:
            await asyncio.to_thread(self._file.settle, self._clock(), item)
        except JournalError as error:
            if not self._closing:
                self._block(error)
                reason = f"{item.outcome}, not written down yet"
                waiting = Item(item.snapshot, None, reason, item.request_id, sending=True)
                self.show(self.batch.with_item(position, waiting))
            return False
        del self._held[position]
        self._item_ended()
        self.show(self.batch.with_item(position, item))
        await self._finish()
        return True

    async def write_held(self) -> bool:
        """Write what could not be written before; returns whether nothing is held any more."""
        for position in tuple(self._held):
            if position in self._held and not await self._write(position):
                return False
        return True

    def _block(self, error: JournalError) -> None:
        self.batch = replace(self.batch, stop=Stop(StopKind.JOURNAL, str(error)))
        if self.batch.may(Event.BLOCKED):
            self.happens(Event.BLOCKED)

    async def _finish(self) -> None:
        """Close the file when every item has its outcome on disk.

        Without an end where something is unknown: the next start looks what became of it.
        """
        if not self.batch.finished or self._closing:
            return
        self._closing = True
        if not self.batch.counts[Outcome.UNKNOWN]:
            with suppress(JournalError):  # it is offered at the next start, and has nothing left to do
                await asyncio.to_thread(self._file.end, self._clock())
        self._file.close()
        stop = None if self.blocked else self.batch.stop
        self.show(replace(self.batch.after(Event.FINISHED), ended=self._clock(), stop=stop))

    def leave(self) -> None:
        """Let the file go as it is: what has no outcome in it is settled at the next start."""
        self._let_go("snaptui was left before the answer came")

    def crashed(self, message: str) -> None:
        """End after a bug, with the file as it is: nothing stays open on the screen, all that is open on disk does."""
        self._let_go("snaptui failed before the answer came")
        unsent = "snaptui failed before it was sent; it is left to the next start"
        for position, item in enumerate(self.batch.items):
            if item.outcome is None:
                self.batch = self.batch.with_item(position, Item(item.snapshot, Outcome.FAILED, unsent))
        stop = Stop(StopKind.CRASHED, message)
        self.show(replace(self.batch.after(Event.CRASHED), ended=self._clock(), stop=stop))

    def _let_go(self, lost: str) -> None:
        self._closing = True
        self._file.close()
        for position, item in enumerate(self.batch.items):
            if item.sending:
                unknown = Item(item.snapshot, Outcome.UNKNOWN, lost)
                self.batch = self.batch.with_item(position, self._held.get(position, unknown))
