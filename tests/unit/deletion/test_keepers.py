"""What a policy keeps of a group has to exist before anything of the group is deleted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.deletion.keepers import Keepers
from snaptui.deletion.plan import KeptGroup
from snaptui.digitalocean.api.errors import NotFoundError, NotPermittedError


class Account:
    """The ids that exist, and what was asked for, at which time."""

    def __init__(self, *there: str) -> None:
        self.there = set(there)
        self.asked: list[str] = []
        self.time = 0.0
        self.permitted = True

    async def get(self, snapshot_id: str, lease: int = 0) -> object:
        self.asked.append(snapshot_id)
        if not self.permitted:
            raise NotPermittedError("no")
        if snapshot_id not in self.there:
            raise NotFoundError("gone")
        return snapshot_id

    def clock(self) -> float:
        return self.time


WEB = KeptGroup("web", ("1", "2"), ("8", "9"))


def keepers(account: Account, *groups: KeptGroup) -> Keepers:
    return Keepers(groups or (WEB,), account, account.clock)


async def test_one_keeper_that_exists_is_enough() -> None:
    account = Account("9")
    assert await keepers(account).missing("1") is None
    assert account.asked == ["8", "9"]


async def test_without_any_keeper_nothing_of_the_group_goes() -> None:
    assert await keepers(Account("1", "2")).missing("2") == "none of the 2 that the policy keeps of web exists any more"


async def test_the_only_keeper_is_spoken_of_as_one() -> None:
    of_one = keepers(Account("1"), KeptGroup("web", ("1",), ("9",)))
    assert await of_one.missing("1") == "the one that the policy keeps of web does not exist any more"


async def test_only_items_of_a_group_that_keeps_something_are_waited_for() -> None:
    watched = keepers(Account(), WEB, KeptGroup("old", ("5",), ()))
    assert [item in watched for item in ("1", "2", "5", "8")] == [True, True, False, False]


async def test_a_keeper_that_was_seen_counts_for_five_seconds_and_is_asked_for_first_then() -> None:
    account = Account("9")
    watched = keepers(account)
    await watched.missing("1")
    account.time = 4.9
    assert await watched.missing("2") is None
    account.time = 5.0
    assert await watched.missing("2") is None
    assert account.asked == ["8", "9", "9"]
    account.time, account.there = 10.0, set()
    assert await watched.missing("2") is not None


async def test_a_keeper_counts_from_the_beginning_of_its_look() -> None:
    class Slow(Account):
        async def get(self, snapshot_id: str, lease: int = 0) -> object:
            self.time += 3.0
            return await super().get(snapshot_id, lease)

    account = Slow("8")
    watched = keepers(account)
    await watched.missing("1")
    account.time = 4.9
    await watched.missing("2")
    assert account.asked == ["8"]
    account.time = 5.0
    await watched.missing("2")
    assert account.asked == ["8", "8"]


async def test_items_of_no_group_and_groups_that_keep_nothing_wait_for_nobody() -> None:
    account = Account()
    watched = keepers(account, KeptGroup("old", ("5",), ()))
    assert (await watched.missing("5"), await watched.missing("6"), account.asked) == (None, None, [])
    assert watched.missing_from("5", set()) is None


async def test_what_cannot_be_looked_at_is_no_answer() -> None:
    account = Account("8")
    account.permitted = False
    with pytest.raises(NotPermittedError):
        await keepers(account).missing("1")


@given(st.frozensets(st.sampled_from("12389x")))
def test_a_listing_tells_the_same(present: frozenset[str]) -> None:
    missing = keepers(Account()).missing_from("1", present)
    assert (missing is None) == bool(present & {"8", "9"})
