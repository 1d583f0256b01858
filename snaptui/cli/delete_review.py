"""Review of `snaptui delete`: the victims as a table, warnings, what could not be read, and the sums."""

import sys
from collections.abc import Mapping, Sequence

from snaptui.cli.known import Known
from snaptui.deletion.guards import Guards
from snaptui.deletion.warnings import warnings_for
from snaptui.model.cost import Totals
from snaptui.model.snapshot import Snapshot
from snaptui.report.fields import TABLE_FIELDS, Facts
from snaptui.report.table import table
from snaptui.text.amounts import count, total_gigabytes, usd_per_month
from snaptui.text.safe import visible


def warnings_of(items: Sequence[Snapshot], now: Known, guards: Guards) -> Mapping[str, Sequence[str]]:
    """Return what the screen's review warns of, and before it what will be skipped."""
    images, rules = now.autoscale_images, guards.protect
    found = dict(warnings_for(items, now.snapshots, now.sources, images, now.context.now, rules))
    refusal = guards.judge(now.context)
    for item in items:
        if (refused := refusal(item)) is not None:
            found[item.id] = (f"will be skipped: {refused}", *found.get(item.id, ()))
    return found


def print_review(
    items: Sequence[Snapshot],
    now: Known,
    warnings: Mapping[str, Sequence[str]],
    cautions: Sequence[str],
    api_url: str,
) -> None:
    """Print every victim, the warnings about it, what is not known, and the sums."""
    price = now.context.usd_per_gb_month
    sys.stdout.writelines(table(items, TABLE_FIELDS, Facts(now.context.now, price, snapshots=now.snapshots)).pieces)
    for item in items:
        for warning in warnings.get(item.id, ()):
            print(visible(f"! {item.name} ({item.id}): {warning}"))
    for caution in cautions:
        print(visible(f"! {caution}"))
    totals = Totals.of(items, price)
    whose = now.account.label if now.account else "an account this token may not name"
    sums = f"{total_gigabytes(totals.gigabytes)}, {usd_per_month(totals.monthly_usd)}"
    print(visible(f"delete {count(totals.count, 'snapshot')} from {whose} at {api_url}: {sums}"), flush=True)


def cautions_of(items: Sequence[Snapshot], now: Known, *, unproven: bool) -> list[str]:
    """Return what could not be read, and so is not warned of."""
    said = []
    if unproven:
        said.append("account not proven: it could not be read, now or when the plan was made")
    if now.coverage.shortfall is not None:
        said.append(f"{now.coverage.shortfall}; there may be more copies")
    problems = dict.fromkeys(problem for item in items if (problem := now.sources.problem_for(item)))
    said += [f"whether a source is gone is not known: {problem}" for problem in problems]
    if now.autoscale_images is None:
        said.append("whether autoscale pools use any of them could not be read")
    return said
