"""The command line: what can be typed."""

import argparse
from typing import Final, NoReturn

from snaptui import __version__
from snaptui.cli.exit_codes import ExitCode

EPILOG: Final = """exit codes: 0 fine, 1 some deletions did not succeed, 2 usage, 3 not authenticated or not permitted,
4 the list is incomplete, 5 the API could not be reached or failed, 130 interrupted.
The token is taken from --token-file, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN or doctl's configuration;
it is never an argument, because arguments can be read by every user of the machine."""
FORMATS: Final = ("table", "json", "jsonl", "csv", "markdown")


class _Parser(argparse.ArgumentParser):
    """Answers a token given as an argument with the reason why there is none."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with the exit code for usage."""
        if "--token" in message and "--token-file" not in message:
            message = "there is no --token, because arguments can be read by every user of the machine: " + (
                "set DIGITALOCEAN_TOKEN or give --token-file FILE"
            )
        self.exit(ExitCode.USAGE, f"{self.prog}: {message}\nTry: {self.prog} --help\n")


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


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
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
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    listing = commands.add_parser("list", help="print the snapshots", allow_abbrev=False)
    _add_common(listing, default=False)
    listing.add_argument("query", nargs="*", metavar="QUERY", help="only what matches, as in the filter")
    listing.add_argument("--sort", metavar="KEY", default="name", help="a column, -KEY for the other way round")
    listing.add_argument("-o", "--output", choices=FORMATS, default="table", help="the form (default: table)")

    info = commands.add_parser("info", help="print where everything was found", allow_abbrev=False)
    _add_common(info, default=False)

    demo = commands.add_parser("demo-server", help="serve the made-up account", allow_abbrev=False)
    demo.add_argument("--port", type=_port, default=0, help="0 takes a free one")
    demo.add_argument("--snapshots", type=_whole, default=240, metavar="N")
    demo.add_argument("--latency", type=_seconds, default=0.0, metavar="SECONDS")
    demo.add_argument("--seed", type=_whole, default=7, metavar="N")
    return top
