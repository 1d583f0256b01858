"""Preview of a retention policy on a list: which snapshots it keeps, why, and what it removes, by group."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate, compress
from operator import mul, neg, not_

from msgspec import Struct

from snaptui.audit.calendar import Calendar
from snaptui.audit.dimensions import READINGS, Dimension
from snaptui.audit.histories import TAGS_UNKNOWN, GroupBy, Histories
from snaptui.audit.policy import Policy
from snaptui.audit.retention import Reasons, Rules
from snaptui.inventory.chosen import Chosen
from snaptui.inventory.row_set import RowSet
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext


class GroupOutcome(Struct, frozen=True):
    """Outcome of a policy for one group: what stays, what goes, and the cost of that in US cents a month."""

    label: str
    stays: Sequence[Snapshot]
    goes: Sequence[Snapshot]
    cents: int


class Judged(Struct, frozen=True):
    """One snapshot of a preview: its group's label, and why it is kept; without reasons it is removed.

    `spared` is true when it is kept whatever the policy counts, `group` empty for what stands aside.
    """

    snapshot: Snapshot
    group: str
    reasons: Reasons
    spared: bool = False

    @property
    def kept(self) -> bool:
        """True when it stays."""
        return bool(self.reasons)


class Preview:
    """A policy applied to histories; `refusal` says why a snapshot may never be deleted, whatever the policy says.

    `refusable` are the rows that it has to be asked about, all by default.

    `untold_count` is the number of those that only their unknown tags keep from being judged by the policy.

    Rows are in the order shown: the group that saves most first, each newest first, and at the end what stands aside.
    """

    def __init__(
        self,
        histories: Histories,
        policy: Policy,
        context: QueryContext,
        *,
        refusal: Callable[[Snapshot], str | None],
        refusable: RowSet | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        self.policy, self.histories = policy, histories
        self._context, self._refusal = context, refusal
        self._rules = Rules(policy, calendar or Calendar())
        self._bits = self._rules.judge(histories.history)
        self._goes = bytearray(map(not_, self._bits))
        self.untold_count = sum(reason == TAGS_UNKNOWN for reason in histories.aside.values())
        self._spare(refusable)
        snapshots, numbers = histories.scope.snapshots, histories.numbers
        costs = list(accumulate(map(mul, map(snapshots.sums.cents.__getitem__, numbers), self._goes), initial=0))
        self._cents = [costs[stop] - costs[start] for start, stop in histories.spans]
        self.cents = costs[-1]
        self.gigabytes = sum(compress(map(snapshots.sums.sizes.__getitem__, numbers), self._goes))
        self.removed_count = self._goes.count(1)

    def _spare(self, refusable: RowSet | None) -> None:
        """Keep what may not be deleted, whatever the policy counts."""
        rows, numbers = self.histories.rows, self.histories.numbers
        goes = list(compress(range(len(numbers)), self._goes))
        if refusable is not None:
            if self.policy.tags:
                refusable = refusable | self.histories.scope.snapshots.indexes.lacking("tags")
            doubtful = refusable.flags
            goes = [place for place in goes if doubtful[numbers[place]]]
        for place in goes:
            if reason := self._spared(rows[place]):
                self._goes[place] = 0
                self.untold_count += reason == TAGS_UNKNOWN

    def _spared(self, row: Snapshot) -> str | None:
        """Return why a row is kept whatever the policy counts."""
        if self.policy.tags and row.tags is None:
            return TAGS_UNKNOWN
        return self._refusal(row)

    @cached_property
    def removed(self) -> list[Snapshot]:
        """The snapshots that are removed, in the order shown."""
        return [self.histories.rows[place] for place in self._shown if self._goes[place]]

    @property
    def chosen(self) -> Chosen:
        """The rows that are removed, in the list that was looked at."""
        snapshots = self.histories.scope.snapshots
        return Chosen(snapshots, RowSet.of(compress(self.histories.numbers, self._goes), len(snapshots)))

    @property
    def kept_count(self) -> int:
        """The number of snapshots that stay, those that stand aside included."""
        return len(self) - self.removed_count

    @property
    def group_count(self) -> int:
        """The number of groups."""
        return len(self.histories.spans)

    @property
    def groups_of_one(self) -> int:
        """The number of groups with a single snapshot, which every policy that counts keeps."""
        return self.histories.groups_of_one

    def __len__(self) -> int:
        return len(self._goes) + len(self.histories.aside)

    @cached_property
    def _order(self) -> list[int]:
        """The groups, the one that saves most first, then the one with the newest snapshot."""
        starts, rows, moments = self.histories.starts[:-1], self.histories.rows, self.histories.history.moments
        newest = (-moments[start] for start in starts)
        keys = list(zip(map(neg, self._cents), newest, (rows[start].id for start in starts), strict=True))
        return sorted(range(len(keys)), key=keys.__getitem__)

    @cached_property
    def _shown(self) -> "array[int]":
        shown = array("i")
        for group in self._order:
            shown.extend(range(*self.histories.spans[group]))
        return shown

    def slice(self, start: int, stop: int) -> list[Judged]:
        """Return what becomes of the rows at positions `start` up to but not including `stop`."""
        judged = [self._judged(place) for place in self._shown[start:stop]]
        beyond = len(self._shown)
        aside = list(self.histories.aside.items())[max(0, start - beyond) : max(0, stop - beyond)]
        rows = self.histories.scope.snapshots.rows
        return [*judged, *(Judged(rows[number], "", (reason,), spared=True) for number, reason in aside)]

    def _judged(self, place: int) -> Judged:
        row, group = self.histories.rows[place], self.label(bisect_right(self.histories.starts, place) - 1)
        if self._goes[place]:
            return Judged(row, group, ())
        reasons, spared = self._rules.reasons(self._bits[place]), self._spared(row)
        return Judged(row, group, (*reasons, spared), spared=True) if spared else Judged(row, group, reasons)

    def outcomes(self) -> list[GroupOutcome]:
        """Return what becomes of each group that loses something, the one that saves most first."""
        rows, found = self.histories.rows, []
        for group in self._order:
            start, stop = self.histories.spans[group]
            goes = self._goes[start:stop]
            if 1 in goes:
                members = rows.between(start, stop)
                stays = list(compress(members, map(not_, goes)))
                found.append(GroupOutcome(self.label(group), stays, list(compress(members, goes)), self._cents[group]))
        return found

    def label(self, group: int) -> str:
        """Return what a group is called, in the API's own letters."""
        sample, by = self.histories.rows[self.histories.spans[group][0]], self.histories.by
        if by is GroupBy.TAG:
            return ", ".join(sorted(set(sample.tags or ()))) or "untagged"
        if by is GroupBy.NONE:
            return "all"
        dimension = Dimension.SOURCE if by is GroupBy.SOURCE else Dimension.FAMILY
        key = READINGS[dimension].buckets((sample,), self._context)[0]
        return READINGS[dimension].naming(key, sample, self._context).label
