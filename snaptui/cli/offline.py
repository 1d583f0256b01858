"""`snaptui --open FILE`: the full-screen browser on a saved listing, read-only and without any request."""

import os
import sys
from argparse import Namespace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError
from snaptui.cli.opened import open_account
from snaptui.cli.wiring import journal_in
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from snaptui.terminal.description import describe
from snaptui.terminal.driver import CellDriver, PlainDriver
from snaptui.tui.app import SnaptuiApp
from snaptui.tui.session import Session


def run(options: Namespace) -> int:
    """Show the listing; ages are counted to the moment it was saved."""
    opened = open_account(options)
    session = Session(
        client=None,
        connect=_no_client,
        settings=opened.settings,
        credentials=None,
        api_host=opened.listing.api_url.partition("://")[2] or opened.listing.api_url,
        initial_query=options.filter,
        journal=journal_in(),
        opened=opened.listing,
    )
    driver = PlainDriver if options.driver == "plain" else CellDriver
    few_colours = describe(os.environ).few_colours
    app = SnaptuiApp(session, clock=lambda: opened.listing.saved, driver=driver, few_colours=few_colours)
    code = app.run(mouse=opened.settings.mouse.value)
    if options.stats:
        print(f"snaptui: {app.stats}", file=sys.stderr)
    return ExitCode.CRASHED if code is None else code


def _no_client(_token: Token) -> RemoteClient:
    raise UsageError("a saved listing is read without any request")
