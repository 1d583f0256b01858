"""Copies: what a deletion leaves of a name family and of a source, said once for each of them."""

from collections.abc import Collection, Sequence

from snaptui.inventory.snapshots import Snapshots
from snaptui.model.family import STAMP_ONLY, family_of
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources, SourceState


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

    def warnings(self, item: Snapshot) -> list[str]:
        """Return what is to be said of an item; what concerns a family or source only with the first of its items."""
        number = self._snapshots.number_of(item.id)
        family = self._family(item, number)
        by_source = self._snapshots.places.by_source
        siblings = [] if number is None else [self._row(one) for one in by_source.everyone(number)]
        family_left, siblings_left = self._left(family), self._left(siblings)
        gone = self._sources.state_of(item) is SourceState.GONE
        if not family_left and not siblings_left:
            return self._last(item, family, siblings, gone=gone)
        found = [] if not family_left else self._of_family(item, family, family_left)
        if not siblings_left and siblings and not gone:
            found += self._once(("source", siblings[0].id), _none_left(len(siblings)))
        elif len(siblings) > 1 and siblings[0].id == item.id and not gone and not found:
            found.append("the newest snapshot of its source")
        return found

    def _row(self, number: int) -> Snapshot:
        return self._snapshots.rows[number]

    def _family(self, item: Snapshot, number: int | None) -> list[Snapshot]:
        """Return all snapshots of an item's family, newest first, those of unknown age last."""
        if number is None or family_of(item.name) == STAMP_ONLY:
            return [item]
        return [self._row(one) for one in self._snapshots.places.by_family.everyone(number)]

    def _left(self, members: Sequence[Snapshot]) -> int:
        return sum(member.id not in self._doomed for member in members)

    def _last(self, item: Snapshot, family: list[Snapshot], siblings: list[Snapshot], *, gone: bool) -> list[str]:
        """Return what is said where no copy is left at all."""
        if len(family) > 1:
            name = family_of(item.name)
            grave = "LAST COPY: its source is gone, and this " if gone else ""
            return self._once(("family", name), f"{grave}leaves none of the {len(family):,} of {name}")
        if gone:
            return ["LAST COPY: its source is gone, and no other snapshot has its name"]
        if not siblings:
            return ["its source is not known, so it may be the last copy"]
        return self._once(("source", siblings[0].id), _none_left(len(siblings)))

    def _of_family(self, item: Snapshot, family: list[Snapshot], left: int) -> list[str]:
        name, newest = family_of(item.name), family[0].id == item.id
        goes = len(family) - left
        found = [f"the newest of the {len(family):,} of {name}"] if newest else []
        if goes > 1 and (newest or family[0].id not in self._doomed):
            found += self._once(("family", name), f"leaves {left:,} of {len(family):,} of {name}")
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
