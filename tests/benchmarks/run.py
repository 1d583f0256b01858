"""`python run.py [NAME…]`: run the benchmarks and print one table; progress goes to stderr."""

import os
import platform
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Final

from measured import HEADING, Measured

BENCHMARKS: Final = (
    "bytes_sent",
    "idle",
    "keys",
    "start_up",
    "loading",
    "command_line",
    "deletion_rate",
    "stalls",
    "audits",
    "audit_stalls",
    "memory",
)
WRONG_NAME: Final = 2


def main(names: list[str]) -> int:
    """Run those named, or all; what is not reached is no error."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"no benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return WRONG_NAME
    textual, cores = version("textual"), len(os.sched_getaffinity(0))
    print(f"Python {platform.python_version()}, Textual {textual}, {cores} cores\n\n{HEADING}", flush=True)
    for name in names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr)
        measure: Callable[[], list[Measured]] = import_module(name).measure
        for one in measure():
            print(one.row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
