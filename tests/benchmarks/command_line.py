"""Time of `snaptui list`, from before it is executed to its end, against doctl's way of asking and pydo.

`as_doctl.py` stands in for doctl. It takes about as long to start as doctl does (30 ms). The server has the pages ready
and no rate limit, so that neither is waited for.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from measured import HEADING, Measured
from terminal import environment

from snaptui.demo.api import DEMO_TOKEN

COMMAND: Final = str(Path(sys.executable).with_name("snaptui"))


class Case(NamedTuple):
    """An account of a size at a distance, how often it is listed, and what is to be reached."""

    snapshots: int
    latency_seconds: float
    rounds: int
    reach: float


CASES: Final = (
    Case(240, 0.0, 15, 4.0),
    Case(240, 0.05, 9, 1.6),
    Case(10_000, 0.05, 5, 0.6),
    Case(50_000, 0.05, 3, 0.4),
)


@contextmanager
def canned(case: Case) -> Iterator[str]:
    """Serve pages that are ready; yields the address."""
    command = [sys.executable, beside("canned.py"), str(case.snapshots), str(case.latency_seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def beside(name: str) -> str:
    """Return the path of a file that is beside this one."""
    return str(Path(__file__).with_name(name))


def seconds(command: list[str]) -> float:
    """Return how long a command takes."""
    with TemporaryDirectory() as home:
        variables = environment(Path(home)) | {"DIGITALOCEAN_TOKEN": DEMO_TOKEN, "PYTHONUNBUFFERED": "1"}
        started = time.perf_counter()
        subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started


def medians(case: Case) -> dict[str, float]:
    """Return the median of each way, in turn; the first round warms up."""
    with canned(case) as url:
        address = urlsplit(url)
        listing = [COMMAND, "list", "--api-url", url]
        ways = {
            "doctl": [sys.executable, beside("as_doctl.py"), str(address.hostname), str(address.port), DEMO_TOKEN],
            "table": listing,
            "JSON": [*listing, "-o", "json"],
        }
        if case.snapshots <= 10_000:
            ways["pydo"] = [sys.executable, beside("loaders.py"), "pydo", url]
        rounds = [{way: seconds(command) for way, command in ways.items()} for _ in range(case.rounds + 1)][1:]
    return {way: statistics.median(one[way] for one in rounds) for way in ways}


def measure() -> list[Measured]:
    """Return the rows of the table."""
    table = []
    for case in CASES:
        print(f"command_line: {case}", file=sys.stderr)
        found = medians(case)
        for form in ("table", "JSON"):
            what = f"list of {case.snapshots:,}, {case.latency_seconds * 1000:.0f} ms, {form}"
            table.append(row(f"{what}, against as doctl asks", found[form], found["doctl"], case.reach))
            if "pydo" in found:
                table.append(row(f"{what}, against a loop with pydo", found[form], found["pydo"], 1.0))
    return table


def row(what: str, own: float, other: float, reach: float) -> Measured:
    """Return a row of the table."""
    return Measured(what, f"{own * 1000:,.0f} ms", f"{other * 1000:,.0f} ms", own / other, reach)


def main() -> None:
    """Print the table."""
    print("\n".join([HEADING, *(one.row for one in measure())]))


if __name__ == "__main__":
    main()
