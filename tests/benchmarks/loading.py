"""Time until 10,000 snapshots are there, 50 ms away, against doctl's way of asking and a loop with pydo.

Every load has a process and a server of its own, as a second one would meet the rate limit and warm caches.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo_server import demo_server, round_trip_seconds
from loaders import WAYS, Loading
from measured import HEADING, Measured
from terminal import environment

SNAPSHOTS: Final = 10_000
ROUNDS: Final = 7


@dataclass(frozen=True)
class Run:
    """One load, how far away the server was, and what the load cost it."""

    loading: Loading
    trip: float
    server_cpu: float


def run(way: str) -> Run:
    """Load once."""
    with demo_server(SNAPSHOTS) as server, tempfile.TemporaryDirectory() as home:
        trip = round_trip_seconds(server.url)
        before = server.cpu_seconds
        command = [sys.executable, str(Path(__file__).with_name("loaders.py")), way, server.url]
        done = subprocess.run(command, stdout=subprocess.PIPE, env=environment(Path(home)), check=True)
        loading = Loading(**json.loads(done.stdout))
        assert loading.rows == SNAPSHOTS, f"{way}: {loading}"
        return Run(loading, trip, server.cpu_seconds - before)


def rounds() -> dict[str, list[Run]]:
    """Load in every way, in turn."""
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    for number in range(ROUNDS):
        print(f"loading: round {number + 1} of {ROUNDS}", file=sys.stderr)
        for way, done in runs.items():
            done.append(run(way))
    return runs


def median(runs: list[Run], value: Callable[[Run], float]) -> float:
    """Return the middle one."""
    return statistics.median(map(value, runs))


def explain(runs: dict[str, list[Run]]) -> None:
    """Say where the time of each way went, and whether the server was what it waited for."""
    for way, done in runs.items():
        times = {
            "first rows": median(done, lambda run: run.loading.first),
            "all": median(done, lambda run: run.loading.last),
            "own processor time": median(done, lambda run: run.loading.cpu),
            "server's": median(done, lambda run: run.server_cpu),
        }
        said = ", ".join(f"{name} {seconds * 1000:,.0f} ms" for name, seconds in times.items())
        print(f"loading: {way}: {said}", file=sys.stderr)


def measure() -> list[Measured]:
    """Return the rows of the table."""
    runs = rounds()
    explain(runs)
    own = runs["snaptui"]
    trip, first = median(own, lambda run: run.trip), median(own, lambda run: run.loading.first)
    trips = median(own, lambda run: run.loading.first / run.trip)
    table = [Measured("first rows, in round trips", seconds(first), seconds(trip), trips, 1.5)]
    last = median(own, lambda run: run.loading.last)
    for way, what, reach in (("doctl", "as doctl asks", 0.5), ("pydo", "a loop with pydo", 0.15)):
        other = median(runs[way], lambda run: run.loading.last)
        said = f"{SNAPSHOTS:,} snapshots, against {what}"
        table.append(Measured(said, seconds(last), seconds(other), last / other, reach))
    return table


def seconds(value: float) -> str:
    """Return it in milliseconds."""
    return f"{value * 1000:,.0f} ms"


def main() -> None:
    """Print the table."""
    print("\n".join([HEADING, *(one.row for one in measure())]))


if __name__ == "__main__":
    main()
