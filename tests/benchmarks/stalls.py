"""The longest stall of the event loop while 100,000 snapshots are loaded: so long no key is answered.

As a script it also says, on stderr, where the longest stalls were.
"""

import sys
from collections import Counter
from typing import Final

from loaded import loaded
from measured import HEADING, Measured
from watched import Stall

SNAPSHOTS: Final = 100_000
REACH_MS: Final = 50.0
STALLS_SHOWN: Final = 10
FUNCTIONS_SHOWN: Final = 12
OURS: Final = "/snaptui/"
ALWAYS: Final = ("__main__", "cli/")


def measure() -> list[Measured]:
    """Return the longest stall."""
    longest = max((stall.seconds for stall in loaded(SNAPSHOTS).stalls), default=0.0) * 1000
    return [Measured(f"longest stall while loading {SNAPSHOTS:,}, ms", f"{longest:.0f}", "", longest, REACH_MS)]


def described(stall: Stall, started: float) -> str:
    """Say when a stall was, and in which functions of the loop and of other busy threads how much of it was spent."""
    shares = Counter(function for stack in stall.stacks for function in functions(stack))
    beside = Counter(function for stack in stall.others for function in functions(stack))
    return "\n".join(
        [
            f"{stall.seconds * 1000:.0f} ms at {stall.at - started:.2f} s, "
            f"on the processor {stall.cpu_seconds * 1000:.0f}, the loop {stall.loop_seconds * 1000:.0f}, "
            f"collecting garbage {stall.gc_seconds * 1000:.0f}; "
            f"{len(stall.stacks)} samples of the loop, {len(stall.others)} of other busy threads",
            *(f"  {n / len(stall.stacks):4.0%} {function}" for function, n in shares.most_common(FUNCTIONS_SHOWN)),
            *(f"  beside it: {n} samples of {function}" for function, n in beside.most_common(FUNCTIONS_SHOWN)),
        ]
    )


def functions(stack: list[str]) -> list[str]:
    """Return the functions of snaptui in a stack, each once; without any, the innermost function of all."""
    ours = [frame.rpartition(OURS)[2] for frame in stack if OURS in frame]
    names = [f"{path.partition(':')[0]} {name}" for path, _, name in (frame.partition(" ") for frame in ours)]
    return list(dict.fromkeys(name for name in names if not name.startswith(ALWAYS))) or stack[:1]


if __name__ == "__main__":
    print(HEADING)
    for one in measure():
        print(one.row)
    shared = loaded(SNAPSHOTS)
    for stall in sorted(shared.stalls, key=lambda stall: -stall.seconds)[:STALLS_SHOWN]:
        print(described(stall, shared.started), file=sys.stderr)
