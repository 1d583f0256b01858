"""Blocks: a lease, one listing, and the DELETEs that it allows in a burst.

Own DELETEs shift the pages of a listing, so that none is under way while it is read.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import AsyncExitStack

from snaptui.deletion.answers import Answers
from snaptui.deletion.batch_owner import BatchOwner
from snaptui.deletion.halt import Halt
from snaptui.deletion.items_left import WaitingItems
from snaptui.deletion.looks import Listing, Looker, NoLookError
from snaptui.deletion.one_item import OneItem
from snaptui.deletion.shared import Shared
from snaptui.digitalocean.api.departure import LOOK_SECONDS
from snaptui.digitalocean.api.errors import ApiError


class Blocks:
    """Works off what waits in blocks that one listing looks at."""

    def __init__(
        self,
        owner: BatchOwner,
        shared: Shared,
        looker: Looker,
        one: OneItem,
        *,
        waiting: WaitingItems,
        halt: Halt,
        answers: Answers,
    ) -> None:
        self._owner = owner
        self._shared = shared
        self._looker = looker
        self._one = one
        self._waiting = waiting
        self._halt = halt
        self._answers = answers

    async def work_off(self, block: int) -> None:
        """Go through as many of `block` items as the lease has places for; raises `HaltedError`."""
        async with AsyncExitStack() as stack:
            least = self._looker.least_places(block)
            places = self._shared.api.lease(self._looker.pages + block, least)
            lease = await self._halt.unless_asked(stack.enter_async_context(places))
            positions = self._waiting.take_first(max(1, lease.places - self._looker.pages))
            queue = deque(positions)
            try:
                listing = await self._list(positions, lease.number)
                if listing is not None:
                    async with asyncio.TaskGroup() as group:
                        for _ in range(self._shared.workers):
                            group.create_task(self._burst(queue, listing, lease.number))
                    if not self._halt.asked:
                        sent = sum(not self._owner.is_open(position) for position in positions)
                        self._looker.learn(len(positions), sent)
                        if not sent:
                            self._looker.brought_nothing()
            finally:
                self._waiting.put_back(queue)

    async def _burst(self, queue: deque[int], listing: Listing, lease: int) -> None:
        """Take one item after the other while the listing is young enough."""
        while queue and not self._is_old(listing):
            await self._one.by_listing(queue.popleft(), listing, lease)

    def _is_old(self, listing: Listing) -> bool:
        return self._shared.clock() - listing.seen >= LOOK_SECONDS

    async def _list(self, positions: Iterable[int], lease: int) -> Listing | None:
        """Return a listing's rows; `None` when nothing can rest on it."""
        wanted = {self._owner.batch.items[position].snapshot.id for position in positions}
        try:
            listing = await self._halt.unless_asked(self._looker.list(wanted, lease))
        except NoLookError as error:
            if (refused := self._looker.get_refused) is not None:
                await self._answers.no_look(positions, f"{error}, {refused}")
            return None
        except ApiError as error:
            self._answers.concerns_all(error)
            return None
        return listing
