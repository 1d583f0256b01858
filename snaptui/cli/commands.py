"""The commands: what each takes, and how it is run. A new command is a function for its arguments and a row below."""

import argparse
from argparse import Namespace
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from snaptui import __version__
from snaptui.cli.arguments import Parser, add_account_options, add_open_option, port, seconds, whole

EPILOG: Final = """exit codes: 0 fine, 1 some deletions did not succeed, 2 usage, 3 not authenticated or not permitted,
4 the list is incomplete or could not all be judged, 5 the API could not be reached or failed,
6 list --fail-if-any found some, 7 the output or a file asked for could not be written, 70 it crashed, 130 interrupted.
The token is taken from --token-file, --context, DIGITALOCEAN_TOKEN, DIGITALOCEAN_ACCESS_TOKEN or doctl's configuration;
it is never an argument, because arguments can be read by every user of the machine."""
DIMENSIONS: Final = ("family", "source", "region", "type", "tag", "age", "month", "state")
PERIODS: Final = ("hourly", "daily", "weekly", "monthly", "yearly")
FORMATS: Final = ("table", "json", "jsonl", "csv", "markdown")


class Command(NamedTuple):
    """One command: `arguments` adds what it takes to its parser, `run` returns its exit code.

    `run` imports what it needs: `--help` and a wrong option answer without Textual, asyncio or httpx.
    """

    name: str
    help: str
    arguments: Callable[[Parser], None]
    run: Callable[[Namespace], int]
    has_account: bool = True
    deletes: bool = False
    opens: bool = False
    """True when the command can read a saved listing."""


def _list_arguments(parser: Parser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only what matches, as in the filter")
    parser.add_argument(
        "--sort", metavar="KEY", help="a column, -KEY for the other way round (default: -cost, or the setting)"
    )
    parser.add_argument("-o", "--output", choices=FORMATS, default="table", help="the form (default: table)")
    parser.add_argument("--columns", metavar="NAMES", help="such as id,name,cost,source,state,nth")
    parser.add_argument("--limit", type=whole, metavar="N", help="print the first N only")
    parser.add_argument("--total", action="store_true", help="print count, size and cost only")
    parser.add_argument("--fail-if-any", action="store_true", help="exit with 6 when a snapshot matches")


def _replace_argument(parser: Parser) -> None:
    parser.add_argument("--replace", action="store_true", help="let --save replace a file, as every run of a job does")


def _list(options: Namespace) -> int:
    from snaptui.cli import list as listing

    return listing.run(options)


def _audit_arguments(parser: Parser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only what matches, as in the filter")
    parser.add_argument("--by", choices=DIMENSIONS, metavar="DIMENSION", help=f"group by {', '.join(DIMENSIONS)}")
    parser.add_argument("-o", "--output", choices=("text", "json", "markdown", "html"), default="text")
    parser.add_argument("--save", metavar="FILE", help="keep the whole listing, for --open and --compare")
    _replace_argument(parser)
    parser.add_argument("--compare", metavar="FILE", help="tell what changed since a listing was saved")


def _audit(options: Namespace) -> int:
    from snaptui.cli import audit

    return audit.run(options)


def _prune_arguments(parser: Parser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help="only what matches, before groups are made")
    parser.add_argument("--keep-last", metavar="N", help="keep the newest N of each group; N may be unlimited")
    for period in PERIODS:
        said = f"keep the newest of each of the last N {period} periods"
        parser.add_argument(f"--keep-{period}", metavar="N", help=said)
    parser.add_argument("--keep-within", metavar="SPAN", help="keep all within 1y2m3d4h of the newest of the group")
    for period in PERIODS:
        parser.add_argument(f"--keep-within-{period}", metavar="SPAN", help=f"keep one {period} within this span")
    tags = "keep what has all of these tags; may be repeated"
    parser.add_argument("--keep-tag", metavar="TAG[,TAG]", action="append", default=[], help=tags)
    parser.add_argument("--group-by", choices=("source", "family", "tag", "none"), default="source")
    parser.add_argument("--policy", metavar="NAME", help="a policy of the settings")
    parser.add_argument("--time-zone", metavar="NAME", help="whose days and months count (default: UTC)")
    parser.add_argument("-o", "--output", choices=("text", "json"), default="text")
    parser.add_argument("--save", metavar="FILE", help="write what goes as a plan, for snaptui delete --plan")
    _replace_argument(parser)


def _prune(options: Namespace) -> int:
    from snaptui.cli import prune

    return prune.run(options)


def _delete_arguments(parser: Parser) -> None:
    parser.add_argument("ids", nargs="*", metavar="ID", help="what to delete; - reads ids from stdin")
    parser.add_argument("--query", metavar="QUERY", help="delete what matches and is not protected")
    parser.add_argument("--plan", metavar="FILE", help="a plan that was saved from the review; - reads stdin")
    parser.add_argument("--resume", action="store_true", help="go on with what was interrupted")
    parser.add_argument("--confirm", type=whole, metavar="N", help="the number of snapshots, instead of typing it")
    parser.add_argument("--confirm-up-to", type=whole, metavar="N", help="confirm, unless there are more than N")
    parser.add_argument("--max-batch", type=whole, metavar="N", help="allow up to N at once, this time")
    parser.add_argument("--unproven-account", action="store_true", help="also where it cannot be told whose it is")


def _delete(options: Namespace) -> int:
    from snaptui.cli import delete

    return delete.run(options)


def _history_arguments(parser: Parser) -> None:
    parser.add_argument("-o", "--output", choices=("table", "json", "csv"), default="table")
    parser.add_argument("--since", metavar="WHEN", help="an age such as 30d, or a date such as 2026-11")


def _history(options: Namespace) -> int:
    from snaptui.cli import history

    return history.run(options)


def _info_arguments(parser: Parser) -> None:
    parser.add_argument("--check", action="store_true", help="read the list, and tell what each rule of protect holds")


def _info(options: Namespace) -> int:
    from snaptui.cli import info

    return info.run(options)


def _demo_server_arguments(parser: Parser) -> None:
    parser.add_argument("--port", type=port, default=0, help="0 takes a free one")
    parser.add_argument("--snapshots", type=whole, default=240, metavar="N")
    parser.add_argument("--latency", type=seconds, default=0.0, metavar="SECONDS")
    parser.add_argument("--seed", type=whole, default=7, metavar="N")


def _demo_server(options: Namespace) -> int:
    from snaptui.cli import demo_server

    return demo_server.run(options)


COMMANDS: Final = (
    Command("list", "print the snapshots", _list_arguments, _list, opens=True),
    Command("audit", "print what they cost and what could go", _audit_arguments, _audit, opens=True),
    Command("prune", "print what a retention policy keeps; deletes nothing", _prune_arguments, _prune, opens=True),
    Command("delete", "delete snapshots, reviewed first", _delete_arguments, _delete, deletes=True),
    Command("history", "print what was deleted before", _history_arguments, _history, has_account=False),
    Command("info", "print where everything was found", _info_arguments, _info),
    Command("demo-server", "serve the made-up account", _demo_server_arguments, _demo_server, has_account=False),
)


def parser(arguments: Sequence[str]) -> Parser:
    """Return the parser of these arguments; what it returns has `command`, the name or `None`.

    It knows all commands, and what they take of those that are named: making the others' options takes 3 ms.
    """
    top = Parser(
        prog="snaptui",
        description="Browse the snapshots of a DigitalOcean account; without a command, on the full screen.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_options_of_screen(top)
    subparsers = top.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        one = subparsers.add_parser(command.name, help=command.help, allow_abbrev=False)
        if command.name not in arguments:
            continue
        if command.has_account:
            add_account_options(one)
        if command.opens:
            add_open_option(one)
        command.arguments(one)
    return top


def _add_options_of_screen(top: Parser) -> None:
    """Add what is said without a command: the options of the browser and of the program."""
    top.add_argument("--version", action="version", version=f"snaptui {__version__}")
    add_account_options(top, default=True)
    add_open_option(top, default=True)
    top.add_argument("--filter", metavar="QUERY", default="", help="start with this filter")
    top.add_argument("--mouse", action=argparse.BooleanOptionalAction, help="use the mouse (default: not over SSH)")
    top.add_argument(
        "--theme", metavar="NAME", help="the colours: terminal, dark, light, high-contrast, colour-blind, auto"
    )
    top.add_argument("--driver", choices=("cells", "plain"), default="cells", help="plain: send whole frames")
    top.add_argument("--plain", action="store_true", help="line by line: for screen readers and dumb terminals")
    top.add_argument("--stats", action="store_true", help="say when leaving what was sent to the terminal")


def named(name: str | None) -> Command | None:
    """Return the command of this name."""
    return next((command for command in COMMANDS if command.name == name), None)
