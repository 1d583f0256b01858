"""`snaptui`: the full-screen browser."""

import os
import sys
from argparse import Namespace
from typing import Final

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.wiring import Parts

HANDOVER_SECONDS: Final = 0.001
"""How long a thread that calculates keeps the interpreter from the screen; Python's own value is 5 ms."""


def run(parts: Parts, options: Namespace) -> int:
    """Start the first request, then import and run the screen; a crash has an exit code of its own."""
    # The screen must not wait long for what the other threads calculate.
    sys.setswitchinterval(HANDOVER_SECONDS)
    client = None
    if parts.credentials is not None:
        client = parts.connect(parts.credentials.token)
        # Before Textual is imported: rows come after 240 ms instead of 370 (measured with 50 ms a request).
        client.prefetch()
    from snaptui.terminal.description import describe
    from snaptui.terminal.driver import CellDriver, PlainDriver
    from snaptui.tui.app import SnaptuiApp
    from snaptui.tui.session import Session

    session = Session(
        client=client,
        connect=parts.connect,
        settings=parts.settings,
        credentials=parts.credentials,
        api_host=parts.api_host,
        initial_query=options.filter,
        demo=parts.demo,
        journal=parts.journal,
    )
    driver = PlainDriver if options.driver == "plain" else CellDriver
    app = SnaptuiApp(session, driver=driver, few_colours=describe(os.environ).few_colours)
    code = app.run(mouse=parts.settings.mouse.value)
    if options.stats:
        print(f"snaptui: {app.stats}", file=sys.stderr)
    return ExitCode.CRASHED if code is None else code
