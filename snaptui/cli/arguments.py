"""The command line: what can be typed."""

import argparse
import re
from collections.abc import Sequence
from typing import Final, NoReturn

from snaptui import __version__
from snaptui.cli.exit_codes import ExitCode

EPILOG: Final = """exit codes: 0 fine, 1 some deletions did not succeed, 2 usage, 3 not authenticated or not permitted,
4 the list is incomplete, 5 the API could not be reached or failed, 130 interrupted.
The token is taken from --token-file, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN or doctl's configuration;
it is never an argument, because arguments can be read by every user of the machine."""
_TOKEN: Final = re.compile(r"\bdo[opr]_v1_\w*|\b[0-9a-f]{64}\b")
FORMATS: Final = ("table", "json", "jsonl", "csv", "markdown")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, with the exit code for usage."""

    def error(self, message: str) -> NoReturn:
        """Leave; a token that was typed by mistake is not repeated."""
        from snaptui.text.safe import visible

        said = visible(_TOKEN.sub("(a token)", message))
        self.exit(ExitCode.USAGE, f"{self.prog}: {said}\nTry: {self.prog} --help\n")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was typed; leaves with the exit code for usage when it makes no sense."""
    made = _parser()
    if any(argument.partition("=")[0] == "--token" for argument in arguments):
        made.error(
            "there is no --token, because arguments can be read by every user of the machine: "
            "set DIGITALOCEAN_TOKEN or give --token-file FILE"
        )
    return made.parse_args(_unambiguous(arguments))


def _unambiguous(arguments: Sequence[str]) -> list[str]:
    """Return the arguments so that `--sort -size` and `-tag:keep` are not taken for options."""
    clear: list[str] = []
    for argument in arguments:
        if clear and clear[-1] == "--sort":
            clear[-1] = f"--sort={argument}"
        elif re.match(r"-(?!o|-).{2}", argument):
            clear.append(f"!{argument[1:]}")  # in a query, ! is the same as -
        else:
            clear.append(argument)
    return clear


def _add_common(parser: argparse.ArgumentParser, *, default: bool) -> None:
    """Add the options that may stand before or after the command; a later one must not undo an earlier one."""
    none = None if default else argparse.SUPPRESS
    off = False if default else argparse.SUPPRESS
    parser.add_argument("--demo", action="store_true", default=off, help="use a made-up account, no token needed")
    parser.add_argument("--api-url", metavar="URL", default=none, help="another API address")
    parser.add_argument("--token-file", metavar="FILE", default=none, help="read the token from a file")
    parser.add_argument("--context", metavar="NAME", default=none, help="use the token of a doctl context")
    parser.add_argument("--read-only", action="store_true", default=off, help="delete nothing, whatever is pressed")


def _port(text: str) -> int:
    if text.isdecimal() and int(text) < 65_536:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")


def _whole(text: str) -> int:
    if text.isdecimal() and int(text) <= 1_000_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number up to 1,000,000")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if 0 <= seconds <= 60:
        return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to 60")


def _parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="snaptui",
        description="Browse the snapshots of a DigitalOcean account; without a command, on the full screen.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"snaptui {__version__}")
    _add_common(top, default=True)
    top.add_argument("--filter", metavar="QUERY", default="", help="start with this filter")
    top.add_argument("--mouse", action=argparse.BooleanOptionalAction, help="use the mouse (default: not over SSH)")
    top.add_argument("--driver", choices=("cells", "plain"), default="cells", help="plain: send whole frames")
    top.add_argument("--stats", action="store_true", help="say when leaving what was sent to the terminal")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    listing = commands.add_parser("list", help="print the snapshots", allow_abbrev=False)
    _add_common(listing, default=False)
    listing.add_argument("query", nargs="*", metavar="QUERY", help="only what matches, as in the filter")
    listing.add_argument("--sort", metavar="KEY", default="name", help="a column, -KEY for the other way round")
    listing.add_argument("-o", "--output", choices=FORMATS, default="table", help="the form (default: table)")

    delete = commands.add_parser("delete", help="delete snapshots, reviewed first", allow_abbrev=False)
    _add_common(delete, default=False)
    delete.add_argument("ids", nargs="*", metavar="ID", help="what to delete")
    delete.add_argument("--plan", metavar="FILE", help="a plan that was saved from the review")
    delete.add_argument("--confirm", type=_whole, metavar="N", help="the number of snapshots, instead of typing it")

    history = commands.add_parser("history", help="print what was deleted before", allow_abbrev=False)
    history.add_argument("-o", "--output", choices=("table", "json", "csv"), default="table")

    info = commands.add_parser("info", help="print where everything was found", allow_abbrev=False)
    _add_common(info, default=False)

    demo = commands.add_parser("demo-server", help="serve the made-up account", allow_abbrev=False)
    demo.add_argument("--port", type=_port, default=0, help="0 takes a free one")
    demo.add_argument("--snapshots", type=_whole, default=240, metavar="N")
    demo.add_argument("--latency", type=_seconds, default=0.0, metavar="SECONDS")
    demo.add_argument("--seed", type=_whole, default=7, metavar="N")
    return top
