"""Rate of 300 deletions at 0.2 s a request and the API's limits, by `snaptui delete` and by the screen.

Counted from the first that is gone to the last; for the command line also from before it is executed.
"""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from command_line import COMMAND
from measured import HEADING, Measured
from terminal import environment
from timed import Watched

from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.demo.server import DemoServer

SNAPSHOTS: Final = 300
LATENCY_SECONDS: Final = 0.2
PATIENCE_SECONDS: Final = 240.0
ARMED_SECONDS: Final = 1.5
SETTINGS: Final = f"grace_seconds = 0\nmax_batch = {SNAPSHOTS}\nprotect = []\n"


@dataclass
class Deleted:
    """The moments at which the first and the last were gone (`time.perf_counter`)."""

    first: float = 0.0
    last: float = 0.0

    @property
    def per_minute(self) -> float:
        """The rate."""
        return (SNAPSHOTS - 1) / (self.last - self.first) * 60


@contextmanager
def account() -> Iterator[tuple[str, dict[str, str], Callable[[], Deleted]]]:
    """Serve an account; yields its address, variables for a program, and what waits until all is deleted."""
    made = generated_account(now=time.time(), snapshots=SNAPSHOTS)
    deleted = Deleted()
    over = threading.Event()

    def watch() -> None:
        while made.snapshots and not over.wait(0.005):
            if len(made.snapshots) < SNAPSHOTS and not deleted.first:
                deleted.first = time.perf_counter()
        deleted.last = time.perf_counter()

    watching = threading.Thread(target=watch)

    def until_gone() -> Deleted:
        watching.join(PATIENCE_SECONDS)
        assert not made.snapshots, f"{len(made.snapshots)} are left"
        return deleted

    with DemoServer(made, latency_seconds=LATENCY_SECONDS) as server, tempfile.TemporaryDirectory() as home:
        folder = Path(home, "config", "snaptui")
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text(SETTINGS)
        watching.start()
        own = {"DIGITALOCEAN_TOKEN": DEMO_TOKEN, "XDG_CONFIG_HOME": str(folder.parent)}
        yield server.url, environment(Path(home)) | own, until_gone
        over.set()


def by_command() -> tuple[Deleted, float]:
    """Delete with `snaptui delete`; returns also how long the command took."""
    with account() as (url, variables, until_gone):
        command = [COMMAND, "delete", "--query", "id:*", "--confirm", str(SNAPSHOTS), "--api-url", url]
        started = time.perf_counter()
        subprocess.run(command, env=variables, stdout=subprocess.DEVNULL, check=True)
        return until_gone(), time.perf_counter() - started


def read_on(program: Watched) -> None:
    """Take what a program writes until it is ended."""
    with suppress(AssertionError):
        program.until_quiet(PATIENCE_SECONDS)


def on_the_screen() -> Deleted:
    """Delete with the keys."""
    with account() as (url, variables, until_gone):
        program = Watched([COMMAND, "--api-url", url], variables, (100, 30))
        try:
            program.until("✓ complete", "team Acme")
            program.press("A")
            program.until(f"{SNAPSHOTS} more marked")
            program.press("d")
            program.until(f"type {SNAPSHOTS}")
            program.until_quiet(ARMED_SECONDS)
            program.press(f"{SNAPSHOTS}")
            program.until_quiet(ARMED_SECONDS)
            program.press("\r")
            threading.Thread(target=read_on, args=(program,), daemon=True).start()
            return until_gone()
        finally:
            program.close()


def measure() -> list[Measured]:
    """Return the rows of the table."""
    print("deletion_rate: the command line", file=sys.stderr)
    command, seconds = by_command()
    print("deletion_rate: the screen", file=sys.stderr)
    screen = on_the_screen()
    slower = screen.per_minute / command.per_minute
    return [
        Measured(
            f"{SNAPSHOTS} deleted at {LATENCY_SECONDS * 1000:.0f} ms, a minute, the screen's against snaptui delete's",
            f"{command.per_minute:,.0f}",
            f"{screen.per_minute:,.0f}",
            slower,
            1 / 0.95,
        ),
        Measured(f"seconds of snaptui delete, {SNAPSHOTS} at {LATENCY_SECONDS}", f"{seconds:.1f}", "", seconds, 75),
    ]


def main() -> None:
    """Print the table."""
    print("\n".join([HEADING, *(one.row for one in measure())]))


if __name__ == "__main__":
    main()
