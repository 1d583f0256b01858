"""Which rows of a list are meant: one byte for each, 1 or 0."""

from collections.abc import Iterable
from typing import Literal

_ORDER: Literal["little"] = "little"


def everything(count: int) -> bytes:
    """Select every row."""
    return b"\1" * count


def both(one: bytes, other: bytes) -> bytes:
    """Select what both select."""
    return (int.from_bytes(one, _ORDER) & int.from_bytes(other, _ORDER)).to_bytes(len(one), _ORDER)


def either(one: bytes, other: bytes) -> bytes:
    """Select what one of them selects."""
    return (int.from_bytes(one, _ORDER) | int.from_bytes(other, _ORDER)).to_bytes(len(one), _ORDER)


def inverse(one: bytes) -> bytes:
    """Select what is not selected."""
    return one.translate(b"\1\0" + bytes(254))


def selecting(numbers: Iterable[int], count: int) -> bytearray:
    """Select the rows with these numbers."""
    selected = bytearray(count)
    for number in numbers:
        selected[number] = 1
    return selected


def numbers_in(selected: bytes) -> list[int]:
    """Return the numbers of the selected rows, ascending."""
    numbers: list[int] = []
    at = selected.find(1)
    while at >= 0:
        numbers.append(at)
        at = selected.find(1, at + 1)
    return numbers
