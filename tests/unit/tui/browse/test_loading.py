"""Loading as the screen is told of it: the first rows at once, later ones together, a failure after all rows."""

import asyncio
from collections.abc import AsyncIterator

from textual.message import Message

from snaptui.digitalocean.api.errors import ServerError
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.tui.browse.loading import ListLoader
from snaptui.tui.messages import ListingFailed, RowsLoaded


def step(*ids: str, finished: bool = False) -> Loaded:
    rows = tuple(Snapshot(row_id, row_id, None, None, (), 1, 1.0, None, "droplet", ()) for row_id in ids)
    return Loaded(rows, Coverage(9, len(ids), 3, 1, finished=finished), set(ids) if finished else None)


class Told:
    """The messages that the screen gets; `first` is set with the first of them."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.first = asyncio.Event()

    def __call__(self, message: Message) -> None:
        self.messages.append(message)
        self.first.set()

    @property
    def rows(self) -> list[list[str]]:
        """The ids of each message's rows."""
        return [[row.id for row in each.rows] for each in self.messages if isinstance(each, RowsLoaded)]


async def test_the_first_rows_are_told_before_others_come_and_these_in_one_message() -> None:
    told = Told()

    async def listing() -> AsyncIterator[Loaded]:
        yield step("a")
        await told.first.wait()
        for each in ("b", "c"):
            yield step(each)
        yield step("d", finished=True)

    async with asyncio.timeout(10):
        await ListLoader(told).run(listing())
    assert told.rows == [["a"], ["b", "c", "d"]]
    last = told.messages[-1]
    assert isinstance(last, RowsLoaded)
    assert last.coverage.finished
    assert last.present == {"d"}


async def test_a_listing_that_breaks_off_has_its_rows_told_before_the_failure() -> None:
    told, error = Told(), ServerError("the API had an error of its own")

    async def listing() -> AsyncIterator[Loaded]:
        yield step("a")
        raise error

    async with asyncio.timeout(10):
        await ListLoader(told).run(listing())
    assert told.rows == [["a"]]
    last = told.messages[-1]
    assert isinstance(last, ListingFailed)
    assert last.error is error


async def test_a_listing_that_fails_at_once_tells_nothing_but_that() -> None:
    told, error = Told(), ServerError("the API had an error of its own")

    async def listing() -> AsyncIterator[Loaded]:
        raise error
        yield step("a")

    async with asyncio.timeout(10):
        await ListLoader(told).run(listing())
    assert [type(message) for message in told.messages] == [ListingFailed]
