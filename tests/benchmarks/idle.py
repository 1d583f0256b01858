"""Bytes that are sent to the terminal while nothing happens."""

import time
from typing import Final

from keys import press
from loaded import loaded
from measured import HEADING, Measured
from terminal import Process

SNAPSHOTS: Final = (100, 100_000)
SECONDS: Final = 3.0


def sent(process: Process, seconds: float) -> int:
    """Return how many bytes come within so many seconds."""
    total, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        total += process.read(left)
    return total


def measure() -> list[Measured]:
    """Look at the table, and at the filter with the cursor in it."""
    found: list[Measured] = []
    for snapshots in SNAPSHOTS:
        process = loaded(snapshots).process
        for where, key in (("the table", ""), ("the filter", "/")):
            if key:
                press(process, key)
            count = sent(process, SECONDS)
            what = f"bytes in {SECONDS:g} s with nothing happening in {where}, {snapshots:,} snapshots"
            found.append(Measured(what, f"{count:,}", "", count, 0))
        press(process, "\r")
    return found


if __name__ == "__main__":
    print(HEADING)
    for one in measure():
        print(one.row)
