"""`snaptui prune`: what a retention policy keeps and what it would remove. It deletes nothing."""

import json
import sys
from argparse import Namespace
from os.path import lexists
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from snaptui.audit.calendar import Calendar
from snaptui.audit.histories import GroupBy, Histories, Scope
from snaptui.audit.policy import COUNTS, SPANS, Policy, PolicyError
from snaptui.audit.preview import Preview
from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.judging import say_unjudged, say_unjudged_policy, say_unjudged_rules
from snaptui.cli.list import read_query
from snaptui.cli.opened import Opened, open_account
from snaptui.cli.saving import destination
from snaptui.deletion.guards import Guards
from snaptui.deletion.warnings import warnings_for
from snaptui.files.errors import FileError
from snaptui.files.private import write_private
from snaptui.inventory.select import select
from snaptui.query import Query
from snaptui.report.retention import as_json, as_text, plan_of


def run(options: Namespace) -> int:
    """Print the preview and write the plan that was asked for; the exit code says whether all was read and judged."""
    text, calendar = " ".join(options.query), _calendar(options.time_zone)
    read_query(text)
    typed = _typed(options)
    destination(options)
    opened = open_account(options)
    query = read_query(text, opened.snapshots.indexes.types)
    policy = typed if options.policy is None else _named(options.policy, opened)
    preview = _preview(opened, query, policy, GroupBy(options.group_by), calendar)
    if options.output == "json":
        json.dump(as_json(preview), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(as_text(preview, opened.snapshots.usd_per_gb_month))
    sys.stdout.flush()
    shortfall = opened.listing.coverage.shortfall
    if shortfall is not None:
        say(f"{shortfall}{'; no plan was written' if options.save else ''}")
        return ExitCode.INCOMPLETE
    if (path := destination(options)) is not None:
        _save(preview, opened, query, path)
    context, rules = opened.context, opened.settings.protect.value
    codes = (
        say_unjudged(query, opened.snapshots, context),
        say_unjudged_policy(preview, opened.snapshots),
        say_unjudged_rules(rules, opened.snapshots, context),
    )
    return max(codes)


def _typed(options: Namespace) -> Policy:
    """Return the policy of the options; raises `UsageError` for an empty one, which would remove everything."""
    values = {name: getattr(options, f"keep_{name}") for name in (*COUNTS, *SPANS)}
    texts = {name: str(value) for name, value in values.items() if value is not None}
    try:
        policy = Policy.read(texts, options.keep_tag)
    except PolicyError as error:
        raise UsageError(str(error)) from None
    if options.policy is not None and not policy.is_empty:
        raise UsageError("--policy names a whole policy: it does not go with --keep options")
    if options.policy is None and policy.is_empty:
        raise UsageError(
            "the policy is empty and would keep nothing; give --keep-last N, --keep-daily N, … or --policy"
        )
    return policy


def _named(name: str, opened: Opened) -> Policy:
    policies = opened.settings.policies.value
    if name not in policies:
        known = ", ".join(policies) or "none"
        raise UsageError(f"there is no policy {name!r} in the settings; there are: {known}")
    return policies[name]


def _calendar(zone: str | None) -> Calendar:
    try:
        return Calendar() if zone is None else Calendar(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"--time-zone takes a name such as Europe/Berlin, not {zone!r}") from None


def _preview(opened: Opened, query: Query, policy: Policy, by: GroupBy, calendar: Calendar) -> Preview:
    settings, snapshots, context = opened.settings, opened.snapshots, opened.context
    guards = Guards(False, settings.protect.value, settings.max_batch.value)
    selection = select(query, snapshots, context)
    histories = Histories(Scope(snapshots, selection.matching, selection.unjudged), by, context.now)
    return Preview(
        histories,
        policy,
        context,
        refusal=guards.judge(context),
        refusable=guards.refusable(snapshots, context),
        calendar=calendar,
    )


def _save(preview: Preview, opened: Opened, query: Query, path: Path) -> None:
    """Write what goes as a plan for `snaptui delete --plan`; there is none without anything to remove."""
    if not preview.removed_count:
        none = "there is nothing to remove, so no plan was written"
        if lexists(path):  # `snaptui delete` behind this would take the plan of another day for this one
            raise UsageError(f"{none}; {path} is still what it was", ExitCode.NOT_WRITTEN)
        say(none)
        return
    listing = opened.listing
    plan = plan_of(preview, uuid4().hex, listing.saved, listing.api_url, listing.account, str(query))
    rules, images = opened.settings.protect.value, listing.autoscale_images
    warnings = warnings_for(plan.items, opened.snapshots, listing.sources, images, opened.now, rules)
    try:
        write_private(path, plan.to_json(warnings))
    except FileError as error:
        raise UsageError(f"--save: {error}", ExitCode.NOT_WRITTEN) from None
    say(f"the plan was saved to {path}; snaptui delete --plan {path} reviews and deletes")
