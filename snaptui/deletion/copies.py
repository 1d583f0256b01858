"""Copies that a deletion leaves of a name family and of a source: warnings, once for each of them."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from snaptui.inventory.siblings import Siblings
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.family import STAMP_ONLY, family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState


class Kin(Struct, frozen=True):
    """The snapshots of one family or source: how many there are, how many stay, and the newest of them."""

    count: int = 0
    left: int = 0
    newest_id: str = ""
    family: str = ""


class Copies:
    """The families and sources that items belong to. `doomed` are the ids of all items.

    Sources are often made anew, so that each snapshot of an image builder is the only one of its source: then it is
    the family, the name without its stamps, that tells whether another copy is left. Names of nothing but stamps are
    no family.
    """

    def __init__(self, snapshots: Snapshots, sources: Sources, doomed: Collection[str]) -> None:
        self._snapshots = snapshots
        self._sources = sources
        self._doomed = doomed
        self._said: set[object] = set()
        self._families: dict[int, Kin] = {}
        self._siblings: dict[int, Kin] = {}

    def warnings(self, item: Snapshot) -> list[str]:
        """Return the warnings about an item; those about a family or source come with its first item only."""
        number = self._snapshots.number_of(item.id)
        family, siblings = self._family(item, number), self._of_source(number)
        gone = self._sources.state_of(item) is SourceState.GONE
        if not family.left and not siblings.left:
            return self._last(item, family, siblings, gone=gone)
        found = self._of_family(item, family) if family.left else []
        if not siblings.left and siblings.count and not gone:
            found += self._once(("source", siblings.newest_id), _none_left(siblings.count))
        elif siblings.count > 1 and siblings.newest_id == item.id and not gone and not found:
            found.append("the newest snapshot of its source")
        return found

    def _family(self, item: Snapshot, number: int | None) -> Kin:
        if number is None:
            return self._kin((item,))
        kin = self._found(self._families, self._snapshots.places.by_family, number)
        return self._kin((item,)) if kin.family == STAMP_ONLY else kin

    def _of_source(self, number: int | None) -> Kin:
        by_source = self._snapshots.places.by_source
        return self._kin(()) if number is None else self._found(self._siblings, by_source, number)

    def _found(self, known: dict[int, Kin], groups: Siblings, number: int) -> Kin:
        """Return the kin of a row, counted once for all of them: each may have 100,000."""
        group = groups.group_of(number)
        if group not in known:
            known[group] = self._kin([self._snapshots.rows[one] for one in groups.everyone(number)])
        return known[group]

    def _kin(self, members: Sequence[Snapshot]) -> Kin:
        """Return the kin of snapshots given newest first, those of unknown age last."""
        if not members:
            return Kin()
        left = sum(member.id not in self._doomed for member in members)
        return Kin(len(members), left, members[0].id, family_of(members[0].name))

    def _last(self, item: Snapshot, family: Kin, siblings: Kin, *, gone: bool) -> list[str]:
        """Return the warning that no copy is left at all."""
        if family.count > 1:
            name = family.family
            grave = "LAST COPY: its source is gone, and this " if gone else ""
            return self._once(("family", name), f"{grave}leaves none of the {family.count:,} of {name}")
        if gone:
            return ["LAST COPY: its source is gone, and no other snapshot has its name"]
        if not siblings.count:
            return ["its source is not known, so it may be the last copy"]
        return self._once(("source", siblings.newest_id), _none_left(siblings.count))

    def _of_family(self, item: Snapshot, family: Kin) -> list[str]:
        name, newest = family.family, family.newest_id == item.id
        found = [f"the newest of the {family.count:,} of {name}"] if newest else []
        if family.count - family.left > 1 and (newest or family.newest_id not in self._doomed):
            found += self._once(("family", name), f"leaves {family.left:,} of {family.count:,} of {name}")
        return found

    def _once(self, about: object, said: str) -> list[str]:
        if about in self._said:
            return []
        self._said.add(about)
        return [said]


def _none_left(number: int) -> str:
    return (
        "the only snapshot of its source" if number == 1 else f"leaves none of the {number:,} snapshots of its source"
    )
