"""Keepers: one snapshot that the policy keeps of a group has to exist before anything of the group is deleted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from snaptui.deletion.keepers import KeeperGoneError, Keepers
from snaptui.deletion.plan import KeptGroup
from snaptui.digitalocean.api.errors import NotFoundError, NotPermittedError


class Seen(Struct, frozen=True):
    """A look that has nothing but its moment."""

    seen: float


class Account:
    """The ids that exist, and what was asked for, at which time."""

    def __init__(self, *there: str) -> None:
        self.there = set(there)
        self.asked: list[str] = []
        self.leases: set[int] = set()
        self.time = 0.0
        self.seconds = 0.0
        self.permitted = True

    async def get(self, snapshot_id: str, lease: int = 0) -> Seen:
        self.asked.append(snapshot_id)
        self.leases.add(lease)
        self.time += self.seconds
        if not self.permitted:
            raise NotPermittedError("no")
        if snapshot_id not in self.there:
            raise NotFoundError("gone")
        return Seen(self.time)

    def clock(self) -> float:
        return self.time


WEB = KeptGroup("web", ("1", "2"), ("8", "9"))
LEASE = 7


def keepers(account: Account, *groups: KeptGroup) -> Keepers:
    return Keepers(groups or (WEB,), account, account.clock)


async def test_one_keeper_that_exists_is_enough_and_each_look_is_a_round_of_its_own() -> None:
    account = Account("9")
    watched = keepers(account)
    with pytest.raises(KeeperGoneError):
        await watched.seen("1", LEASE)
    assert account.asked == ["8"]
    assert await watched.seen("1", LEASE) == 0.0
    assert account.asked == ["8", "9"]
    assert account.leases == {LEASE}


async def test_without_any_keeper_nothing_of_the_group_goes() -> None:
    account = Account("1", "2")
    watched = keepers(account)
    with pytest.raises(KeeperGoneError):
        await watched.seen("2", LEASE)
    assert [await watched.seen(item, LEASE) for item in ("2", "1")] == [None, None]
    assert account.asked == ["8", "9"]
    assert watched.missing("2") == "none of the 2 that the policy keeps of web exists any more"


async def test_the_only_keeper_is_spoken_of_as_one() -> None:
    of_one = keepers(Account("1"), KeptGroup("web", ("1",), ("9",)))
    assert await of_one.seen("1", LEASE) is None
    assert of_one.missing("1") == "the one that the policy keeps of web does not exist any more"


async def test_only_items_of_a_group_that_keeps_something_are_waited_for() -> None:
    watched = keepers(Account(), WEB, KeptGroup("old", ("5",), ()))
    assert [item in watched for item in ("1", "2", "5", "8")] == [True, True, False, False]


async def test_a_keeper_that_was_seen_serves_for_half_of_what_a_look_may_be_old() -> None:
    account = Account("8")
    watched = keepers(account)
    assert await watched.seen("1", LEASE) == 0.0
    account.time = 2.4
    assert await watched.seen("2", LEASE) == 0.0
    account.time = 2.5
    assert await watched.seen("2", LEASE) == 2.5
    assert account.asked == ["8", "8"]


async def test_the_keeper_that_was_seen_last_is_asked_for_first() -> None:
    account = Account("9")
    watched = keepers(account)
    with pytest.raises(KeeperGoneError):
        await watched.seen("1", LEASE)
    await watched.seen("1", LEASE)
    account.time = 10.0
    account.there = {"8", "9"}
    await watched.seen("1", LEASE)
    assert account.asked == ["8", "9", "9"]
    account.time = 20.0
    account.there = set()
    assert await watched.seen("2", LEASE) is None


async def test_a_keeper_counts_from_the_arrival_of_its_answer() -> None:
    account = Account("8")
    account.seconds = 3.0
    assert await keepers(account).seen("1", LEASE) == 3.0


async def test_what_cannot_be_looked_at_is_no_answer() -> None:
    account = Account("8")
    account.permitted = False
    with pytest.raises(NotPermittedError):
        await keepers(account).seen("1", LEASE)


def test_a_listing_says_nothing_about_items_of_no_group_and_of_groups_that_keep_nothing() -> None:
    watched = keepers(Account(), KeptGroup("old", ("5",), ()))
    assert [watched.missing_from(item, set()) for item in ("5", "6")] == [None, None]


@given(st.frozensets(st.sampled_from("12389x")))
def test_a_listing_tells_the_same(present: frozenset[str]) -> None:
    missing = keepers(Account()).missing_from("1", present)
    assert (missing is None) == bool(present & {"8", "9"})
