"""`python -m snaptui`."""

import gc
import os
import sys
from contextlib import suppress


def run() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # importing makes no garbage
    from snaptui.cli.main import main

    code = main(sys.argv[1:])
    with suppress(OSError):
        sys.stderr.flush()
    # All is written: to take every module and snapshot apart would last 10 ms, and 0.2 s after a list of 50,000.
    os._exit(code)


if __name__ == "__main__":
    run()
