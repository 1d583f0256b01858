"""Snapshots of the same source, newest first."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from snaptui.inventory.groups import placed
from snaptui.model.snapshot import Snapshot


class Siblings:
    """The dated rows of known sources, side by side by source: found by bisection, each source's newest first."""

    def __init__(self, rows: Sequence[Snapshot], count: int) -> None:
        self._all = rows
        codes: dict[str, dict[str, int]] = {}
        sizes = array("i")
        of_row = array("i", [-1]) * count
        for number in range(count):
            row = rows[number]
            if row.created is None or row.resource_id is None:
                continue
            of_type = codes.get(row.resource_type)
            if of_type is None:
                of_type = codes[row.resource_type] = {}
            code = of_type.setdefault(row.resource_id, len(sizes))
            if code == len(sizes):
                sizes.append(0)
            sizes[code] += 1
            of_row[number] = code
        order = [of_type[source] for _, of_type in sorted(codes.items()) for source in sorted(of_type)]
        dated = (number for number in range(count) if of_row[number] >= 0)
        self._starts = array("i", accumulate((sizes[code] for code in order), initial=0))
        rows_by_source = placed(dated, of_row, dict(zip(order, self._starts, strict=False)))
        self._rows = rows_by_source[: self._starts[-1]]
        self._put_newest_first()

    def _put_newest_first(self) -> None:
        rows, numbers = self._all, self._rows
        for start, stop in pairwise(self._starts):
            if stop - start > 1:
                some = numbers[start:stop]
                moments = [rows[number].created or 0.0 for number in some]
                if len(set(moments)) < len(moments):
                    some = array("i", sorted(some, key=lambda number: rows[number].id))
                    moments = [rows[number].created or 0.0 for number in some]
                places = sorted(range(len(some)), key=moments.__getitem__, reverse=True)
                numbers[start:stop] = array("i", map(some.__getitem__, places))

    def newest(self) -> Iterator[int]:
        """The number of the newest row of each source."""
        return (self._rows[start] for start in self._starts[:-1])

    def numbers_of(self, snapshot: Snapshot) -> "array[int]":
        """Return the numbers of the rows of a snapshot's source, newest first."""
        if snapshot.resource_id is None:
            return array("i")
        wanted = (snapshot.resource_type, snapshot.resource_id)
        group = bisect_left(range(len(self._starts) - 1), wanted, key=self._source_of)
        if group == len(self._starts) - 1 or self._source_of(group) != wanted:
            return array("i")
        return self._rows[self._starts[group] : self._starts[group + 1]]

    def _source_of(self, group: int) -> tuple[str, str]:
        row = self._all[self._rows[self._starts[group]]]
        return row.resource_type, row.resource_id or ""
