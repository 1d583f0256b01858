"""Receipt: what became of every item of a batch, as rows, JSON, CSV, and commands of doctl."""

import json
import shlex
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from snaptui.deletion.batch import Batch
from snaptui.deletion.items import GONE
from snaptui.deletion.journal_lines import moment
from snaptui.digitalocean.api.requests import SAFE_ID
from snaptui.model.cost import monthly_usd
from snaptui.text import csv
from snaptui.text.safe import visible

FIELDS: Final = (
    "batch",
    "at",
    "account",
    "id",
    "name",
    "resource_type",
    "size_gigabytes",
    "monthly_usd",
    "outcome",
    "reason",
    "request_id",
)


def rows(batches: Iterable[Batch], usd_per_gb_month: float) -> list[dict[str, object]]:
    """Return a row for every item, by the names of `FIELDS`; `outcome` is `None` for what was never sent."""
    return [
        {
            "batch": batch.id,
            "at": datetime.fromtimestamp(moment(batch.confirmed), UTC).isoformat().replace("+00:00", "Z"),
            "account": batch.plan.account.label if batch.plan.account else None,
            "id": item.snapshot.id,
            "name": item.snapshot.name,
            "resource_type": item.snapshot.resource_type,
            "size_gigabytes": item.snapshot.size_gigabytes,
            "monthly_usd": monthly_usd(item.snapshot, usd_per_gb_month),
            "outcome": item.outcome.value if item.outcome else None,
            "reason": item.reason or None,
            "request_id": item.request_id,
        }
        for batch in batches
        for item in batch.items
    ]


def as_json(batches: Iterable[Batch], usd_per_gb_month: float) -> str:
    """Return the rows as a JSON array in ASCII."""
    return json.dumps(rows(batches, usd_per_gb_month), indent=2) + "\n"


def as_csv(batches: Iterable[Batch], usd_per_gb_month: float) -> str:
    """Return the rows as CSV that neither a terminal nor a spreadsheet acts on."""
    return csv.table(FIELDS, rows(batches, usd_per_gb_month))


def as_doctl(batches: Iterable[Batch]) -> str:
    """Return the commands that would delete with doctl what still exists; nothing runs them.

    An id that is none, as a file of the journal may hold, is named in a comment instead.
    """
    left = [item.snapshot.id for batch in batches for item in batch.items if item.outcome not in GONE]
    return "".join(f"{_command(snapshot_id)}\n" for snapshot_id in left)


def _command(snapshot_id: str) -> str:
    if SAFE_ID.match(snapshot_id):
        # An id may begin with a dash, which would be taken for an option.
        return f"doctl compute snapshot delete --force -- {shlex.quote(snapshot_id)}"
    return f"# passed over, as it is no snapshot id: {visible(snapshot_id)}"
