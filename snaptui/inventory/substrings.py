"""Substring index: the folded fields of 1,024 rows in one string, searched with one regular expression."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice, repeat
from operator import contains
from typing import Final

_CHUNK: Final = 1_024
"""Rows to a text: one emoji makes every letter of its own text four bytes wide, and of no other."""

_OFTEN: Final = 4
"""Where one in so many rows has what is looked for, it costs less to ask each."""

_ROW: Final = "\n"
_FIELD: Final = "\x1f"
_STAND_IN: Final = "\0"
_SEPARATORS: Final = str.maketrans({_ROW: _STAND_IN, _FIELD: _STAND_IN})
_NONE: Final = bytes(_CHUNK)
_ALL: Final = b"\1" * _CHUNK


class Texts:
    """Substring index over the folded fields of rows; no match reaches from one field into another.

    They only ever grow at their end: a search on another thread finds at least what was there when it began.
    """

    def __init__(self, rows: Iterable[Sequence[str]] = ()) -> None:
        self._chunks: list[str] = []
        self._count = 0
        self.extend(rows)

    def extend(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows, given by their fields."""
        left = iter(rows)
        while some := list(islice(left, _CHUNK - self._count % _CHUNK)):
            text = _text_of(some)
            if self._count % _CHUNK:
                self._chunks[-1] += _ROW + text
            else:
                self._chunks.append(text)
            self._count += len(some)

    @staticmethod
    def can_hold(needle: str) -> bool:
        """Return whether a folded text can be searched for: one with the index's own separators cannot."""
        return not any(separator in needle for separator in (_ROW, _FIELD, _STAND_IN))

    def having(self, needle: str, count: int, *, unsure: bool = False) -> bytes:
        """Return one byte for each of the first `count` rows: 1 where a field has the folded `needle` in it.

        When `unsure`, all those are 1, too, that are in a text with other letters than those of ASCII.
        """
        found = bytearray()
        pattern = re.compile(re.escape(needle))
        often = False
        for text in self._chunks:
            if unsure and not text.isascii():
                part: bytes = _ALL
            elif often:
                part = bytes(map(contains, text.split(_ROW), repeat(needle)))
                often = _OFTEN * part.count(1) > _CHUNK
            else:
                starts = [match.start() for match in pattern.finditer(text)]
                part = _rows_at(starts, text) if starts else _NONE
                often = _OFTEN * len(starts) > _CHUNK
            found += part
        return bytes(found[:count])


def _text_of(rows: Sequence[Sequence[str]]) -> str:
    text = _ROW.join(map(_FIELD.join, rows))
    if text.count(_ROW) + text.count(_FIELD) != sum(max(1, len(fields)) for fields in rows) - 1:
        text = _ROW.join(_FIELD.join([field.translate(_SEPARATORS) for field in fields]) for fields in rows)
    return text.casefold()


def _rows_at(starts: Sequence[int], text: str) -> bytes:
    """Return the rows in whose part of a text the given places lie; meant for few of them."""
    rows = bytearray(_CHUNK)
    for row in accumulate(map(text.count, repeat(_ROW), [0, *starts], starts)):
        rows[row] = 1
    return bytes(rows)
