"""Job control: whether anybody could continue this process if it stopped, and stopping it."""

import os
import signal
from pathlib import Path


def why_not_to_stop() -> str | None:
    """Return the reason why this process must not stop: nobody could continue it; `None` if a shell can.

    As the kernel does, this asks for an ancestor in the same session but another process group.
    """
    session, group, ancestor = os.getsid(0), os.getpgrp(), os.getppid()
    if session == os.getpid():
        return "it is the first program of this terminal: no shell could continue it"
    while ancestor > 1 and _session(ancestor) == session:
        if os.getpgid(ancestor) != group:
            return None
        ancestor = _parent(ancestor)
    return "no shell with job control started it: nobody could continue it"


def _session(process: int) -> int:
    try:
        return os.getsid(process)
    except OSError:
        return -1


def _parent(process: int) -> int:
    """Return a process's parent; 0 where the system does not say."""
    try:
        stat = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:
        return 0
    # From the last bracket on: the program's name before it is anybody's choice, and may hold brackets and spaces.
    return int(stat.rpartition(b")")[2].split()[1])


def stop() -> None:
    """Stop this process and all of its group, as ctrl+z does to programs that do not catch it; returns afterwards.

    A shell watches the first process of a group, which may be another than this one.
    """
    # Ignored here, where its handler would suspend once more; SIGSTOP stops this process for certain.
    before = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, before)
    os.kill(os.getpid(), signal.SIGSTOP)


def in_foreground(terminal: int) -> bool:
    """Return whether this process group has the terminal; true where that cannot be told."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return True
