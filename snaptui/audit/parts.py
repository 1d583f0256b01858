"""Parts of a list by one dimension: row numbers side by side, those of one bucket together."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import accumulate, compress
from operator import lt
from typing import Final

from msgspec import Struct

from snaptui.audit.calendar import Calendar, Period
from snaptui.audit.dimensions import AGE_BANDS, Dimension
from snaptui.inventory.orders import SortKey
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.value_groups import placed


class Parts(Struct, frozen=True):
    """Row numbers part by part: part `n` is called `keys[n]` and goes from `starts[n]` up to `starts[n + 1]`."""

    keys: Sequence[Hashable]
    numbers: Sequence[int]
    starts: Sequence[int]

    def narrowed(self, selected: RowSet) -> "Parts":
        """Return the parts that selected rows are in, with these rows only."""
        if selected.is_everything:
            return self._without_empty_ones()
        kept = bytes(map(selected.flags.__getitem__, self.numbers))
        places = list(accumulate(kept, initial=0))
        starts = list(map(places.__getitem__, self.starts))
        return Parts(self.keys, list(compress(self.numbers, kept)), starts)._without_empty_ones()

    def _without_empty_ones(self) -> "Parts":
        starts = self.starts
        filled = bytes(map(lt, starts, starts[1:]))
        if 0 not in filled:
            return self
        return Parts(list(compress(self.keys, filled)), self.numbers, [*compress(starts, filled), len(self.numbers)])


def parts_of(snapshots: Snapshots, dimension: Dimension, now: float) -> Parts:
    """Return all rows of a list by a dimension; ages are counted to `now` (Unix seconds).

    By region and by tag a part has the same words, by state of the source it has the same source.
    """
    return _MAKERS[dimension](snapshots, now)


def _by_source(snapshots: Snapshots, _now: float) -> Parts:
    by_source = snapshots.places.by_source
    known = Parts(range(len(by_source.starts) - 1), by_source.numbers, by_source.starts)
    nowhere = list(~by_source.grouped)
    if not nowhere:
        return known
    apart = _coded(nowhere, [snapshots.rows[number].resource_type for number in nowhere])
    starts = [*known.starts, *(start + known.starts[-1] for start in apart.starts[1:])]
    return Parts([*known.keys, *apart.keys], [*known.numbers, *apart.numbers], starts)


def _by_family(snapshots: Snapshots, _now: float) -> Parts:
    return _coded(range(len(snapshots)), snapshots.places.families)


def _coded(numbers: Sequence[int], keys: Iterable[Hashable]) -> Parts:
    """Return rows by their keys, in the order in which these come first."""
    codes: dict[Hashable, int] = {}
    of_place = array("i", [codes.setdefault(key, len(codes)) for key in keys])
    sizes = Counter(of_place)
    starts = list(accumulate(map(sizes.__getitem__, range(len(codes))), initial=0))
    places = placed(range(len(of_place)), of_place, starts)
    return Parts(list(codes), list(map(numbers.__getitem__, places)), starts)


def _by_words(key: SortKey) -> Callable[[Snapshots, float], Parts]:
    def made(snapshots: Snapshots, _now: float) -> Parts:
        groups = snapshots.indexes.groups(key)
        return Parts(groups.words, groups.rows, groups.starts)

    return made


def _by_type(snapshots: Snapshots, now: float) -> Parts:
    parts = _by_words(SortKey.TYPE)(snapshots, now)
    words = snapshots.indexes.groups(SortKey.TYPE).words
    return Parts([word[0] if word else "" for word in words], parts.numbers, parts.starts)


def _by_age(snapshots: Snapshots, now: float) -> Parts:
    ordering, moments = snapshots.indexes.ordering(SortKey.AGE), snapshots.indexes.moments
    order = ordering.rows(descending=False)
    limits = [limit for limit, *_ in AGE_BANDS[:-1]]
    stops = [bisect_left(order, limit, hi=ordering.known, key=lambda number: now - moments[number]) for limit in limits]
    return Parts([*range(len(AGE_BANDS)), None], order, [0, *stops, ordering.known, len(order)])


def _by_month(snapshots: Snapshots, _now: float) -> Parts:
    ordering, moments = snapshots.indexes.ordering(SortKey.AGE), snapshots.indexes.moments
    order, calendar = ordering.rows(descending=False), Calendar()

    def month_of(number: int) -> float:
        return calendar.numbers(Period.MONTHLY, (moments[number],))[0]

    keys: list[Hashable] = []
    starts = [0]
    while starts[-1] < ordering.known:
        month = month_of(order[starts[-1]])
        keys.append(month)
        # The newest come first: months that come after are smaller.
        end = bisect_right(order, -month, lo=starts[-1], hi=ordering.known, key=lambda number: -month_of(number))
        starts.append(end)
    return Parts([*keys, None], order, [*starts, len(order)])


_MAKERS: Final[dict[Dimension, Callable[[Snapshots, float], Parts]]] = {
    Dimension.FAMILY: _by_family,
    Dimension.SOURCE: _by_source,
    Dimension.REGION: _by_words(SortKey.REGIONS),
    Dimension.TYPE: _by_type,
    Dimension.TAG: _by_words(SortKey.TAGS),
    Dimension.AGE: _by_age,
    Dimension.MONTH: _by_month,
    Dimension.STATE: _by_source,
}
