"""The longest stalls of the event loop while audits of 100,000 snapshots are opened, regrouped and typed in.

Compared is what the program itself had of the processor in each: a machine with other work to do makes stalls longer.

As a script it also says, on stderr, where the longest stalls were.
"""

import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from loaded import SETTLED_SECONDS
from measured import HEADING, Measured
from stalls import REACH_MS, STALLS_SHOWN, described
from terminal import Process, running
from watched import Stall

from snaptui.digitalocean.api.requests import PAGE_SIZE
from snaptui.model.coverage import Coverage
from snaptui.model.sources import PoolList, SourceList, Sources
from snaptui.report.saved import SavedListing
from tests.unit.audit.rows import NOW, many

COUNT: Final = 100_000
SIZE: Final = (160, 50)
PATIENCE_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 0.6


@dataclass(frozen=True)
class Keys:
    """Keys pressed one after the other; `shown` is true of the screen when what they ask for is there."""

    what: str
    keys: tuple[str, ...]
    shown: Callable[[str], bool]


def _has(*words: str) -> Callable[[str], bool]:
    return lambda text: all(word in text for word in words)


TOUR: Final = (
    Keys("filter at 160 columns, money beside it", ("/", *"host-1", "\r"), _has("of the filter", "host-1")),
    Keys("filter cleared", ("\x1b",), _has("Where the money goes ·")),
    Keys("groups", ("a",), _has("FAMILY", "each counted once")),
    *(Keys(f"groups by key {key}", (key,), _has("each counted once")) for key in "2345678"),
    Keys("pages of groups", ("]", "]", "j", "j", "G"), _has("each counted once")),
    Keys("findings", ("\t", "j"), _has("FINDING")),
    Keys("rows of a finding", ("\r",), _has("nth>3")),
    Keys("back to the findings", ("\x1b",), _has("FINDING")),
    Keys("rows of every source with several a day", ("j", "j", "\r"), _has("NAME", "▸")),
    Keys("back again", ("\x1b", "\x1b"), _has("NAME")),
    Keys("keep policy", ("K",), _has("keeps", "removes")),
    Keys("keep policy, typed", ("\t", "1", "2", "\x7f", "\t", "3", "\x1b"), _has("keeps", "removes")),
    *(Keys(f"keep policy, grouped otherwise {number}", ("b",), _has("keeps", "removes")) for number in range(1, 5)),
    Keys("pages of the keep policy", ("]", "j", "G"), _has("keeps", "removes")),
    Keys("the plan written", ("w",), _has("the plan was written to")),
    Keys("back to the table", ("\x1b",), _has("NAME", "AGE")),
)


def _press(process: Process, step: Keys) -> None:
    for key in step.keys:
        process.send(key)
        process.until(lambda _: True, PATIENCE_SECONDS, 0.15)
    process.until(step.shown, PATIENCE_SECONDS, QUIET_SECONDS)


def _saved(folder: Path) -> Path:
    rows = tuple(many(COUNT))
    droplets = SourceList({str(number): f"web-{number}" for number in range(0, COUNT // 10, 2)}, None)
    sources = Sources(droplets, SourceList({}, None), PoolList((), None))
    pages = COUNT // PAGE_SIZE
    coverage = Coverage(COUNT, COUNT, pages, pages, finished=True)
    listing = SavedListing(NOW, "https://api.digitalocean.com", None, coverage, rows, sources, None)
    path = folder / "listing.json"
    listing.write(path)
    return path


def toured() -> Iterator[tuple[str, list[Stall]]]:
    """Yield each step with the stalls in it."""
    with tempfile.TemporaryDirectory() as own:
        folder = Path(own)
        report = folder / "stalls.json"
        program = [str(Path(__file__).resolve().with_name("watched.py")), str(report), "--open", str(_saved(folder))]
        begins: list[float] = []
        os.chdir(folder)  # the plan is written there
        with running(program, SIZE) as process:
            process.until(_has("Where the money goes"), PATIENCE_SECONDS, SETTLED_SECONDS)
            for step in TOUR:
                begins.append(time.monotonic())
                _press(process, step)
            begins.append(time.monotonic())
            os.kill(process.pid, signal.SIGUSR1)
            process.until(lambda _: report.exists(), PATIENCE_SECONDS)
        stalls = [Stall(**stall) for stall in json.loads(report.read_text(encoding="utf-8"))]
        for number, step in enumerate(TOUR):
            yield step.what, [stall for stall in stalls if begins[number] <= stall.at < begins[number + 1]]


def measure() -> list[Measured]:
    """Return the longest stall of each step."""
    return [row for row, _ in _measured()]


def _measured() -> Iterator[tuple[Measured, list[Stall]]]:
    for what, stalls in toured():
        longest = max((stall.seconds for stall in stalls), default=0.0) * 1_000
        busy = max((min(stall.seconds, stall.cpu_seconds) for stall in stalls), default=0.0) * 1_000
        loop = max((min(stall.seconds, stall.loop_seconds) for stall in stalls), default=0.0) * 1_000
        said = f"on the processor {busy:.0f}, the loop {loop:.0f}"
        yield Measured(f"longest stall, {what}, {COUNT:,}, ms", f"{longest:.0f}", said, busy, REACH_MS), stalls


if __name__ == "__main__":
    print(HEADING)
    for one, stalls in _measured():
        print(one.row)
        if one.figure > one.reach:
            worst = sorted(stalls, key=lambda stall: -stall.cpu_seconds)
            print(*(described(stall, worst[0].at) for stall in worst[: STALLS_SHOWN // 4]), sep="\n", file=sys.stderr)
