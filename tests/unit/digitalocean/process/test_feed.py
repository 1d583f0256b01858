"""Feed of a call's results: from the thread that brings them to the event loop that reads them."""

import asyncio
from threading import Thread

import pytest
from msgspec.msgpack import Decoder

from snaptui.digitalocean.api.errors import ConnectionFailedError, NotFoundError
from snaptui.digitalocean.process.feed import Feed
from snaptui.digitalocean.process.messages import End, Failure, Item, raw


def feed() -> Feed[int]:
    return Feed(7, Decoder(int).decode)


async def read(results: Feed[int], into: list[int] | None = None) -> list[int]:
    values = [] if into is None else into
    async for value in results.read():
        values.append(value)
    return values


async def test_what_came_before_anybody_read_is_kept_in_order() -> None:
    results = feed()
    results.put(Item(7, raw(1)))
    results.put(Item(7, raw(2)))
    assert not results.ended
    results.put(End(7))
    assert results.ended
    assert await read(results) == [1, 2]


async def test_what_another_thread_brings_wakes_the_reader() -> None:
    results = feed()
    reading = asyncio.create_task(read(results))
    await asyncio.sleep(0)  # it waits now

    def bring() -> None:
        results.put(Item(7, raw(1)))
        results.put(End(7))

    thread = Thread(target=bring)
    thread.start()
    async with asyncio.timeout(10):
        assert await reading == [1]
    thread.join()


async def test_a_failure_is_raised_after_the_values_that_came_before_it() -> None:
    results = feed()
    results.put(Item(7, raw(1)))
    results.put(Failure.of(7, NotFoundError("gone", status=404)))
    got = list[int]()
    with pytest.raises(NotFoundError, match="gone"):
        await read(results, got)
    assert got == [1]


async def test_the_end_of_the_process_fails_whoever_still_reads() -> None:
    results = feed()
    reading = asyncio.create_task(read(results))
    await asyncio.sleep(0)
    results.fail(ConnectionFailedError("the client's process ended", sent=True))
    async with asyncio.timeout(10):
        with pytest.raises(ConnectionFailedError) as raised:
            await reading
    assert raised.value.sent
    assert results.ended
