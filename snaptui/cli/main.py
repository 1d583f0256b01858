"""The entry point: one command, one exit code, and no traceback that could hold a token."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from snaptui.cli.arguments import parse
from snaptui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from snaptui.cli.wiring import Parts


def main(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    options = parse(arguments)
    try:
        return _run(options)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left, as with `| head`: nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FINE


def _run(options: Namespace) -> int:
    # Each command imports what it needs: `--help` and a wrong option answer without Textual or httpx.
    if options.command == "demo-server":
        from snaptui.cli import demo_server

        return demo_server.run(options)
    from snaptui.cli.wiring import UsageError, journal, wired

    try:
        if options.command == "history":
            from snaptui.cli import history

            return history.run(journal(), options.output)
        with wired(options) as parts:
            return _with_account(parts, options)
    except UsageError as error:
        print(f"snaptui: {error}", file=sys.stderr)
        return error.exit_code


def _with_account(parts: "Parts", options: Namespace) -> int:
    from snaptui.cli import browse, deleting, info, listing

    if options.command == "info":
        return info.run(parts)
    if options.command == "delete":
        return deleting.run(parts, options)
    if options.command == "list":
        return listing.run(parts, " ".join(options.query), options.sort, options.output)
    if _has_terminal():
        return browse.run(parts, options.filter)
    print("snaptui: no terminal, so this is what `snaptui list` prints", file=sys.stderr)
    return listing.run(parts, options.filter, "name", "table")


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
