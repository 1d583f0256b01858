"""Tally of the pages of a list: which page comes next, and whether all that there is has come."""

import pytest
from msgspec import Struct

from snaptui.digitalocean.api.errors import ServerError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.digitalocean.api.tally import EXTRA_PAGES, Tally


class Entry(Struct, frozen=True):
    id: str


def page(first: int, rows: int, total: int, *, more: bool = False) -> Page[Entry]:
    return Page(tuple(Entry(str(number)) for number in range(first, first + rows)), total, more)


def asked(tally: Tally[Entry]) -> list[int]:
    return [number for number in iter(tally.next_page, None) if number is not None]


def test_the_first_page_says_how_many_others_there_are() -> None:
    tally = Tally[Entry]()
    assert asked(tally) == [1]
    tally.take(1, page(0, PAGE_SIZE, 2 * PAGE_SIZE + 5))
    assert asked(tally) == [2, 3]
    tally.take(2, page(PAGE_SIZE, PAGE_SIZE, 2 * PAGE_SIZE + 5))
    assert not tally.whole
    tally.take(3, page(2 * PAGE_SIZE, 5, 2 * PAGE_SIZE + 5))
    assert tally.whole
    assert not tally.doubts


@pytest.mark.parametrize(
    "second",
    [
        page(PAGE_SIZE - 1, 5, PAGE_SIZE + 5),  # an entry of the first page once more
        page(PAGE_SIZE, 4, PAGE_SIZE + 5),  # one less than is counted
        page(PAGE_SIZE, 5, PAGE_SIZE + 4),  # another total
    ],
    ids=["overlap", "short", "total"],
)
def test_a_list_that_moved_while_it_was_read_is_not_whole(second: Page[Entry]) -> None:
    tally = Tally[Entry]()
    asked(tally)
    tally.take(1, page(0, PAGE_SIZE, PAGE_SIZE + 5))
    assert not tally.shifted
    tally.take(2, second)
    assert tally.shifted
    assert not tally.whole


def test_a_page_that_cannot_be_read_is_missing_and_named() -> None:
    tally = Tally[Entry]()
    asked(tally)
    tally.take(1, page(0, PAGE_SIZE, 3 * PAGE_SIZE))
    tally.miss_rest(ServerError("the API had an error of its own"))
    coverage = tally.coverage(PAGE_SIZE, 0)
    assert [(missing.page, missing.reason) for missing in coverage.missing] == [
        (2, "the API had an error of its own"),
        (3, "the API had an error of its own"),
    ]
    assert not tally.whole


def test_nothing_is_asked_for_behind_a_page_that_brings_nothing_new() -> None:
    tally = Tally[Entry]()
    asked(tally)
    tally.take(1, page(0, PAGE_SIZE, 9 * PAGE_SIZE))
    assert tally.next_page() == 2
    tally.take(2, page(0, PAGE_SIZE, 9 * PAGE_SIZE))
    assert asked(tally) == []
    assert tally.doubts == ("the API counts 1,800, but page 2 of its list brings nothing new",)


def test_a_list_that_goes_on_is_followed_so_far_and_no_farther() -> None:
    tally = Tally[Entry]()
    numbers = []
    while (number := tally.next_page()) is not None:
        numbers.append(number)
        tally.take(number, page(number * PAGE_SIZE, PAGE_SIZE, PAGE_SIZE, more=True))
    assert numbers == list(range(1, 2 + EXTRA_PAGES))
    assert "goes on after" in tally.doubts[0]


def test_no_more_pages_are_asked_for_than_are_allowed() -> None:
    tally = Tally[Entry](most_pages=2)
    asked(tally)
    tally.take(1, page(0, PAGE_SIZE, 5 * PAGE_SIZE))
    assert asked(tally) == [2]
    assert "only the first 400 were read" in tally.doubts[0]
