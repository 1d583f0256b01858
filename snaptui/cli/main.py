"""The entry point: one command, one exit code, and no traceback that could hold a token."""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING

from snaptui.cli.arguments import parse
from snaptui.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from snaptui.cli.wiring import Parts
    from snaptui.digitalocean.process.launcher import ClientProcess


def main(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    _mend_streams()
    options = parse(arguments)
    deleting = options.command == "delete"
    code: int = ExitCode.NOT_ALL_DELETED if deleting else ExitCode.FINE
    try:
        code = _run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _drop_output()  # the reader of our output has left, as with `| head`
    except OSError as error:
        from snaptui.text.safe import visible

        print(f"snaptui: {visible(str(error))}", file=sys.stderr)
        _drop_output()
        return code if deleting else ExitCode.USAGE
    return code


def _mend_streams() -> None:
    """Let closed streams lead nowhere, and no name be one that the output cannot spell."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # A closed 0, 1 or 2 would be the number of the next file opened, such as the journal.
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Let what is left in the buffer go nowhere: it cannot be written, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(options: Namespace) -> int:
    browses = options.command is None and _has_terminal()
    if not browses:
        gc.enable()  # the browser waits with it until the first frame
    # Each command imports what it needs: `--help` and a wrong option answer without Textual or httpx.
    if options.command == "demo-server":
        from snaptui.cli import demo_server

        return demo_server.run(options)
    process = _client_process() if browses else None
    from snaptui.cli.wiring import UsageError, journal, wired

    try:
        if options.command == "history":
            from snaptui.cli import history

            return history.run(journal(), options.output)
        with wired(options, process) as parts:
            return _with_account(parts, options, browses=browses)
    except UsageError as error:
        print(f"snaptui: {error}", file=sys.stderr)
        return error.exit_code


def _client_process() -> "ClientProcess":
    """Start the client's process first of all: it has as much to import as this one."""
    from snaptui.digitalocean.process.launcher import ClientProcess

    return ClientProcess()


def _with_account(parts: "Parts", options: Namespace, *, browses: bool) -> int:
    if options.command == "info":
        from snaptui.cli import info

        return info.run(parts)
    if options.command == "delete":
        from snaptui.cli import delete

        return delete.run(parts, options)
    if browses:
        from snaptui.cli import browse

        return browse.run(parts, options)
    from snaptui.cli import list as listing

    if options.command == "list":
        return listing.run(parts, " ".join(options.query), options.sort, options.output)
    print("snaptui: no terminal, so this is what `snaptui list` prints", file=sys.stderr)
    return listing.run(parts, options.filter, "name", "table")


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
