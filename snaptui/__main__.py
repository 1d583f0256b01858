"""`python -m snaptui`."""

import gc
import sys


def run() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # importing makes no garbage
    from snaptui.cli.main import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
