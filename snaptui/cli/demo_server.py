"""`snaptui demo-server`: the demo account for other programs, until it is interrupted."""

import signal
import sys
import threading
from argparse import Namespace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.standard_streams import OutputError
from snaptui.demo.server import serve


def run(options: Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        serve(
            lambda text: print(text, flush=True),
            stopped,
            port=options.port,
            snapshots=options.snapshots,
            latency_seconds=options.latency,
            seed=options.seed,
        )
    except OutputError:
        raise
    except OSError as error:
        print(f"snaptui: cannot listen on port {options.port}: {error.strerror}; try --port 0", file=sys.stderr)
        return ExitCode.USAGE
    return ExitCode.FINE
