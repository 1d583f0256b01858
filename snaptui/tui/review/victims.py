"""Victims of a review as lines, written only as they come in sight: a plan may hold 100,000."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice
from typing import Final, overload

from snaptui.model.snapshot import Snapshot
from snaptui.text.columns import Layout
from snaptui.text.lines import Line, Piece, line, wrapped
from snaptui.tui.review.words import Review

WARNING_INDENT: Final = 4


class VictimLines(Sequence[Line]):
    """A line for every victim of a review, those with warnings first, and lines of `width` cells for every warning."""

    def __init__(self, review: Review, width: int) -> None:
        self.width = width
        self._review, self._layout = review, Layout.of(width)
        warnings = review.warnings
        self._ordered = sorted(review.plan.items, key=lambda row: row.id not in warnings)
        warned = islice(self._ordered, len(warnings))
        heights = (1 + self._height(warnings.get(row.id, ())) for row in warned)
        self._starts = list(accumulate(heights, initial=0))
        """The lines at which those with warnings begin; after the last of them each victim has one line."""

    @property
    def _room(self) -> int:
        return self.width - WARNING_INDENT

    def _height(self, texts: Iterable[str]) -> int:
        room = self._room
        return sum(1 if text.isascii() and len(text) <= room else len(_warning(text, room)) for text in texts)

    def __len__(self) -> int:
        return self._starts[-1] + len(self._ordered) - (len(self._starts) - 1)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | Sequence[Line]:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return list(islice(self._from(start), max(0, stop - start)))
        return next(self._from(range(len(self))[place]))

    def __iter__(self) -> Iterator[Line]:
        return self._from(0)

    def _from(self, start: int) -> Iterator[Line]:
        """Yield the lines from one on."""
        beyond = start - self._starts[-1]
        if beyond >= 0:
            first, skipped = len(self._starts) - 1 + beyond, 0
        else:
            first = bisect_right(self._starts, start) - 1
            skipped = start - self._starts[first]
        lines = (
            each
            for row in map(self._ordered.__getitem__, range(first, len(self._ordered)))
            for each in self._lines_of(row)
        )
        return islice(lines, skipped, None)

    def _lines_of(self, row: Snapshot) -> Iterator[Line]:
        warned = self._review.warnings.get(row.id, ())
        yield line(Piece("! " if warned else "  ", "warn"), self._layout.row(row, self._review.terms))
        for text in warned:
            yield from ((Piece(" " * WARNING_INDENT), *part) for part in _warning(text, self._room))


def _warning(text: str, room: int) -> list[Line]:
    return wrapped(line(Piece(text, "warn")), room)
