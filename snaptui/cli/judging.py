"""Unjudged snapshots, said on stderr: how many could not be judged and why, and the exit code that follows.

Whatever command asks: what could not be read makes the exit code `INCOMPLETE`, what a snapshot itself lacks does not.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import say
from snaptui.inventory.row_set import RowSet
from snaptui.inventory.select import select
from snaptui.inventory.shared_select import tags_cause
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.sources import Sources
from snaptui.query import Query, QueryContext

if TYPE_CHECKING:
    from snaptui.audit.preview import Preview


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


def say_unjudged_policy(preview: "Preview", snapshots: Snapshots) -> ExitCode:
    """Say how many snapshots a policy spares only because their tags are unknown; the code as for a query."""
    if not preview.untold_count:
        return ExitCode.FINE
    cause, of = tags_cause(snapshots), len(snapshots)
    say(f"{preview.untold_count:,} of {of:,} could not be judged by the policy: {cause.text}, and these are kept")
    return ExitCode.INCOMPLETE if cause.unread else ExitCode.FINE


def say_unread_sources(snapshots: Snapshots, sources: Sources, among: RowSet) -> ExitCode:
    """Say how many snapshots `among` these have a source that cannot be told, as a list of sources was not read."""
    code = ExitCode.FINE
    for cause, rows in snapshots.places.states(sources).unknown.items():
        if cause.unread and (concerned := rows & among):
            say(f"the sources of {concerned.count:,} of {len(snapshots):,} cannot be told: {cause.text}")
            code = ExitCode.INCOMPLETE
    return code
