"""`python -m snaptui`."""

import gc
import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Final

REVEALING: Final = frozenset(
    {
        "PYTHONASYNCIODEBUG",
        "SSLKEYLOGFILE",
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
"""Variables by which what is typed, shown or sent is written down or sent away, or keys are pressed.

Python's `ssl` writes the keys of each connection to the file `SSLKEYLOGFILE` names: with them, and what was recorded
of the connection, the token can be read. asyncio's debugging prints calls with their arguments.
"""


def crashed(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Print the traceback of a programming error, without tokens, and leave with the exit code of a crash."""
    from traceback import format_exception

    from snaptui.cli.exit_codes import ExitCode
    from snaptui.text.safe import masked

    interrupted = issubclass(kind, KeyboardInterrupt)
    with suppress(OSError):
        sys.stderr.write("" if interrupted else masked("".join(format_exception(kind, error, traceback))))
        sys.stderr.flush()
    os._exit(ExitCode.INTERRUPTED if interrupted else ExitCode.CRASHED)


def run() -> None:
    """Run the command line and leave with its exit code."""
    # Importing makes no garbage: without the collector the first frame comes 12 to 21 ms earlier (measured).
    gc.disable()
    from snaptui.files.core_dumps import forbid_core_dumps

    forbid_core_dumps()
    for name in REVEALING & os.environ.keys():
        del os.environ[name]
    if not os.environ.get("NO_COLOR"):
        # By no-color.org only a value that is not empty asks for no colours; Textual asks whether there is one.
        os.environ.pop("NO_COLOR", None)
    sys.excepthook = crashed
    from snaptui.cli.main import main

    code = main(sys.argv[1:])
    with suppress(OSError):
        sys.stderr.flush()
    # All is written: to take every module and snapshot apart would last 10 ms, and 0.2 s after a list of 50,000.
    os._exit(code)


if __name__ == "__main__":
    run()
