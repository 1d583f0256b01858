import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import TypeVar

import pytest

from snaptui.deletion.looks import LARGEST_BLOCK, UNFIT_SECONDS, Look, Looker, NoLookError
from snaptui.digitalocean.api.errors import (
    ApiError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    RateLimitedError,
    ServerError,
)
from snaptui.digitalocean.client.listing import Loaded
from snaptui.model.coverage import Coverage
from tests.support.deleting import Pretended, Timeline, snapshot

ROWS = tuple(snapshot(str(n)) for n in range(450))
T = TypeVar("T")


class Scene:
    def __init__(self, listed: int = 450, few: bool = False) -> None:
        self.time = Timeline()
        self.api = Pretended(self.time, ROWS)
        self.looker = Looker(self.api, self.time.clock, listed, few=few)

    async def of(self, work: Awaitable[T]) -> T:
        results: list[T] = []

        async def keep() -> None:
            results.append(await work)

        await self.time.of(keep())
        return results[0]


@pytest.mark.parametrize(("listed", "pages"), [(0, 1), (1, 1), (200, 1), (201, 2), (2_500, 13)])
async def test_a_listing_has_a_page_for_every_200_snapshots(listed: int, pages: int) -> None:
    assert Scene(listed).looker.pages == pages


@pytest.mark.parametrize(
    ("listed", "left", "block"),
    [
        (450, 300, LARGEST_BLOCK),
        (450, 4, 4),
        (450, 3, 0),
        (450, 1, 0),
        (2_500, 100, 100),
        (11_400, 10_000, LARGEST_BLOCK),
        (11_600, 10_000, 0),
        (0, 300, 0),
    ],
)
async def test_a_listing_is_taken_where_it_costs_less_than_gets_and_its_size_is_known(
    listed: int, left: int, block: int
) -> None:
    assert Scene(listed).looker.block(left) == block


async def test_each_of_a_few_is_looked_at_by_itself() -> None:
    scene = Scene(450, few=True)
    assert scene.looker.block(30) == 0
    assert scene.looker.requests(30) == 60.0


async def test_without_the_right_to_read_one_the_listing_is_taken_whatever_it_costs() -> None:
    scene = Scene(0, few=True)
    scene.api.always["look"] = refused = NotPermittedError("no scope", status=403)
    with pytest.raises(NotPermittedError):
        await scene.of(scene.looker.get("1"))
    assert scene.looker.get_refused is refused
    assert [scene.looker.block(left) for left in (1, 3, 1_000)] == [1, 3, LARGEST_BLOCK]


async def test_a_block_waits_for_enough_places_that_the_listing_is_a_small_part() -> None:
    assert [Scene(n).looker.least_places(150) for n in (100, 450, 2_500)] == [1 + 8, 3 + 8, 13 + 26]
    assert Scene(450).looker.least_places(5) == 3 + 5


async def test_what_the_rest_needs_is_foretold_by_how_it_is_looked_at() -> None:
    scene = Scene(450)
    assert scene.looker.requests(2) == 4.0
    assert scene.looker.requests(0) == 0.0
    assert scene.looker.requests(150) == 150 + 3
    assert scene.looker.requests(151) == 151 + 6


async def test_the_next_block_is_as_large_as_the_last_one_could_be() -> None:
    scene = Scene(450)
    scene.looker.learn(150, 40)
    assert scene.looker.block(300) == 40
    scene.looker.learn(40, 40)
    assert scene.looker.block(300) == 80
    scene.looker.learn(20, 20)
    assert scene.looker.block(300) == 80
    scene.looker.learn(80, 80)
    assert scene.looker.block(300) == LARGEST_BLOCK
    scene.looker.learn(150, 0)
    assert scene.looker.block(300) == 4


async def test_a_listing_brings_what_is_wanted_of_it_and_counts_from_its_start() -> None:
    scene = Scene(0)
    scene.api.list_seconds = 2.0
    listing = await scene.of(scene.looker.list({"3", "900"}, 1))
    assert listing.look("3") == Look(ROWS[3], 1_000.0)
    assert listing.look("900") is None
    assert listing.look("4") is None
    assert listing.present == {row.id for row in ROWS}
    assert scene.looker.pages == 3
    assert scene.looker.block(100) == 100


@pytest.mark.parametrize(("seconds", "serves"), [(4.9, True), (5.0, True), (5.1, False)])
async def test_a_listing_that_takes_longer_than_a_look_may_be_old_serves_nothing(seconds: float, serves: bool) -> None:
    scene = Scene()
    scene.api.list_seconds = seconds
    if serves:
        assert (await scene.of(scene.looker.list({"3"}, 1))).look("3") is not None
        assert scene.looker.block(300) > 0
        return
    with pytest.raises(NoLookError):
        await scene.of(scene.looker.list({"3"}, 1))
    assert scene.looker.block(300) == 0
    scene.time.gap(UNFIT_SECONDS - 0.1)
    assert scene.looker.block(300) == 0
    scene.time.gap(0.1)
    assert scene.looker.block(300) == LARGEST_BLOCK


@pytest.mark.parametrize("trouble", ["incomplete", "failing"])
async def test_a_listing_that_is_not_whole_serves_nothing_and_says_why(trouble: str) -> None:
    scene = Scene()
    if trouble == "incomplete":
        scene.api.incomplete = True
    else:
        scene.api.always["list"] = ServerError("down", status=500)
    said = "the list is not complete" if trouble == "incomplete" else "down"
    with pytest.raises(NoLookError, match=f"^{said}"):
        await scene.of(scene.looker.list({"3"}, 1))
    assert scene.looker.block(300) == 0


@pytest.mark.parametrize(
    "error",
    [
        NotAuthenticatedError("no", status=401),
        NotPermittedError("no", status=403),
        RateLimitedError("no", status=429),
    ],
)
async def test_what_concerns_the_token_or_the_limit_is_no_fault_of_the_listing(error: ApiError) -> None:
    scene = Scene()
    scene.api.always["list"] = error
    with pytest.raises(type(error)):
        await scene.of(scene.looker.list({"3"}, 1))
    assert scene.looker.block(300) == LARGEST_BLOCK
    assert scene.looker.get_refused is None


async def test_a_get_tells_when_it_arrived_and_that_there_is_none() -> None:
    scene = Scene()
    look = await scene.of(scene.looker.get("3", 1))
    assert look == Look(ROWS[3], scene.time.now)
    with pytest.raises(NotFoundError):
        await scene.of(scene.looker.get("900"))


async def test_a_row_that_was_gone_when_the_listing_ended_is_no_look() -> None:
    class Shifting(Pretended):
        """A list of which a row goes while its pages are read."""

        async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
            async for loaded in super().relisting(lease):
                yield Loaded(loaded.rows, loaded.coverage, {row.id for row in loaded.rows} - {"2"})

    scene = Scene()
    looker = Looker(Shifting(scene.time, ROWS), scene.time.clock, 450, few=False)
    listing = await scene.of(looker.list({"1", "2"}, 1))
    assert listing.look("2") is None
    assert listing.look("1") == Look(ROWS[1], listing.seen)


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock can be put forward."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class Hanging(Pretended):
    """An API whose listing begins and never goes on; so many seconds of it pass at once."""

    def __init__(self, loop: JumpingLoop, seconds: float) -> None:
        super().__init__(Timeline(), ROWS)
        self._loop = loop
        self._seconds = seconds

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        yield Loaded(ROWS[:200], Coverage(), None)
        self._loop.ahead += self._seconds
        await asyncio.Event().wait()


async def hangs(loop: JumpingLoop, seconds: float) -> None:
    api = Hanging(loop, seconds)
    looker = Looker(api, api.time.clock, 450, few=False)
    async with asyncio.timeout(6.0):
        await looker.list({"1"}, 1)


def test_a_listing_that_never_ends_is_given_up_and_that_is_said() -> None:
    loop = JumpingLoop()
    said = "^the list takes longer than 5 s to read$"
    with asyncio.Runner(loop_factory=lambda: loop) as runner, pytest.raises(NoLookError, match=said):
        runner.run(hangs(loop, 5.5))


async def test_a_get_without_a_lease_takes_no_place_of_another() -> None:
    scene = Scene()

    async def beside_a_lease() -> None:
        async with scene.api.lease(2, 2):
            await scene.looker.get("3")

    await scene.of(beside_a_lease())
    assert scene.api.without_lease == ["get 3"]
