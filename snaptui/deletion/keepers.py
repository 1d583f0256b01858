"""Keepers: whether what a retention policy keeps of a group is still there, asked before anything of it is deleted."""

from collections.abc import Callable, Sequence, Set
from typing import Protocol

from snaptui.deletion.plan import KeptGroup
from snaptui.digitalocean.api.departure import LOOK_SECONDS
from snaptui.digitalocean.api.errors import NotFoundError


class Looks(Protocol):
    """Who looks at single snapshots."""

    async def get(self, snapshot_id: str, lease: int = 0) -> object:
        """Look at one snapshot; raises `NotFoundError` when it is gone, another `ApiError` when that cannot be told."""
        ...


class Keepers:
    """The groups of a plan by their items; a keeper that was seen counts for as long as a look does.

    Groups of which the policy keeps nothing have no keepers to wait for. `clock` is `boot_seconds`.
    """

    def __init__(self, groups: Sequence[KeptGroup], looks: Looks, clock: Callable[[], float]) -> None:
        self._of_item = {item: group for group in groups if group.kept for item in group.items}
        self._looks = looks
        self._clock = clock
        self._seen: dict[str, tuple[str, float]] = {}
        """By a group's first item: which of its keepers was seen last, and when."""

    def __contains__(self, item: str) -> bool:
        return item in self._of_item

    async def missing(self, item: str) -> str | None:
        """Return why an item may not go: nothing that was to be kept of its group exists. Raises `ApiError`."""
        group = self._of_item.get(item)
        if group is None:
            return None
        last, when = self._seen.get(group.items[0], (group.kept[0], float("-inf")))
        if self._clock() - when < LOOK_SECONDS:
            return None
        for keeper in dict.fromkeys((last, *group.kept)):
            began = self._clock()
            try:
                await self._looks.get(keeper)
            except NotFoundError:
                continue
            self._seen[group.items[0]] = keeper, began
            return None
        return _said(group)

    def missing_from(self, item: str, present: Set[str]) -> str | None:
        """Return the same by a whole listing's ids."""
        group = self._of_item.get(item)
        return None if group is None or not present.isdisjoint(group.kept) else _said(group)


def _said(group: KeptGroup) -> str:
    number = len(group.kept)
    what = "the one" if number == 1 else f"none of the {number:,}"
    exists = "does not exist" if number == 1 else "exists"
    return f"{what} that the policy keeps of {group.group} {exists} any more"
