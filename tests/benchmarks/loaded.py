"""snaptui with a whole account loaded: loading 100,000 snapshots takes two minutes, so all benchmarks share one."""

import atexit
import json
import os
import signal
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from account import browsing
from demo_server import demo_server
from terminal import Process
from watched import Stall

SIZE: Final = (80, 24)
SETTLED_SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 300.0
LOADED: Final = "✓ complete"
WAITING: Final = "waiting"


@dataclass(frozen=True)
class Loaded:
    """The program, and how its event loop stalled while it loaded."""

    process: Process
    started: float
    stalls: list[Stall]


@cache
def loaded(snapshots: int) -> Loaded:
    """Return snaptui with so many snapshots loaded and nothing under way; it runs until this program ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    report = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "stalls.json"
    url = stack.enter_context(demo_server(snapshots, 0.0)).url
    started = time.monotonic()
    watched = (str(Path(__file__).with_name("watched.py")), str(report))
    process = stack.enter_context(browsing(url, SIZE, watched))
    process.until(is_complete, PATIENCE_SECONDS, SETTLED_SECONDS)
    os.kill(process.pid, signal.SIGUSR1)
    process.until(lambda _: report.exists(), PATIENCE_SECONDS)
    stalls = [Stall(**stall) for stall in json.loads(report.read_text(encoding="utf-8"))]
    return Loaded(process, started, stalls)


def is_complete(text: str) -> bool:
    """Return whether the list is whole and nothing is waited for."""
    return LOADED in text and WAITING not in text
