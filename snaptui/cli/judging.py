"""Queries that could not be judged of every snapshot: which, of how many and why, and whether that is for ever."""

from collections.abc import Iterable

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import say
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.snapshots import Snapshots
from snaptui.query import Query, QueryContext


def say_unjudged(query: Query, snapshots: Snapshots, context: QueryContext) -> ExitCode:
    """Say what of a query could not be judged; the code is `INCOMPLETE` where something could not be read.

    What a snapshot itself lacks is said only: no other token and no later hour would tell it.
    """
    found = select(query, snapshots, context)
    if found.shortfall is not None:
        say(found.shortfall)
    return ExitCode.INCOMPLETE if found.unread else ExitCode.FINE


def say_unjudged_rules(
    rules: Iterable[Query], snapshots: Snapshots, context: QueryContext, among: RowSet | None = None
) -> ExitCode:
    """Say which rules of protection could not be judged (of those `among`), and return the code as for a query."""
    code = ExitCode.FINE
    for rule in rules:
        found = select(rule, snapshots, context)
        concerned = found.unjudged if among is None else found.unjudged & among
        if concerned:
            say(f"protect {rule}: {found.shortfall}, and these count as protected")
            code = ExitCode.INCOMPLETE if found.unread else code
    return code
