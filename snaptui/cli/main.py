"""The entry point: one command, one exit code, and no traceback that could hold a token."""

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from types import ModuleType

from snaptui.cli.arguments import parse
from snaptui.cli.commands import Command, named, parser
from snaptui.cli.failures import Failures, UsageError
from snaptui.cli.standard_streams import messages, output
from snaptui.terminal.environment import is_dumb, terminal_encoding


def main(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    _mend_streams()
    try:
        options = parse(parser(arguments), arguments)
    except SystemExit as answered:  # with the help, the version, or what is wrong
        return _written(int(answered.code or 0))
    command = named(options.command)
    failures = Failures(deletes=command is not None and command.deletes)
    with failures:
        failures.code = _run(command, options)
        sys.stdout.flush()
    return failures.code


def _written(code: int) -> int:
    """Return an exit code after all output is written, or the one that says that it cannot be."""
    failures = Failures()
    with failures:
        failures.code = code
        sys.stdout.flush()
    return failures.code


def _mend_streams() -> None:
    """Let closed streams lead nowhere, and no name be one that the output cannot spell."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        # A closed 0, 1 or 2 would be the number of the next file opened, such as the journal.
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal without UTF-8 would take some bytes of it for commands.
            is_other = stream.isatty() and terminal_encoding(os.environ) != "utf-8"
            stream.reconfigure(encoding="ascii" if is_other else None, errors="backslashreplace")
    if isinstance(sys.__stdout__, TextIOWrapper) and sys.stdout is sys.__stdout__:
        sys.stdout = output(sys.__stdout__)
    if isinstance(sys.__stderr__, TextIOWrapper) and sys.stderr is sys.__stderr__:
        sys.stderr = messages(sys.__stderr__)


def _run(command: Command | None, options: Namespace) -> int:
    if options.open is not None and command is not None and not command.opens:
        raise UsageError(f"--open reads a saved listing: it does not go with {command.name}")
    if command is None and not options.plain and _has_terminal():
        return _browse(options)
    gc.enable()
    _import_msgspec()
    if command is not None:
        return command.run(options)
    if options.plain:
        from snaptui.cli import plain

        return plain.run(options)
    from snaptui.cli import list as listing

    print(f"snaptui: {_why_no_screen()}, so this is what `snaptui list` prints", file=sys.stderr)
    return listing.run(listing.unasked(options))


def _import_msgspec() -> None:
    """Import msgspec without typing_extensions, which takes 7 ms and brings nothing that Python 3.11 has not itself."""
    without = "typing_extensions" not in sys.modules
    if without:
        sys.modules["typing_extensions"] = ModuleType("typing_extensions")  # it then takes what it needs from typing
    import_module("msgspec")
    if without:
        del sys.modules["typing_extensions"]


def _browse(options: Namespace) -> int:
    """Run the screen, which turns the collector on again after its first frame."""
    if options.open is not None:
        from snaptui.cli import offline

        return offline.run(options)
    from snaptui.digitalocean.process.launcher import ClientProcess

    process = ClientProcess(sys.stderr.fileno())  # first of all: it has as much to import as this one
    from snaptui.cli.wiring import wired

    with wired(options, process) as parts:
        from snaptui.cli import browse

        return browse.run(parts, options)


def _has_terminal() -> bool:
    """Return whether there is a terminal that a screen can be drawn on."""
    return _is_terminal() and not is_dumb(os.environ)


def _is_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def _why_no_screen() -> str:
    return "this terminal is dumb (--plain works in it)" if _is_terminal() else "no terminal"
