"""`snaptui demo-server` in a process of its own, and snaptui as its client."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from terminal import Process, Size, environment, running

from snaptui.demo.api import DEMO_TOKEN

SNAPTUI: Final = ("-m", "snaptui")


@contextmanager
def served(snapshots: int, latency_seconds: float = 0.0) -> Iterator[str]:
    """Serve an account of so many snapshots and give its address."""
    options = ["--snapshots", str(snapshots), "--latency", str(latency_seconds)]
    with tempfile.TemporaryDirectory() as home:
        server = subprocess.Popen(
            [sys.executable, *SNAPTUI, "demo-server", *options],
            env=environment(Path(home)),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stdout is not None
            yield server.stdout.readline().split()[-1]
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate()


@contextmanager
def browsing(url: str, size: Size, program: tuple[str, ...] = SNAPTUI) -> Iterator[Process]:
    """Run snaptui on an account that is served there."""
    with running([*program, "--api-url", url], size, DIGITALOCEAN_TOKEN=DEMO_TOKEN) as process:
        yield process
