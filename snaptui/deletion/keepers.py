"""Keepers: what a retention policy keeps of a group; one of them must be seen before anything else of it is deleted."""

from collections.abc import Callable, Sequence, Set
from typing import Final, Protocol

from snaptui.deletion.plan import KeptGroup
from snaptui.digitalocean.api.departure import LOOK_SECONDS
from snaptui.digitalocean.api.errors import NotFoundError

FRESH_SECONDS: Final = LOOK_SECONDS / 2
"""How long a keeper that was seen serves for other items of its group: half of what is left for their DELETEs."""


class KeeperGoneError(Exception):
    """The keeper that was looked at is gone; another of its group is looked at in the next round of the item."""


class Seen(Protocol):
    """A look at a snapshot."""

    @property
    def seen(self) -> float:
        """The moment at which its answer arrived."""
        ...


class Looks(Protocol):
    """Interface of whoever looks at single snapshots."""

    async def get(self, snapshot_id: str, lease: int = 0) -> Seen:
        """Look at one snapshot; raises `NotFoundError` when it is gone, another `ApiError` when that cannot be told."""
        ...


class Keepers:
    """The groups of a plan by their items; a keeper is looked at beside each item, or was a moment ago.

    Groups of which the policy keeps nothing have no keepers to wait for. `clock` is `boot_seconds`.
    """

    def __init__(self, groups: Sequence[KeptGroup], looks: Looks, clock: Callable[[], float]) -> None:
        self._of_item = {item: group for group in groups if group.kept for item in group.items}
        self._looks = looks
        self._clock = clock
        self._seen: dict[str, tuple[str, float]] = {}
        """By a group's first item: which of its keepers was seen last, and when."""
        self._gone: set[str] = set()

    def __contains__(self, item: str) -> bool:
        return item in self._of_item

    async def seen(self, item: str, lease: int) -> float | None:
        """Return when a keeper of an item's group was seen last; `None` when none of them exists any more.

        Sends at most one GET, by a place of the lease. Raises `KeeperGoneError` when another has to be asked for next,
        and `ApiError`.
        """
        group = self._of_item[item]
        last, when = self._seen.get(group.items[0], (group.kept[0], float("-inf")))
        if self._clock() - when < FRESH_SECONDS:
            return when
        keeper = next((each for each in (last, *group.kept) if each not in self._gone), None)
        if keeper is None:
            return None
        try:
            look = await self._looks.get(keeper, lease)
        except NotFoundError:
            self._gone.add(keeper)
            if self._gone.issuperset(group.kept):
                return None
            raise KeeperGoneError from None
        self._seen[group.items[0]] = keeper, look.seen
        return look.seen

    def missing(self, item: str) -> str:
        """Return the sentence that nothing that the policy keeps of an item's group exists any more."""
        return _said(self._of_item[item])

    def missing_from(self, item: str, present: Set[str]) -> str | None:
        """Return the same sentence where a whole listing has nothing that is kept of the group; else `None`."""
        group = self._of_item.get(item)
        return None if group is None or not present.isdisjoint(group.kept) else _said(group)


def _said(group: KeptGroup) -> str:
    number = len(group.kept)
    what = "the one" if number == 1 else f"none of the {number:,}"
    exists = "does not exist" if number == 1 else "exists"
    return f"{what} that the policy keeps of {group.group} {exists} any more"
