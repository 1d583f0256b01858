"""A retention preview as text and JSON, and as the plan that deletes what it removes."""

from collections.abc import Iterator
from typing import Final

from snaptui.audit.preview import Judged, Preview
from snaptui.deletion.plan import KeptGroup, Plan
from snaptui.model.account import Account
from snaptui.model.cost import monthly_cents
from snaptui.text.amounts import count, total_gigabytes
from snaptui.text.cells import pad, shorten_middle
from snaptui.text.safe import visible

_NAME: Final = 44


def plan_of(preview: Preview, plan_id: str, created: float, api_url: str, account: Account | None, query: str) -> Plan:
    """Return the plan that deletes what a preview removes, and says of each group what stays."""
    outcomes = preview.outcomes()
    keeps = tuple(
        KeptGroup(one.label, tuple(row.id for row in one.goes), tuple(row.id for row in one.stays)) for one in outcomes
    )
    return Plan(plan_id, created, api_url, account, query, tuple(preview.removed), keeps=keeps)


def as_json(preview: Preview) -> dict[str, list[dict[str, object]]]:
    """Return what is kept, with the reasons, and what is removed, ready for a JSON encoder."""
    judged = preview.slice(0, len(preview))
    return {
        "keep": [{**_fields(one), "reasons": list(one.reasons)} for one in judged if one.kept],
        "remove": [_fields(one) for one in judged if not one.kept],
    }


def _fields(judged: Judged) -> dict[str, object]:
    row = judged.snapshot
    return {"id": row.id, "name": row.name, "created_at": row.created_at, "group": judged.group}


def as_text(preview: Preview, usd_per_gb_month: float) -> str:
    """Return a line for each snapshot, group by group, and what it comes to."""
    return "\n".join(_lines(preview, usd_per_gb_month)) + "\n"


def _lines(preview: Preview, price: float) -> Iterator[str]:
    yield f"keep {preview.policy}, by {preview.histories.by}"
    group = None
    for judged in preview.slice(0, len(preview)):
        if judged.group != group:
            group = judged.group
            yield ""
            yield visible(group) or "kept aside, whatever the policy says"
        yield _line(judged, price)
    yield ""
    yield summary(preview)
    if advice := singles(preview):
        yield advice


def _line(judged: Judged, price: float) -> str:
    row = judged.snapshot
    moment = (row.created_at or "no date")[:16].replace("T", " ")
    name = pad(shorten_middle(visible(row.name), _NAME), _NAME)
    head = f"  {'keep  ' if judged.kept else 'remove'}  {name}  {visible(moment):<16}"
    cents = monthly_cents(row, price) or 0
    why = ", ".join(map(visible, judged.reasons)) if judged.kept else f"${cents / 100:,.2f}/mo"
    return f"{head}  {why}"


def summary(preview: Preview) -> str:
    """Return how much stays and goes, `keeps 97, removes 143: 3.1 TB, $186.40 a month`."""
    goes = f"{total_gigabytes(preview.gigabytes)}, ${preview.cents / 100:,.2f} a month"
    counts = f"keeps {preview.kept_count:,}, removes {preview.removed_count:,}"
    return f"{counts}: {goes}" if preview.removed_count else counts


def singles(preview: Preview) -> str:
    """Return advice when most groups hold a single snapshot: then a policy keeps everything; else nothing."""
    of, ones = preview.group_count, preview.groups_of_one
    if of < 2 or 2 * ones <= of:
        return ""
    said = f"{ones:,} of {count(of, 'group')} hold a single snapshot, which a policy keeps"
    if preview.histories.by == "family":
        return said
    return f"{said};\n--group-by family puts those together whose names differ only in dates"
