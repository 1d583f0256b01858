"""Text index: the folded fields of 1,024 rows in one string, searched as one, or row by row where that is quicker."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain, compress, islice, repeat
from operator import contains
from typing import Final

from snaptui.query.patterns import Needle, Test
from snaptui.query.terms import Value

_CHUNK: Final = 1_024
"""Rows to a text: one emoji makes every letter of its own text four bytes wide, and of no other."""

_MANY: Final = _CHUNK // 4
"""Matches from which on it costs less to ask each row."""

_MANY_TO_FIT: Final = _CHUNK // 16
"""Places of needles from which on it costs less to try a pattern on each row."""

_ROW: Final = "\n"
_FIELD: Final = "\x1f"
_STAND_IN: Final = "\0"
_SEPARATORS: Final = str.maketrans({_ROW: _STAND_IN, _FIELD: _STAND_IN})
_NONE: Final = bytes(_CHUNK)


Originals = Callable[[int, int], Iterable[str]]
"""Returns the texts of the rows from one number up to but not including another as they are, not folded."""


class Texts:
    """Text index over the folded fields of rows; no match reaches from one field into another.

    They only ever grow at their end: a search on another thread finds at least what was there when it began.
    """

    def __init__(self, rows: Iterable[Sequence[str]] = ()) -> None:
        self._chunks: list[str] = []
        self._same: list[bool] = []
        """For each text whether it stands for its fields as they are, but for capital letters."""

        self._count = 0
        self.extend(rows)

    def extend(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows, given by their fields."""
        left = iter(rows)
        while some := list(islice(left, _CHUNK - self._count % _CHUNK)):
            text = _text_of(some)
            same, folded = text.isascii() and _STAND_IN not in text, text.casefold()
            if self._count % _CHUNK:
                self._same[-1] &= same
                self._chunks[-1] += _ROW + folded
            else:
                self._same.append(same)
                self._chunks.append(folded)
            self._count += len(some)

    @staticmethod
    def can_hold(needle: str) -> bool:
        """Return whether a folded text can be searched for: one with the index's own separators cannot."""
        return not any(separator in needle for separator in (_ROW, _FIELD, _STAND_IN))

    def having(self, needle: str, count: int) -> bytes:
        """Return one byte for each of the first `count` rows: 1 where a field has the folded `needle` in it."""
        found = bytearray()
        often = False
        for text in self._chunks:
            if often:
                part = bytes(map(contains, text.split(_ROW), repeat(needle)))
                often = part.count(1) > _MANY
            else:
                starts = list(_places(needle, text))
                part = bytes(_rows_at(starts, text)) if starts else _NONE
                often = len(starts) > _MANY
            found += part
        return bytes(found[:count])

    def fitting(self, value: Value, fits: Callable[[str], object], count: int, originals: Originals) -> bytes:
        """Return one byte for each of the first `count` rows of one field: 1 where a pattern or whole word `fits`.

        Only texts of ASCII letters stand for the rows as they are; the others are asked for.
        """
        found = bytearray()
        needles = value.needles if all(self.can_hold(needle.text) for needle in value.needles) else ()
        for text, same in zip(self._chunks, self._same, strict=False):
            if same and value.ignores_case:
                part = _fitting(text, value.finds_folded, needles)
                # Where many rows have the letters, looking for these first would only cost more.
                needles = needles if part is not None else ()
                found += _all_fitting(text, value.finds_folded) if part is None else part
            else:
                first = len(found)
                found += bytes(map(bool, map(fits, originals(first, min(count, first + _CHUNK)))))
            if len(found) >= count:
                break
        return bytes(found[:count])


def _fitting(text: str, fits: Test, needles: Sequence[Needle]) -> bytes | None:
    """Return the rows of a folded ASCII text that fit, of those with one of the needles; `None` if these are many."""
    starts = sorted(islice(chain.from_iterable(_places_of(needle, text) for needle in needles), _MANY_TO_FIT + 1))
    if not needles or len(starts) > _MANY_TO_FIT:
        return None
    if not starts:
        return _NONE
    rows, lines = _rows_at(starts, text), text.split(_ROW)
    for number in list(compress(range(_CHUNK), rows)):
        rows[number] = bool(fits(lines[number]))
    return bytes(rows)


def _all_fitting(text: str, fits: Test) -> bytes:
    return bytes(map(bool, map(fits, text.split(_ROW))))


def _places(needle: str, text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(re.escape(needle), text))


def _places_of(needle: Needle, text: str) -> Iterator[int]:
    # A row's beginning is found by the separator before it, so that the place is one less: where the row begins.
    return _places(_ROW + needle.text, _ROW + text) if needle.first else _places(needle.text, text)


def _text_of(rows: Sequence[Sequence[str]]) -> str:
    text = _ROW.join(map(_FIELD.join, rows))
    if text.count(_ROW) + text.count(_FIELD) != sum(max(1, len(fields)) for fields in rows) - 1:
        text = _ROW.join(_FIELD.join([field.translate(_SEPARATORS) for field in fields]) for fields in rows)
    return text


def _rows_at(starts: Sequence[int], text: str) -> bytearray:
    """Return the rows in whose part of a text the given places lie; meant for few of them."""
    rows = bytearray(_CHUNK)
    for row in accumulate(map(text.count, repeat(_ROW), [0, *starts], starts)):
        rows[row] = 1
    return rows
