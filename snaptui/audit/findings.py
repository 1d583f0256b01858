"""Findings: named checks of an account, each with its rows, their monthly cost, and why it matters."""

from typing import Final

from msgspec import Struct, field

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.query import QueryContext, parse

VOLUME_LIMIT: Final = 25


class Thresholds(Struct, frozen=True):
    """Thresholds of the findings."""

    newest: int = 3
    """Number of the newest of each source that are not too many."""
    old_days: int = 365
    stale_days: int = 7
    swollen: float = 3.0


class Finding(Struct, frozen=True):
    """Result of a check: `totals` of its rows, and the number of rows that could not be judged, with the reason.

    `query` selects the rows. `unread` is true when something that the check needs could not be read.
    """

    name: str
    title: str
    why: str
    totals: Totals
    query: str
    unjudged: int = 0
    problem: str = ""
    unread: bool = False

    @property
    def made(self) -> bool:
        """False when none was found and some could not be judged: that is no zero."""
        return not self.unjudged or self.totals.count > 0


class _Check(Struct, frozen=True):
    name: str
    title: str
    why: str
    query: str


class Facts(Struct, frozen=True):
    """Facts that checks look at."""

    snapshots: Snapshots
    matching: RowSet
    context: QueryContext
    thresholds: Thresholds = field(default_factory=Thresholds)


def _checks(thresholds: Thresholds) -> tuple[_Check, ...]:
    newest, days = thresholds.newest, thresholds.old_days
    return (
        _Check("orphans", "source is gone", "nothing makes new ones, and nobody may remember them", "is:orphan"),
        _Check(
            "beyond",
            f"beyond the newest {newest} of their source",
            "older copies of what has newer ones",
            f"nth>{newest}",
        ),
        _Check("old", f"older than {days} days", "rarely restored, paid for every month", f"age>{days}d"),
        _Check(
            "same-day",
            "another of the same source and day is newer",
            "one a day is enough for most",
            "is:same-day",
        ),
        _Check(
            "unknown",
            "of unknown size or age, or damaged",
            "no rule can judge them, and what they cost is not in the sums",
            "size:unknown or age:unknown or is:damaged",
        ),
        _Check("untagged", "without any tag", "no tag says whose they are or whether they may go", "is:untagged"),
        _Check(
            "swollen",
            f"over {thresholds.swollen:g} × the median of their source's others",
            "something grew at once: logs, dumps, a leak",
            f"is:latest growth>{thresholds.swollen:g}",
        ),
        _Check(
            "full",
            f"of volumes with {VOLUME_LIMIT - 1} of at most {VOLUME_LIMIT} snapshots",
            "the next snapshot of these volumes will fail",
            f"type:volume of>={VOLUME_LIMIT - 1}",
        ),
    )


def findings(facts: Facts) -> list[Finding]:
    """Return what every check found among the matching rows, also those that found nothing."""
    return [_finding(check, facts) for check in _checks(facts.thresholds)]


def _finding(check: _Check, facts: Facts) -> Finding:
    found = select(parse(check.query), facts.snapshots, facts.context, facts.matching)
    problem = "; ".join(doubt.cause.text for doubt in found.doubts)
    totals, unjudged = facts.snapshots.sums.of(found.matching), found.unjudged.count
    return Finding(check.name, check.title, check.why, totals, check.query, unjudged, problem, bool(found.unread))
