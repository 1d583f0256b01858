"""Sets of rows of a list, by their numbers, combined 100,000 at a time."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress
from typing import Final, Literal, Self

_ORDER: Literal["little"] = "little"
_MANY: Final = 16
"""Rows for each member up to which going through all is quicker than searching for the next one."""


class RowSet:
    """An immutable set of row numbers below `size`: a byte of 1 or 0 for each row.

    It is kept as bytes or as one large integer, whichever came first, and turned into the other when asked for:
    combining two of 100,000 rows takes 0.04 ms as integers and 4 ms byte by byte (measured), and looking at one row is
    cheapest in bytes.
    """

    __slots__ = ("_flags", "_number", "size")

    def __init__(self, flags: bytes = b"") -> None:
        self.size = len(flags)
        self._flags: bytes | None = flags
        self._number: int | None = None

    @classmethod
    def everything(cls, size: int) -> Self:
        """Return the set of all rows."""
        return cls._of(_all(size), size)

    @classmethod
    def of(cls, numbers: Iterable[int], size: int) -> Self:
        """Return the set of the rows with these numbers."""
        flags = bytearray(size)
        for number in numbers:
            flags[number] = 1
        return cls(bytes(flags))

    @classmethod
    def _of(cls, number: int, size: int) -> Self:
        new = cls()
        new.size, new._flags, new._number = size, None, number
        return new

    @property
    def flags(self) -> bytes:
        """A byte for each row: 1 for those in the set, 0 for the others."""
        if self._flags is None:
            self._flags = self._as_number.to_bytes(self.size, _ORDER)
        return self._flags

    @property
    def _as_number(self) -> int:
        if self._number is None:
            self._number = int.from_bytes(self.flags, _ORDER)
        return self._number

    @property
    def count(self) -> int:
        """The number of rows in the set."""
        return self.flags.count(1) if self._number is None else self._number.bit_count()

    @property
    def is_everything(self) -> bool:
        """True when all rows are in the set."""
        return self.count == self.size

    def __bool__(self) -> bool:
        return 1 in self.flags if self._number is None else self._number != 0

    def __contains__(self, number: int) -> bool:
        return self.flags[number] == 1

    def __iter__(self) -> Iterator[int]:
        """Yield the row numbers, ascending."""
        if _MANY * self.count > self.size:
            yield from compress(range(self.size), self.flags)
            return
        flags = self.flags
        at = flags.find(1)
        while at >= 0:
            yield at
            at = flags.find(1, at + 1)

    def __and__(self, other: "RowSet") -> "RowSet":
        return RowSet._of(self._as_number & other._as_number, self.size)

    def __or__(self, other: "RowSet") -> "RowSet":
        return RowSet._of(self._as_number | other._as_number, self.size)

    def __sub__(self, other: "RowSet") -> "RowSet":
        return RowSet._of(self._as_number & ~other._as_number, self.size)

    def __invert__(self) -> "RowSet":
        return RowSet._of(self._as_number ^ _all(self.size), self.size)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowSet) and self.flags == other.flags

    def __hash__(self) -> int:
        return hash(self.flags)

    def __repr__(self) -> str:
        return f"RowSet({list(self)} of {self.size})"


@lru_cache(maxsize=4)
def _all(size: int) -> int:
    return int.from_bytes(b"\1" * size, _ORDER)
