"""Time of a key: from writing it to the terminal until the last byte of what comes of it has arrived."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Final

from loaded import loaded
from measured import HEADING, Measured
from terminal import Process

FEW: Final = 100
MANY: Final = 100_000
PRESSES: Final = 60
PAGES_OF_FEW: Final = 3
REFUSED: Final = "refused"  # what is protected: the cursor stays
QUIET_SECONDS: Final = 0.08
LONG_QUIET_SECONDS: Final = 0.4  # a typed letter can show long before the rows that match
PATIENCE_SECONDS: Final = 5.0
QUERIES: Final = ("web", "db-1", "-web", "nyc1 api", "size>20GB", "age>90d", "tag:env:prod", "region:fra1", "/^db-/")
ASKING: Final = ("state:gone", "source:db", "id:6*", "{web,db}-*", "month:2024*", "name:=web-1")
"""Queries that ask about sources, ids, or patterns."""
COLUMNS: Final = 7
RATIO_REACH: Final = 1.3


@dataclass(frozen=True)
class Kind:
    """A kind of key, and within how many milliseconds its answer should be there: half the time, and nearly always."""

    what: str
    median_ms: float
    p99_ms: float
    by_rows: bool
    """Whether it may take longer with more snapshots."""


DOWN: Final = Kind("down", 8, 16, False)
PAGE: Final = Kind("page down", 8, 16, True)
BACK: Final = Kind("page down and up", 8, 16, False)
MARK: Final = Kind("mark", 8, 16, False)
FILTER: Final = Kind("a key in the filter", 16, 33, True)
BACKSPACE: Final = Kind("a letter of the filter taken back", 16, 33, True)
SORT: Final = Kind("sort by a column first time", 50, 50, True)
SORT_AGAIN: Final = Kind("sort by a column again", 16, 16, True)
Times = dict[Kind, list[float]]


def press(process: Process, key: str, quiet_seconds: float = QUIET_SECONDS) -> float:
    """Type a key and return the milliseconds until the last byte of what comes of it."""
    started = time.perf_counter()
    process.send(key)
    while not process.read(quiet_seconds):
        assert time.perf_counter() < started + PATIENCE_SECONDS, f"{key!r} does nothing:\n{process.text}"
    while process.read(quiet_seconds):
        pass
    return (process.last_arrival - started) * 1000


def typed(process: Process) -> Iterator[tuple[Kind, float]]:
    """Type queries into the filter, each letter for itself, and take them back."""
    press(process, "/")
    for query in QUERIES + ASKING:
        for letter in query:
            yield FILTER, press(process, letter, LONG_QUIET_SECONDS)
        for _ in query:
            yield BACKSPACE, press(process, "\x7f", LONG_QUIET_SECONDS)
    press(process, "\r")


def reordered(process: Process) -> Iterator[tuple[Kind, float]]:
    """Sort by every column but the one sorted by, then by all of them again."""
    for _ in range(COLUMNS - 1):
        yield SORT, press(process, "o")
    for _ in range(COLUMNS * 2):
        yield SORT_AGAIN, press(process, "o")
    press(process, "o")


def all_presses(process: Process, snapshots: int) -> Iterator[tuple[Kind, float]]:
    """Press all keys, sorting first, while no column has been sorted by; each kind but the last begins at the top."""
    yield from reordered(process)
    forwards = PAGES_OF_FEW if snapshots == FEW else PRESSES
    for kind, keys in (
        (DOWN, "j" * PRESSES),
        (BACK, "]]][[[" * (PRESSES // 6)),
        (MARK, " " * PRESSES),
        (PAGE, "]" * forwards),
    ):
        for key in keys:
            yield kind, press(process, key)
            if REFUSED in process.text:
                press(process, "j")
        if kind is not BACK:
            press(process, "g")
    press(process, "U")
    yield from typed(process)


def times(snapshots: int) -> Times:
    """Return the milliseconds of every press, by kind."""
    found: Times = {}
    for kind, milliseconds in all_presses(loaded(snapshots).process, snapshots):
        found.setdefault(kind, []).append(milliseconds)
    return found


def p99(of: Iterable[float]) -> float:
    """Return what one in a hundred exceeds: of a hundred or fewer, the longest."""
    arranged = sorted(of)
    return arranged[min(len(arranged) - 1, int(len(arranged) * 0.99))]


def rows(kind: Kind, many: list[float], few: list[float]) -> Iterator[Measured]:
    """Return what was found for one kind of key."""
    for name, figure, reach in (("median", median, kind.median_ms), ("p99", p99, kind.p99_ms)):
        with_many, with_few = figure(many), figure(few)
        yield Measured(
            f"ms, {kind.what}, {name} of {len(many)}, {MANY:,} snapshots",
            f"{with_many:.1f}",
            f"{FEW:,} snapshots: {with_few:.1f}",
            with_many,
            reach,
        )
    if not kind.by_rows:
        ratio = median(many) / median(few)
        yield Measured(
            f"{kind.what}, {MANY:,} against {FEW:,}", f"{median(many):.1f}", f"{median(few):.1f}", ratio, RATIO_REACH
        )


def measure() -> list[Measured]:
    """Press all keys with many snapshots and with few."""
    few, many = times(FEW), times(MANY)
    return [row for kind in many for row in rows(kind, many[kind], few[kind])]


if __name__ == "__main__":
    print(HEADING)
    for one in measure():
        print(one.row)
