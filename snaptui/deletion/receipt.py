"""What became of every item of a batch, as rows, JSON, CSV, and commands of doctl."""

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO
from typing import Final

from snaptui.deletion.batch import Batch

FIELDS: Final = (
    "batch",
    "at",
    "account",
    "id",
    "name",
    "resource_type",
    "size_gigabytes",
    "outcome",
    "reason",
    "request_id",
)


def rows(batches: Iterable[Batch]) -> list[dict[str, object]]:
    """Return a row for every item, by the names of `FIELDS`; `outcome` is `None` for what was never sent."""
    return [
        {
            "batch": batch.id,
            "at": datetime.fromtimestamp(batch.confirmed, UTC).isoformat().replace("+00:00", "Z"),
            "account": batch.plan.account.label if batch.plan.account else None,
            "id": item.snapshot.id,
            "name": item.snapshot.name,
            "resource_type": item.snapshot.resource_type,
            "size_gigabytes": item.snapshot.size_gigabytes,
            "outcome": item.outcome.value if item.outcome else None,
            "reason": item.reason or None,
            "request_id": item.request_id,
        }
        for batch in batches
        for item in batch.items
    ]


def as_json(batches: Iterable[Batch]) -> str:
    """Return the rows as a JSON array."""
    return json.dumps(rows(batches), indent=2) + "\n"


def as_csv(batches: Iterable[Batch]) -> str:
    """Return the rows as CSV; text that a spreadsheet would run gets an apostrophe in front."""
    text = StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in rows(batches):
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return text.getvalue()


def as_doctl(batches: Iterable[Batch]) -> str:
    """Return the commands that would delete with doctl what still exists; nothing runs them."""
    left = [row for row in rows(batches) if row["outcome"] not in ("deleted", "already gone")]
    return "".join(f"doctl compute snapshot delete {row['id']} --force\n" for row in left)


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
