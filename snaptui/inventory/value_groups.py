"""Group index: the rows that have the same tags, regions or type, so that a term judges each group once."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, pairwise

from snaptui.inventory.row_set import RowSet
from snaptui.inventory.substrings import Texts

Words = tuple[str, ...]


class Groups:
    """Row numbers grouped by their words: the groups in order of these, in each the rows as they are in `base`.

    `words` are those of each group, `known` counts the rows that have words to sort by, and `sorted` is false when two
    groups cannot be told apart by the text of their words.
    """

    def __init__(self, base: Sequence[int], values: Iterable[Words | None]) -> None:
        codes: dict[Words | None, int] = {}
        of_row = array("i", [codes.setdefault(value, len(codes)) for value in values])
        values = list(codes)
        texts = [" ".join(value or ()) for value in values]
        order = sorted(range(len(texts)), key=lambda code: (not texts[code], texts[code]))
        sizes = Counter(of_row)
        self.words = [values[code] for code in order]
        self.known = sum(sizes[code] for code in order if texts[code])
        self.sorted = len(set(texts)) == len(texts)
        self.starts = array("i", accumulate((sizes[code] for code in order), initial=0))
        begins = dict(zip(order, self.starts, strict=False))
        self.rows = placed(base, of_row, map(begins.__getitem__, range(len(order))))
        self._texts = Texts(words or () for words in self.words)

    def having(self, needle: str) -> RowSet:
        """Return the rows that have a folded text in one of their words."""
        return self.selected(self._texts.having(needle, len(self.words)))

    def selected(self, wanted: Sequence[int]) -> RowSet:
        """Return the rows of the wanted groups, given by 1 or 0 for each group."""
        spans = list(compress(pairwise(self.starts), wanted))
        size = len(self.rows)
        # Rows are set one by one: those wanted, or the others where these are fewer.
        if 2 * sum(stop - start for start, stop in spans) <= size:
            return RowSet.of((row for start, stop in spans for row in self.rows[start:stop]), size)
        others = compress(pairwise(self.starts), [not one for one in wanted])
        return ~RowSet.of((row for start, stop in others for row in self.rows[start:stop]), size)


def placed(base: Iterable[int], of_row: Sequence[int], starts: Iterable[int]) -> "array[int]":
    """Return the rows of `base` group by group, given the group of each row, and where each group begins."""
    free = list(starts)
    rows = array("i", bytes(4 * len(of_row)))
    for row in base:
        group = of_row[row]
        place = free[group]
        rows[place] = row
        free[group] = place + 1
    return rows
