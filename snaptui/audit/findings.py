"""Findings: named checks of an account, each with its rows, their monthly cost, and why it matters."""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import eq
from typing import Final

from msgspec import Struct, field

from snaptui.audit.calendar import Calendar, Period
from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.cost import Totals
from snaptui.model.snapshot import VOLUME, Snapshot
from snaptui.query import QueryContext, parse
from snaptui.query.terms import Form, Value

MOST_NAMED: Final = 200
"""So many ids fit a query that a person may still edit."""

VOLUME_LIMIT: Final = 25
_FEWEST_OTHERS: Final = 3


class Thresholds(Struct, frozen=True):
    """From when on something is a finding."""

    newest: int = 3
    """So many of the newest of each source are none too many."""
    old_days: int = 365
    stale_days: int = 7
    swollen: float = 3.0


class Finding(Struct, frozen=True):
    """What a check found: `totals` of its rows, and how many rows could not be judged, and why.

    `query` selects the rows; `named` of them when they are too many to be named in a query.
    """

    name: str
    title: str
    why: str
    totals: Totals
    query: str
    unjudged: int = 0
    problem: str = ""
    named: int | None = None

    @property
    def made(self) -> bool:
        """False when nothing could be judged: its count says nothing then."""
        return not self.unjudged or self.totals.count > 0


class _Check(Struct, frozen=True):
    name: str
    title: str
    why: str
    query: str = ""
    find: Callable[["Facts"], Sequence[int]] | None = None


class Facts(Struct, frozen=True, dict=True):
    """What checks look at."""

    snapshots: Snapshots
    matching: RowSet
    context: QueryContext
    thresholds: Thresholds = field(default_factory=Thresholds)
    histories: Histories | None = None

    def by_source(self) -> Histories:
        """The dated rows of each source, newest first, of the whole list."""
        return self.histories or Histories(
            Scope(self.snapshots, RowSet.everything(len(self.snapshots))), GroupBy.SOURCE, self.context.now
        )


def _same_day(facts: Facts) -> list[int]:
    """Return all but the newest of each day of a source."""
    histories = facts.by_source()
    days = Calendar().numbers(Period.DAILY)(histories.history.moments)
    begins = frozenset(histories.starts)
    again = compress(range(1, len(days)), map(eq, days[1:], days))
    return [histories.numbers[place] for place in again if place not in begins]


def _swollen(facts: Facts) -> list[int]:
    """Return the newest of each source that is several times as large as its others usually are."""
    histories, found = facts.by_source(), list[int]()
    sizes = list(map(facts.snapshots.sums.sizes.__getitem__, histories.numbers))
    for start, stop in histories.spans:
        if stop - start > _FEWEST_OTHERS:
            known = sorted(filter(None, sizes[start + 1 : stop]))
            if known and sizes[start] > facts.thresholds.swollen * _median(known):
                found.append(histories.numbers[start])
    return found


def _median(ordered: Sequence[float]) -> float:
    """Return the middle of values in order, or the mean of the two in the middle."""
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _full_volumes(facts: Facts) -> list[int]:
    """Return the rows of volumes whose next snapshots will fail."""
    histories, found = facts.by_source(), list[int]()
    for start, stop in histories.spans:
        if stop - start >= VOLUME_LIMIT - 1 and histories.rows[start].resource_type == VOLUME:
            found += histories.numbers[start:stop]
    return found


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
            find=_same_day,
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
            find=_swollen,
        ),
        _Check(
            "full",
            f"of volumes with {VOLUME_LIMIT - 1} of at most {VOLUME_LIMIT} snapshots",
            "the next snapshot of these volumes will fail",
            find=_full_volumes,
        ),
    )


def findings(facts: Facts) -> list[Finding]:
    """Return what every check found among the matching rows, also those that found nothing."""
    facts = Facts(facts.snapshots, facts.matching, facts.context, facts.thresholds, facts.by_source())
    return [_finding(check, facts) for check in _checks(facts.thresholds)]


def _finding(check: _Check, facts: Facts) -> Finding:
    if check.find is None:
        return _asked(check, facts)
    found = [number for number in check.find(facts) if facts.matching.flags[number]]
    sizes = facts.snapshots.sums.sizes
    dearest = sorted(found, key=lambda number: -sizes[number])[:MOST_NAMED]
    query = id_query(facts.snapshots.rows[number] for number in dearest)
    totals = facts.snapshots.sums.of(RowSet.of(found, len(facts.snapshots)))
    named = len(dearest) if len(dearest) < len(found) else None
    return Finding(check.name, check.title, check.why, totals, query, *_unplaced(facts), named)


def _asked(check: _Check, facts: Facts) -> Finding:
    selection = select(parse(check.query), facts.snapshots, facts.context)
    matching, unjudged = selection.matching & facts.matching, selection.unjudged & facts.matching
    problem = "; ".join(doubt.cause.text for doubt in selection.doubts) if unjudged else ""
    totals = facts.snapshots.sums.of(matching)
    return Finding(check.name, check.title, check.why, totals, check.query, unjudged.count, problem)


def _unplaced(facts: Facts) -> tuple[int, str]:
    """Return how many of the rows have no date or no source, so that no check of sources can judge them."""
    flags = facts.matching.flags
    unplaced = sum(flags[number] for number in facts.by_source().aside)
    return unplaced, "their source or date is not known" if unplaced else ""


def id_query(rows: Iterable[Snapshot]) -> str:
    """Return the query that selects these rows by their ids; `id:none` for none."""
    ids = [str(Value(row.id, Form.EXACT)) for row in rows]
    return f"id:{','.join(ids)}" if ids else "id:none"
