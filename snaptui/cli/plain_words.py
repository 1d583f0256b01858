"""Words of the line-oriented browser: whole sentences, nothing in columns, for ears and fingertips as for eyes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import Items
from snaptui.deletion.plan import Plan
from snaptui.deletion.states import State
from snaptui.model.cost import monthly_usd
from snaptui.model.snapshot import Snapshot
from snaptui.query import QueryContext
from snaptui.text.amounts import age_in_words, count, gigabytes, total_gigabytes, usd_per_month
from snaptui.text.safe import visible

HELP: Final = """list [QUERY]   the snapshots that match, 20 at a time; next or n for more of them
mark N ...     mark by the numbers in the list, also 3-7, or all
unmark N ...   likewise
marks          what is marked
show N         everything about one snapshot
delete         review what is marked, and delete it after its number was typed
back           take back the batch that was confirmed last, while nothing of it was sent
status         how the deletions stand, each with its number
pause          send nothing more of a batch for now; continue goes on
cancel         send nothing more of a batch
retry          try again what failed of a batch
               back, pause, continue, cancel and retry take a number of status
resume         go on with what an earlier run left, reviewed again
forget         leave what an earlier run left undeleted
quit           leave; also q or exit"""

_STATES: Final[Mapping[State, str]] = {
    State.GRACE: "about to begin",
    State.HELD: "paused before it began",
    State.QUEUED: "waiting for its turn",
}


def _age(snapshot: Snapshot, now: float, believed_until: float) -> str:
    if snapshot.created is None:
        return "of unknown age"
    return "dated in the future" if snapshot.created > believed_until else f"{age_in_words(now - snapshot.created)} old"


def row(number: int, snapshot: Snapshot, context: QueryContext, believed_until: float, *, refused: bool) -> str:
    """Return one snapshot as a line; dates after `believed_until` (Unix seconds) are in the future."""
    marked, price = snapshot.id in context.marked, context.usd_per_gb_month
    cost = monthly_usd(snapshot, price)
    parts = [
        f"{number}. {'marked, ' if marked else ''}{'protected, ' if refused else ''}{visible(snapshot.name)}",
        snapshot.resource_type,
        "of unknown size" if snapshot.size_gigabytes is None else gigabytes(snapshot.size_gigabytes),
        "of unknown cost" if cost is None else usd_per_month(cost),
        _age(snapshot, context.now, believed_until),
        " ".join(snapshot.regions) or "no region",
        f"id {snapshot.id}",
    ]
    return ", ".join(visible(part) for part in parts)


def everything(snapshot: Snapshot) -> Iterator[str]:
    """Yield each field of a snapshot as the API names it."""
    for name, value in snapshot.to_json().items():
        yield f"{name}: {visible(str(value))}"


def review(plan: Plan, warnings: Mapping[str, Sequence[str]], cautions: Sequence[str], price: float) -> str:
    """Return what would be deleted, every victim and every warning; `price` is in US dollars per GB and month."""
    totals = plan.totals(price)
    account = visible(plan.account.label) if plan.account else "an account that is not proven"
    lines = [
        f"Delete {count(totals.count, 'snapshot')} from {account} at {visible(plan.api_url)}:",
        f"this frees {total_gigabytes(totals.gigabytes)} and {usd_per_month(totals.monthly_usd)}.",
        *(f"Caution: {visible(caution)}" for caution in cautions),
    ]
    for snapshot in sorted(plan.items, key=lambda one: one.id not in warnings):
        warned = "; ".join(warnings.get(snapshot.id, ()))
        lines.append(f"  {visible(snapshot.name)}, id {visible(snapshot.id)}{f': {visible(warned)}' if warned else ''}")
    return "\n".join(lines)


def standing(batch: Batch) -> str:
    """Return how a batch stands in one line."""
    ended = [f"{number} {outcome}" for outcome, number in sorted(batch.counts.items())]
    left = len(batch.items) - batch.done
    parts = [*ended, *([f"{left} not yet"] if left else [])]
    why = [batch.stop.message if batch.stop else "", batch.unwritable or ""]
    said = "".join(f". {visible(text)}" for text in why if text)
    state = _STATES.get(batch.state, str(batch.state))
    return f"{count(len(batch.items), 'snapshot')}, {state}: {', '.join(parts)}{said}"


def outcomes(items: Items, told: Items | None) -> Iterator[str]:
    """Yield the outcomes that were not there when `told` were told."""
    for item in items.ended_since(told):
        reason = f": {visible(item.reason)}" if item.reason else ""
        yield f"{item.outcome}, {visible(item.snapshot.name)}, id {visible(item.snapshot.id)}{reason}"


def begun(number: int, grace_seconds: float) -> str:
    """Return the sentence that says that a deletion begins, and how to take it back."""
    return f"Deleting {count(number, 'snapshot')} in {grace_seconds:g} seconds; back takes all of it back."
