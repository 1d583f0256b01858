"""The entry point: one command, one exit code, and no traceback that could hold a token."""

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from snaptui.cli.arguments import parse
from snaptui.cli.exit_codes import ExitCode


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
    from snaptui.cli.wiring import UsageError, wired

    try:
        with wired(options) as parts:
            if options.command == "info":
                from snaptui.cli import info

                return info.run(parts)
            if options.command is None and _has_terminal():
                from snaptui.cli import browse

                return browse.run(parts, options.filter)
            from snaptui.cli import listing

            if options.command is None:
                print("snaptui: no terminal, so this is what `snaptui list` prints", file=sys.stderr)
                return listing.run(parts, options.filter, "name", "table")
            return listing.run(parts, " ".join(options.query), options.sort, options.output)
    except UsageError as error:
        print(f"snaptui: {error}", file=sys.stderr)
        return error.exit_code


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
