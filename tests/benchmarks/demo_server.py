"""The demo account in a process of its own, what it costs, and how far away it is."""

import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from terminal import environment

from snaptui.demo.api import DEMO_TOKEN

LATENCY_SECONDS: Final = 0.05
TRIPS: Final = 5


@dataclass(frozen=True)
class DemoServer:
    """A server that runs."""

    url: str
    pid: int

    @property
    def cpu_seconds(self) -> float:
        """The processor time it has used, its threads together."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def demo_server(snapshots: int, latency_seconds: float = LATENCY_SECONDS) -> Iterator[DemoServer]:
    """Serve so many snapshots; a new server has its rate limit unused."""
    command = [sys.executable, "-m", "snaptui", "demo-server", f"--snapshots={snapshots}"]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(
            [*command, f"--latency={latency_seconds}"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(Path(home)),
        ) as process,
    ):
        try:
            assert process.stdout is not None
            announced = process.stdout.readline()
            assert announced.startswith("listening on "), f"the demo server did not start: {announced!r}"
            yield DemoServer(announced.split()[-1], process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def round_trip_seconds(url: str) -> float:
    """Return how long a small request takes on a connection that is open: the median of a few."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.connect()
    seconds = []
    for _ in range(TRIPS):
        started = time.perf_counter()
        connection.request("GET", "/v2/account", headers={"Authorization": f"Bearer {DEMO_TOKEN}"})
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - started)
        assert answer.status == http.client.OK
    connection.close()
    return statistics.median(seconds)
