"""Parsing of the command line, and the types of its values. What each command takes is in `commands`."""

import argparse
import re
from collections.abc import Sequence
from typing import Final, NoReturn

from snaptui.cli.exit_codes import ExitCode

_TAKE_A_DASH: Final = ("--sort", "--query", "--filter")
"""Options whose value may begin with a dash."""
_TAKE_A_WORD: Final = re.compile(r"--(?:keep-[a-z-]+|policy|save|compare|open|token-file)\Z")
"""Options whose value is no query: a dash in it means nothing else."""


class Parser(argparse.ArgumentParser):
    """An argument parser that says what is wrong in one line, with the exit code for usage."""

    def error(self, message: str) -> NoReturn:
        """Leave; a token that was typed by mistake is not repeated."""
        from snaptui.text.safe import masked, visible

        self.exit(ExitCode.USAGE, f"{self.prog}: {visible(masked(message))}\nTry: {self.prog} --help\n")


def parse(parser: Parser, arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was typed; leaves with the exit code for usage when it makes no sense."""
    if any(argument.partition("=")[0] == "--token" for argument in arguments):
        parser.error(
            "there is no --token, because arguments can be read by every user of the machine: "
            "set DIGITALOCEAN_TOKEN or give --token-file FILE"
        )
    options, unknown = parser.parse_known_args(_unambiguous(arguments))
    if unknown:
        if options.command is not None:  # whose help tells what it takes
            parser.prog = f"{parser.prog} {options.command}"
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    return options


def _unambiguous(arguments: Sequence[str]) -> list[str]:
    """Return the arguments so that `--sort -size` and `-tag:keep` are not taken for options."""
    clear: list[str] = []
    for argument in arguments:
        before, looks_like_a_term = clear[-1] if clear else "", re.match(r"-(?!o|-).{2}", argument)
        if before in _TAKE_A_DASH or (looks_like_a_term and _TAKE_A_WORD.match(before)):
            clear[-1] = f"{before}={argument}"
        elif looks_like_a_term:
            clear.append(f"!{argument[1:]}")  # in a query, ! is the same as -
        else:
            clear.append(argument)
    return clear


def add_account_options(parser: argparse.ArgumentParser, *, default: bool = False) -> None:
    """Add the options that say whose account is used, before or after the command.

    Those after the command have no default, so that they do not undo one that was given before it.
    """
    none = None if default else argparse.SUPPRESS
    off = False if default else argparse.SUPPRESS
    parser.add_argument("--demo", action="store_true", default=off, help="use a made-up account, no token needed")
    parser.add_argument("--api-url", metavar="URL", default=none, help="another API address")
    parser.add_argument("--token-file", metavar="FILE", default=none, help="read the token from a file")
    parser.add_argument("--context", metavar="NAME", default=none, help="use the token of a doctl context")
    parser.add_argument("--read-only", action="store_true", default=off, help="delete nothing, whatever is pressed")


def add_open_option(parser: argparse.ArgumentParser, *, default: bool = False) -> None:
    """Add the option that reads a saved listing instead of asking the API, before or after the command."""
    none = None if default else argparse.SUPPRESS
    parser.add_argument("--open", metavar="FILE", default=none, help="offline: read a listing that audit --save kept")


def port(text: str) -> int:
    """Return a port from 0 to 65535."""
    if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")


def whole(text: str) -> int:
    """Return a whole number up to a million."""
    if text.isascii() and text.isdecimal() and len(text) < 8 and int(text) <= 1_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number up to 1,000,000")


def seconds(text: str) -> float:
    """Return a number of seconds up to a minute."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if 0 <= number <= 60:
        return number
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 60")
