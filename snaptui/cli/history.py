"""`snaptui history`: what was deleted before and what that saves, from the journal."""

import os
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.wiring import journal_in
from snaptui.config import paths
from snaptui.config.settings import load
from snaptui.deletion import receipt
from snaptui.deletion.history import History, history_of
from snaptui.deletion.items import Item, freed
from snaptui.deletion.journal_lines import moment
from snaptui.model.cost import monthly_usd
from snaptui.query.units import parse_duration, parse_moment
from snaptui.text.amounts import gigabytes, total_gigabytes, usd, usd_per_month
from snaptui.text.safe import visible


def run(options: Namespace) -> int:
    """Print every batch that was recorded, oldest first; with `--since` only those confirmed from then on."""
    since = _moment(options.since, time.time()) if options.since is not None else float("-inf")
    price = load(paths.config_file(), os.environ).price_per_gb_month.value
    found = history_of(journal_in(), since)
    for problem in found.problems:
        say(problem)
    if options.output == "json":
        print(receipt.as_json(found.batches, price), end="")
    elif options.output == "csv":
        print(receipt.as_csv(found.batches, price), end="")
    else:
        print(*map(visible, _lines(found, price)), sep="\n", end="\n" if found.batches else "")
    if not found.batches:
        known = "no deletion is known of" if found.unread else "no deletion is recorded"
        say(known if options.since is None else f"{known} since {options.since}")
    return ExitCode.INCOMPLETE if found.unread else ExitCode.FINE


def _moment(text: str, now: float) -> float:
    """Return the Unix seconds of `30d` ago or `2026-11`; raises `UsageError`."""
    try:
        return now - parse_duration(text).least
    except ValueError:
        pass
    try:
        return parse_moment(text).least
    except ValueError:
        raise UsageError(f"--since takes an age such as 30d or a date such as 2026-11-25, not {text!r}") from None


def _lines(found: History, price: float) -> Iterator[str]:
    for batch in found.batches:
        at = datetime.fromtimestamp(moment(batch.confirmed), UTC)
        whose = batch.plan.account.label if batch.plan.account else "account not known"
        yield f"{at:%Y-%m-%d %H:%M} UTC  {whose}: {_saved(batch.items, price)}"
        yield from (f"  {_item(item, price)}" for item in batch.items)
    if len(found.batches) > 1:
        yield f"{len(found.batches):,} deletions: {_saved(found.items, price)}"


def _saved(items: Sequence[Item], price: float) -> str:
    gone = freed(items, price)
    sums = f"{total_gigabytes(gone.gigabytes)}, {usd_per_month(gone.monthly_usd)} saved"
    return f"{gone.count:,} of {len(items):,} deleted, {sums}"


def _item(item: Item, price: float) -> str:
    snapshot = item.snapshot
    size = "unknown" if snapshot.size_gigabytes is None else gigabytes(snapshot.size_gigabytes)
    cost = monthly_usd(snapshot, price)
    amounts = f"{size:>12}  {'?' if cost is None else usd(cost):>8}"
    reason = f": {item.reason}" if item.reason else ""
    return f"{item.outcome or 'never sent':<16}  {amounts}  {snapshot.id}  {snapshot.name}{reason}"
