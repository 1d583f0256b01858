"""The paginator: whatever the API says of a list, reading it ends, and what may be missing is said."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.digitalocean.api.errors import NotPermittedError, ServerError, UnreadableAnswerError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.digitalocean.api.tally import EXTRA_PAGES, Tally
from snaptui.digitalocean.client.listing import load_snapshots
from snaptui.digitalocean.client.pages import CONCURRENCY, Reading, read_whole
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Resource

Fetch = Callable[[int], Page[Resource]]


def rows(start: int, stop: int) -> tuple[Resource, ...]:
    return tuple(Resource(str(number), "") for number in range(start, stop))


def page_of(length: int, total: int, *, more: bool = False) -> Fetch:
    """Pages of a list of so many rows that says it has `total`; with `more` each links to the next."""
    return lambda number: Page(rows((number - 1) * PAGE_SIZE, min(number * PAGE_SIZE, length)), total, more)


class Api:
    """A list behind a function from page numbers to pages, and which pages were asked for."""

    def __init__(self, fetch: Fetch) -> None:
        self.asked: list[int] = []
        self._fetch = fetch

    async def fetch(self, number: int) -> Page[Resource]:
        self.asked.append(number)
        await asyncio.sleep(0)
        return self._fetch(number)


async def read(fetch: Fetch, most_pages: int = 5_000) -> tuple[list[str], Tally[Resource], Api]:
    api = Api(fetch)
    reading = Reading(api.fetch, most_pages=most_pages)
    ids = [row.id async for page in reading.pages() for row in page]
    return ids, reading.tally, api


@given(st.integers(0, 3_000))
def test_every_row_of_a_sound_list_comes_once_and_each_page_is_asked_for_once(length: int) -> None:
    ids, tally, api = asyncio.run(read(page_of(length, length)))
    assert sorted(ids) == sorted(str(number) for number in range(length))
    assert sorted(api.asked) == list(range(1, max(1, -(-length // PAGE_SIZE)) + 1))
    assert tally.whole


async def test_a_list_that_links_on_beyond_its_count_is_read_on_and_said_to_disagree() -> None:
    ids, tally, _ = await read(lambda number: Page(page_of(350, 200)(number).rows, 200, number < 2))
    assert len(ids) == 350
    assert tally.doubts == ("the API counts 200, but lists 350",)
    assert not tally.whole


async def test_a_last_page_that_links_to_an_empty_one_is_still_the_last() -> None:
    ids, tally, api = await read(lambda number: Page(page_of(400, 400)(number).rows, 400, number < 3))
    assert len(ids) == 400
    assert api.asked == [1, 2, 3]
    assert not tally.doubts


async def test_a_list_that_never_ends_is_given_up_a_little_beyond_its_count() -> None:
    ids, tally, api = await read(page_of(10**9, 200, more=True))
    assert max(api.asked) == 1 + EXTRA_PAGES
    assert tally.doubts == (f"the API counts 200, but its list goes on after {len(ids):,}",)


@pytest.mark.parametrize("total", [10**15, 2**63 - 1, 100_000])
async def test_empty_pages_end_a_list_whatever_it_counts(total: int) -> None:
    ids, tally, api = await read(page_of(200, total, more=True))
    assert len(ids) == 200
    assert len(api.asked) <= 1 + CONCURRENCY
    assert tally.doubts == (f"the API counts {total:,}, but page 2 of its list brings nothing new",)


async def test_a_page_that_repeats_without_end_ends_the_list() -> None:
    _, tally, api = await read(lambda _: Page(rows(0, PAGE_SIZE), 10**15, True))
    assert len(api.asked) <= 1 + CONCURRENCY
    assert not tally.whole


async def test_a_count_with_no_rows_at_all_is_said() -> None:
    ids, tally, api = await read(lambda _: Page((), 7))
    assert (ids, api.asked) == ([], [1])
    assert tally.doubts == ("the API counts 7, but page 1 of its list brings nothing new",)


async def test_a_list_that_is_longer_than_an_hour_allows_is_read_so_far_and_said() -> None:
    ids, tally, api = await read(page_of(10**9, 10**9), most_pages=40)
    assert len(ids) == 40 * PAGE_SIZE
    assert len(api.asked) == 40
    assert tally.doubts == ("the API counts 1,000,000,000, of which only the first 8,000 were read",)


async def test_what_concerns_the_token_stops_the_rest_and_other_trouble_does_not() -> None:
    def refused(number: int) -> Page[Resource]:
        if number == 2:
            raise NotPermittedError("no")
        return page_of(20_000, 20_000)(number)

    def broken(number: int) -> Page[Resource]:
        if number == 2:
            raise ServerError("broken")
        return page_of(20_000, 20_000)(number)

    _, tally, api = await read(refused)
    assert len(tally.missing) + len(api.asked) - 1 == 100
    assert len(api.asked) < 100
    _, tally, api = await read(broken)
    assert [missing.page for missing in tally.missing] == [2]
    assert len(api.asked) == 100


@pytest.mark.parametrize(
    ("fetch", "why"),
    [
        (page_of(200, 10**15), "page 2 of its list brings nothing new"),
        (page_of(10**9, 200, more=True), "its list goes on"),
        (lambda number: Page(rows(0, 200), 401), "brings nothing new"),
        (lambda number: Page(rows(0, 10), 9 + number), "the API counts 10"),
    ],
)
async def test_a_list_of_which_entries_may_be_missing_is_no_list(fetch: Fetch, why: str) -> None:
    if why == "the API counts 10":
        assert len(await read_whole(Api(fetch).fetch)) == 10
        return
    with pytest.raises(UnreadableAnswerError, match="the list is not whole") as caught:
        await read_whole(Api(fetch).fetch)
    assert why in str(caught.value)


async def test_a_list_that_moves_once_is_read_again() -> None:
    totals = iter([400, 399, 399, 399])
    api = Api(lambda number: Page(page_of(399, 399)(number).rows, next(totals)))
    assert len(await read_whole(api.fetch)) == 399
    assert api.asked == [1, 2, 1, 2]


class Snapshots:
    """Pages of snapshots of an account that counts wrongly."""

    def __init__(self, length: int, total: int) -> None:
        self._length, self._total = length, total

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        numbers = range((page - 1) * per_page, min(page * per_page, self._length))
        made = tuple(Snapshot(str(n), "", None, None, (), None, 1.0, None, "droplet", ()) for n in numbers)
        return Page(made, self._total, bool(made), 5.0)


@pytest.mark.parametrize(
    ("length", "total", "said"),
    [
        (
            200,
            10**15,
            "incomplete: 200 of 1,000,000,000,000,000 snapshots; the API counts 1,000,000,000,000,000, but page 2",
        ),
        (350, 200, "incomplete: 350 of 200 snapshots; the API counts 200, but lists 350"),
    ],
)
async def test_what_may_be_missing_of_the_list_of_snapshots_is_said(length: int, total: int, said: str) -> None:
    last = Coverage()
    async for loaded in load_snapshots(Snapshots(length, total)):
        last = loaded.coverage
    assert not last.complete
    assert str(last.shortfall).startswith(said)
    assert last.server_now == 5.0
