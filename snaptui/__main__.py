"""`python -m snaptui`."""

import gc
import os
import sys
from contextlib import suppress
from typing import Final

DEBUGGING: Final = frozenset(
    {
        "TEXTUAL",
        "TEXTUAL_DEBUG",
        "TEXTUAL_DEVTOOLS_HOST",
        "TEXTUAL_DEVTOOLS_PORT",
        "TEXTUAL_DRIVER",
        "TEXTUAL_LOG",
        "TEXTUAL_PRESS",
        "TEXTUAL_SCREENSHOT",
        "TEXTUAL_SCREENSHOT_FILENAME",
        "TEXTUAL_SCREENSHOT_LOCATION",
        "TEXTUAL_SHOW_RETURN",
    }
)
"""Variables by which Textual writes down or sends away what is typed and shown, or presses keys by itself."""


def run() -> None:
    """Run the command line and leave with its exit code."""
    gc.disable()  # importing makes no garbage
    from snaptui.files.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    for name in DEBUGGING & os.environ.keys():
        del os.environ[name]
    from snaptui.cli.main import main

    code = main(sys.argv[1:])
    with suppress(OSError):
        sys.stderr.flush()
    # All is written: to take every module and snapshot apart would last 10 ms, and 0.2 s after a list of 50,000.
    os._exit(code)


if __name__ == "__main__":
    run()
