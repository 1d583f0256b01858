"""A halt is quiet when all that has not left never will, each time anew, and nothing of what was given up goes on."""

import asyncio

import pytest

from snaptui.deletion.halt import Halt, HaltedError
from snaptui.digitalocean.api.departure import Departure
from snaptui.digitalocean.api.errors import WithdrawnError


def departure() -> Departure:
    return Departure(0.0, clock=lambda: 0.0)


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_it_is_quiet_at_once_when_nothing_is_under_way() -> None:
    halt = Halt()
    halt.ask()
    await asyncio.wait_for(halt.quiet(), 1)
    assert halt.asked


async def test_it_is_not_quiet_before_what_it_withdrew_was_dealt_with() -> None:
    halt, one = Halt(), departure()
    with halt.over(one):
        halt.ask()
        quiet = asyncio.create_task(halt.quiet())
        await turns()
        assert one.withdrawn
        assert not quiet.done()
        with pytest.raises(WithdrawnError):
            one.leave()
    await asyncio.wait_for(quiet, 1)


async def test_what_is_on_the_wire_is_not_waited_for() -> None:
    halt, one, other = Halt(), departure(), departure()
    with halt.over(one), halt.over(other):
        one.leave()
        halt.ask()
        quiet = asyncio.create_task(halt.quiet())
        await turns()
        assert (one.withdrawn, other.withdrawn, quiet.done()) == (False, True, False)
        other.has_left()  # it was on its way to the wire when it was withdrawn
        await asyncio.wait_for(quiet, 1)


async def test_each_halt_is_quiet_for_itself() -> None:
    halt = Halt()
    halt.ask()
    await halt.quiet()
    halt.lift()
    assert not halt.asked
    one = departure()
    with halt.over(one):
        halt.ask()
        quiet = asyncio.create_task(halt.quiet())
        await turns()
        assert not quiet.done(), "the quiet of the halt before is over"
    await asyncio.wait_for(quiet, 1)


async def test_work_brings_its_result_or_is_given_up_and_has_ended_then() -> None:
    halt, ended = Halt(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await turns()
            ended.set()

    async def result() -> int:
        return 7

    assert await halt.unless_asked(result()) == 7
    given_up = asyncio.create_task(halt.unless_asked(work()))
    await turns()
    halt.ask()
    with pytest.raises(HaltedError):
        await given_up
    assert ended.is_set(), "what it held is given back before anything else begins"
    with pytest.raises(HaltedError):
        await halt.unless_asked(result())


async def test_an_error_of_the_work_is_its_own() -> None:
    async def work() -> None:
        raise KeyError

    with pytest.raises(KeyError):
        await Halt().unless_asked(work())


async def test_a_departure_that_is_over_is_asked_for_no_more() -> None:
    halt, one = Halt(), departure()
    with halt.over(one):
        pass
    await asyncio.wait_for(one.decided(), 1)
    halt.ask()
    assert not one.withdrawn
