"""Start-up time: from before the program is executed until something is on the screen.

The first frame is the first output that holds a visible text, to its last byte.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from demo_server import demo_server, round_trip_seconds
from measured import HEADING, Measured
from terminal import environment
from timed import watched

from snaptui.demo.api import DEMO_TOKEN

SNAPSHOTS: Final = 8
"""So few that all of them are the first rows: a frame that shows fewer is not the one."""
ROUNDS: Final = 15
SMALLEST: Final = str(Path(__file__).with_name("smallest.py"))
COMMAND: Final = str(Path(sys.executable).with_name("snaptui"))
"""What is typed: the script that is installed."""


def smallest() -> float:
    """Return the seconds to the first frame of the smallest program."""
    with watched([sys.executable, SMALLEST]) as program:
        return program.until("smallest") - program.started


def snaptui(url: str) -> tuple[float, float]:
    """Return the seconds to the first frame, and from it to that with the first rows."""
    with watched([COMMAND, "--api-url", url], DIGITALOCEAN_TOKEN=DEMO_TOKEN) as program:
        first = program.until("snaptui")
        rows = max(first, program.until(f"1–{SNAPSHOTS} of {SNAPSHOTS}", "nothing marked"))
        return first - program.started, rows - first


def command(*arguments: str) -> float:
    """Return the seconds that a command takes."""
    with TemporaryDirectory() as home:
        variables = environment(Path(home))
        started = time.perf_counter()
        subprocess.run(arguments, env=variables, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started


def medians(*timed: Callable[[], tuple[float, ...]]) -> list[list[float]]:
    """Run each in turn, many times, and return the median of each of its numbers; the first round warms up."""
    rounds = [[one() for one in timed] for _ in range(ROUNDS + 1)][1:]
    return [[statistics.median(numbers) for numbers in zip(*one, strict=True)] for one in zip(*rounds, strict=True)]


def measure() -> list[Measured]:
    """Return the rows of the table."""
    with demo_server(SNAPSHOTS) as server:
        print(f"start_up: {ROUNDS} rounds of frames", file=sys.stderr)
        (first, rows), (other,), (trip,) = medians(
            lambda: snaptui(server.url), lambda: (smallest(),), lambda: (round_trip_seconds(server.url),)
        )
    print(f"start_up: {ROUNDS} rounds of commands", file=sys.stderr)
    (version,), (python,) = medians(
        lambda: (command(COMMAND, "--version"),), lambda: (command(sys.executable, "-c", "pass"),)
    )
    return [
        row("first frame, against the smallest Textual program", first, other, 1.15),
        row("from there to the first rows, in round trips", rows, trip, 1.0),
        row("snaptui --version, against python -c pass", version, python, 4.0),
    ]


def row(what: str, seconds: float, other: float, reach: float) -> Measured:
    """Return a row of the table."""
    return Measured(what, f"{seconds * 1000:,.0f} ms", f"{other * 1000:,.0f} ms", seconds / other, reach)


def main() -> None:
    """Print the table."""
    print("\n".join([HEADING, *(one.row for one in measure())]))


if __name__ == "__main__":
    main()
