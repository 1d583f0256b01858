"""One item's way: its look, the guards, the intent on disk, the stop and the look's age asked last, its DELETE.

What has no outcome after that waits again, and goes through all of it again.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack

from msgspec.structs import replace

from snaptui.deletion.answers import Answers
from snaptui.deletion.batch_file import JournalError
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.guards import difference
from snaptui.deletion.halt import Halt, HaltedError
from snaptui.deletion.items import MAYBE_GONE, Outcome
from snaptui.deletion.items_left import WaitingItems
from snaptui.deletion.keepers import KeeperGoneError, Keepers
from snaptui.deletion.looks import Listing, Look, Looker
from snaptui.deletion.shared import Shared
from snaptui.deletion.waits import Waits
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.errors import ApiError, NotFoundError, NotPermittedError


class OneItem:
    """Takes one item of a batch through the order of things with each call."""

    def __init__(
        self,
        owner: BatchOwner,
        shared: Shared,
        looker: Looker,
        *,
        waiting: WaitingItems,
        halt: Halt,
        waits: Waits,
        answers: Answers,
    ) -> None:
        self._owner = owner
        self._shared = shared
        self._looker = looker
        self._keepers = Keepers(owner.batch.plan.keeps, looker, shared.clock)
        self._waiting = waiting
        self._halt = halt
        self._waits = waits
        self._answers = answers
        shared.gone_or_leaving.update(item.snapshot.id for item in owner.batch.items if item.lost is not None)

    async def by_get(self, position: int) -> None:
        """Go through an item that is looked at by itself, within a lease for the look and its DELETE."""
        await self._go(position, self._get_and_delete(position))

    async def by_listing(self, position: int, listing: Listing, lease: int) -> None:
        """Go through an item that a listing looked at, within the listing's lease."""
        await self._go(position, self._find_and_delete(position, listing, lease))

    async def _go(self, position: int, way: Coroutine[object, object, None]) -> None:
        try:
            await way
        except (HaltedError, JournalError, KeeperGoneError):
            pass
        except ApiError as error:
            await self._answers.look_failed(position, error)
        finally:
            leaving = self._shared.gone_or_leaving
            change = leaving.add if self._may_be_gone(position) else leaving.discard
            change(self._id_of(position))
            self._waiting.put_back([position])
            if self._owner.blocked:
                self._halt.ask()

    async def _get_and_delete(self, position: int) -> None:
        await self._waits.over()
        async with AsyncExitStack() as stack:
            number = 3 if self._id_of(position) in self._keepers else 2
            places = stack.enter_async_context(self._shared.api.lease(number, number))
            lease = await self._halt.unless_asked(places)
            await self._confirm_and_delete(position, lease.number)

    async def _find_and_delete(self, position: int, listing: Listing, lease: int) -> None:
        snapshot_id = self._id_of(position)
        look, missing = listing.look(snapshot_id), self._keepers.missing_from(snapshot_id, listing.present)
        if look is not None:
            await self._delete(position, look, lease, missing)
            return
        try:
            look = await self._halt.unless_asked(self._looker.get(snapshot_id, lease))
        except NotFoundError:
            await self._answers.gone(position)
        except NotPermittedError as error:
            said = f"it is not in the list, and whether it is gone cannot be told: {error}"
            reason = self._answers.with_loss(position, said)
            await self._owner.settle(position, Outcome.UNKNOWN, reason, error.request_id)
        else:
            seen = listing.seen if snapshot_id in self._keepers else look.seen
            await self._delete(position, replace(look, seen=seen), lease, missing)

    async def _confirm_and_delete(self, position: int, lease: int) -> None:
        """Look at an item by a GET, and at what is kept of its group beside it, and delete it."""
        snapshot_id = self._id_of(position)
        try:
            look, kept = await self._halt.unless_asked(self._look(snapshot_id, lease))
        except NotFoundError:
            await self._answers.gone(position)
        else:
            missing = self._keepers.missing(snapshot_id) if kept is None else None
            seen = look.seen if kept is None else min(look.seen, kept)
            await self._delete(position, replace(look, seen=seen), lease, missing)

    async def _look(self, snapshot_id: str, lease: int) -> tuple[Look, float | None]:
        """Return an item's look, and when a keeper of its group was seen, `None` if none exists any more."""
        if snapshot_id not in self._keepers:
            look = await self._looker.get(snapshot_id, lease)
            return look, look.seen
        keeper = asyncio.create_task(self._keepers.seen(snapshot_id, lease))
        try:
            return await self._looker.get(snapshot_id, lease), await keeper
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)

    async def _delete(self, position: int, look: Look, lease: int, missing: str | None) -> None:
        """Delete what was looked at, if it is what was planned, nothing protects it, and no keeper is `missing`."""
        planned = self._owner.batch.items[position].snapshot
        if changed := difference(planned, look.snapshot) or missing:
            await self._owner.settle(position, Outcome.CHANGED, self._answers.with_loss(position, changed))
        elif refused := self._shared.guards.refusal(look.snapshot, self._shared.context_of_rest()):
            await self._owner.settle(position, Outcome.PROTECTED, self._answers.with_loss(position, refused))
        elif given_up := self._answers.given_up(position):
            await self._owner.settle(position, Outcome.FAILED, given_up)
        elif not self._halt.asked:
            self._shared.gone_or_leaving.add(planned.id)
            await self._send(position, look, lease)

    async def _send(self, position: int, look: Look, lease: int) -> None:
        departure = Departure(look.seen, lease, clock=self._shared.clock)
        with self._halt.over(departure):
            try:
                await self._owner.intend(position)
                deletion = await self._shared.api.delete_snapshot(look.snapshot.id, departure)
            except ApiError as error:
                await self._answers.not_deleted(position, error)
            else:
                await self._answers.deleted(position, deletion)

    def _may_be_gone(self, position: int) -> bool:
        item = self._owner.batch.items[position]
        return item.sending or item.outcome in MAYBE_GONE or self._answers.lost(position) is not None

    def _id_of(self, position: int) -> str:
        return self._owner.batch.items[position].snapshot.id
