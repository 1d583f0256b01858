"""Memory of 100,000 snapshots against none: what is resident when the list is complete.

That of the client's process is added; what both share counts twice.
Loading takes two minutes, because the client keeps to the API's 250 requests a minute.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from demo_server import demo_server
from measured import HEADING, Measured
from timed import watched

from snaptui.demo.api import DEMO_TOKEN

SNAPSHOTS: Final = 100_000
LOADED: Final = "✓ complete"
QUIET_SECONDS: Final = 1.0
PATIENCE_SECONDS: Final = 600.0


@dataclass(frozen=True)
class Resident:
    """The memory of a program's processes in MiB, now and at most."""

    now: float
    most: float

    def __str__(self) -> str:
        return f"{self.now:,.0f} MiB (peak {self.most:,.0f})"

    @classmethod
    def of(cls, pid: int) -> "Resident":
        """Ask the system."""
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        now, most = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        others = [cls.of(int(child)) for child in children]
        return cls(now + sum(other.now for other in others), most + sum(other.most for other in others))


def resident(snapshots: int) -> Resident:
    """Load so many snapshots and return what is resident then."""
    print(f"memory: loading {snapshots:,} snapshots", file=sys.stderr)
    arguments = [sys.executable, "-m", "snaptui", "--api-url"]
    with (
        demo_server(snapshots, latency_seconds=0.0) as server,
        watched([*arguments, server.url], DIGITALOCEAN_TOKEN=DEMO_TOKEN) as program,
    ):
        # The account's name comes last in a small account, the list in a large one.
        program.until(LOADED, "Acme", patience_seconds=PATIENCE_SECONDS)
        program.until_quiet(QUIET_SECONDS)
        return Resident.of(program.pid)


def measure() -> list[Measured]:
    """Return the row of the table."""
    none, many = resident(0), resident(SNAPSHOTS)
    what = f"resident with {SNAPSHOTS:,} snapshots, against none"
    return [Measured(what, str(many), str(none), many.now / none.now, 2.5)]


def main() -> None:
    """Print the table."""
    print("\n".join([HEADING, *(one.row for one in measure())]))


if __name__ == "__main__":
    main()
