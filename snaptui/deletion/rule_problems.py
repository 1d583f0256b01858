"""Protection rules that protect less than they seem to: they match nothing, or cannot be judged."""

from collections.abc import Iterable

from msgspec import Struct

from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import Query, QueryContext


class RuleProblems(Struct, frozen=True):
    """Problems of protection rules, a text for each: `idle` match nothing, `unjudged` cannot be judged of all."""

    idle: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each, those that cannot be judged first."""
        return tuple(f"protect {text}" for text in (*self.unjudged, *self.idle))


def rule_problems(rules: Iterable[Query], snapshots: Snapshots, context: QueryContext) -> RuleProblems:
    """Return which rules match none of the snapshots, and which cannot be judged of some."""
    idle, unjudged = [], []
    for rule in rules if len(snapshots) else ():
        found = select(rule, snapshots, context)
        if found.shortfall is not None:
            unjudged.append(f"{rule}: {found.shortfall}")
        elif not found.matching.count:
            idle.append(f"{rule} matches nothing")
    return RuleProblems(tuple(idle), tuple(unjudged))
