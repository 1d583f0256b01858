"""Processes of a session under test, and a machine that is busy."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def alive(pids: set[int]) -> set[int]:
    """Return those that have not ended; what only waits for its parent to notice has."""
    return {pid for pid, (_, state) in _table().items() if pid in pids and not state.startswith("Z")}


def family(pid: int) -> set[int]:
    """Return a process and all that it has started, and they in turn."""
    table, found = _table(), {pid}
    while more := {child for child, (parent, _) in table.items() if parent in found} - found:
        found |= more
    return found


def _table() -> dict[int, tuple[int, str]]:
    listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid=,state="], capture_output=True, text=True, check=True)
    rows = (row.split() for row in listed.stdout.splitlines())
    return {int(pid): (int(parent), state) for pid, parent, state in rows}


@contextmanager
def busy_machine(processes: int) -> Iterator[None]:
    """Keep processors busy with nothing."""
    started = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)]
    try:
        yield
    finally:
        for process in started:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
