"""Owner of one batch: alone changes its state, its items and its file, and shows an outcome only once it is on disk."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from snaptui.deletion.batch import Batch, Stop, StopKind
from snaptui.deletion.batch_file import BatchFile, JournalError
from snaptui.deletion.items import Item, Items, Outcome
from snaptui.deletion.states import Event


class BatchOwner:
    """Keeps a batch and its file in step. `clock` is the wall clock; `changed` is called after every change.

    What cannot be written is held and written as soon as that works again; the batch is blocked meanwhile, and its file
    never gets an end before all is in it.
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
        """Items not yet on disk: those with an outcome, and those without one, whose intent has to be withdrawn."""
        self._writing = asyncio.Lock()
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
        """True while something cannot be written down: nothing more may be sent then."""
        return self.batch.unwritable is not None

    def is_open(self, position: int) -> bool:
        """Return whether an item has neither an outcome nor one that waits to be written."""
        held = self._held.get(position)
        return self.batch.items[position].outcome is None and (held is None or held.outcome is None)

    async def intend(self, position: int) -> None:
        """Write down that an item's DELETE is about to be sent. Raises `JournalError`, and then it must not be."""
        item = self.batch.items[position]
        try:
            await asyncio.to_thread(self._file.intend, self._clock(), item.snapshot.id)
        except JournalError as error:
            # It may stand there all the same, and whether there is room again is found out by withdrawing it.
            self._held[position] = Item(item.snapshot, lost=item.lost)
            self._block(error)
            raise
        self.show(self.batch.with_item(position, Item(item.snapshot, sending=True, lost=item.lost)))

    def lose(self, position: int, reason: str) -> None:
        """Record why it is not known whether an item's DELETE was acted on; its intent stands on disk."""
        self.show(self.batch.with_item(position, replace(self.batch.items[position], lost=reason)))

    async def withdraw(self, position: int) -> None:
        """Write down that the DELETE that was intended has not been sent; of an earlier one it says nothing."""
        item = self.batch.items[position]
        self._held[position] = Item(item.snapshot, lost=item.lost)
        await self._write(position)

    async def settle(self, position: int, outcome: Outcome, reason: str = "", request_id: str | None = None) -> None:
        """Give an item its outcome, once it is on disk; nothing happens once the file was let go."""
        if self._closing:
            return
        self._held[position] = Item(self.batch.items[position].snapshot, outcome, reason, request_id)
        await self._write(position)

    async def _write(self, position: int) -> bool:
        """Put on disk what is held of an item, and show it; returns whether nothing of it is held any more."""
        async with self._writing:
            item = self._held.get(position)
            if item is None:
                return True
            try:
                await asyncio.to_thread(self._put_on_disk, item)
            except JournalError as error:
                if not self._closing:
                    self._block(error)
                    self.show(self.batch.with_item(position, _not_written(item)))
                return False
            # While this was being written the item got another outcome, whose own call waits to write it.
            if self._held[position] is not item:
                return False
            del self._held[position]
        if item.outcome is not None:
            self._item_ended()
        self.show(self.batch.with_item(position, item))
        self._unblock()
        await self._finish()
        return True

    def _put_on_disk(self, item: Item) -> None:
        if item.outcome is not None:
            self._file.settle(self._clock(), item)
        elif item.lost is not None:
            self._file.settle(self._clock(), maybe_gone(item))
        else:
            self._file.withdraw(self._clock(), item.snapshot.id)

    async def write_held(self) -> bool:
        """Write what could not be written before; returns whether nothing is held any more."""
        for position in tuple(self._held):
            if not await self._write(position):
                return False
        return True

    def _block(self, error: JournalError) -> None:
        blocked = replace(self.batch, unwritable=str(error))
        self.show(blocked.after(Event.BLOCKED) if blocked.may(Event.BLOCKED) else blocked)

    def _unblock(self) -> None:
        if self.batch.unwritable is not None and not self._held:
            free = replace(self.batch, unwritable=None)
            self.show(free.after(Event.WRITABLE) if free.may(Event.WRITABLE) else free)

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
        self.show(replace(self.batch.after(Event.FINISHED), ended=self._clock()))

    def leave(self) -> None:
        """Let the file go as it is: what has no outcome in it is settled at the next start."""
        self._let_go("snaptui was left before the answer came")

    def crashed(self, message: str) -> None:
        """End after a bug, with the file as it is: nothing stays open on the screen, all that is open on disk does."""
        self._let_go("snaptui failed before the answer came")
        unsent = "snaptui failed before it was sent; it is left to the next start"
        ended = (item if item.outcome else Item(item.snapshot, Outcome.FAILED, unsent) for item in self.batch.items)
        self.batch = replace(self.batch, items=Items.of(ended))
        stop = Stop(StopKind.CRASHED, message)
        self.show(replace(self.batch.after(Event.CRASHED), ended=self._clock(), stop=stop))

    def _let_go(self, lost: str) -> None:
        self._closing = True
        self._file.close()
        for position, item in enumerate(self.batch.items):
            if item.sending or item.lost is not None:
                unknown = Item(item.snapshot, Outcome.UNKNOWN, lost if item.lost is None else maybe_gone(item).reason)
                held = self._held.get(position, unknown)
                self.batch = self.batch.with_item(position, held if held.lost is None else unknown)


def maybe_gone(item: Item) -> Item:
    """Return the record of an item whose DELETE may have been acted on, before a look has told."""
    return Item(item.snapshot, Outcome.UNKNOWN, f"{item.lost}; it may or may not be deleted")


def _not_written(item: Item) -> Item:
    """Return how an item is shown while what became of it cannot be written down."""
    if item.outcome is None:
        return item
    return Item(item.snapshot, None, f"{item.outcome}, not written down yet", item.request_id, sending=True)
