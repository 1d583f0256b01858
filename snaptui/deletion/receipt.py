"""What became of every item of a batch, as rows, JSON, CSV, and commands of doctl."""

import csv
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO
from typing import Final

from snaptui.deletion.batch import Job

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


def rows(jobs: Iterable[Job]) -> list[dict[str, object]]:
    """Return a row for every item, by the names of `FIELDS`; `outcome` is `None` for what was never sent."""
    return [
        {
            "batch": job.id,
            "at": datetime.fromtimestamp(job.starts_at, UTC).isoformat().replace("+00:00", "Z"),
            "account": job.plan.account.label if job.plan.account else None,
            "id": item.snapshot.id,
            "name": item.snapshot.name,
            "resource_type": item.snapshot.resource_type,
            "size_gigabytes": item.snapshot.size_gigabytes,
            "outcome": item.outcome.value if item.outcome else None,
            "reason": item.reason or None,
            "request_id": item.request_id,
        }
        for job in jobs
        for item in job.items
    ]


def as_json(jobs: Iterable[Job]) -> str:
    """Return the rows as a JSON array."""
    return json.dumps(rows(jobs), indent=2) + "\n"


def as_csv(jobs: Iterable[Job]) -> str:
    """Return the rows as CSV; text that a spreadsheet would run gets an apostrophe in front."""
    text = StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    for row in rows(jobs):
        writer.writerow({name: _inert(value) for name, value in row.items()})
    return text.getvalue()


def as_doctl(jobs: Iterable[Job]) -> str:
    """Return the commands that would delete with doctl what still exists; nothing runs them."""
    left = [row for row in rows(jobs) if row["outcome"] not in ("deleted", "already gone")]
    return "".join(f"doctl compute snapshot delete {row['id']} --force\n" for row in left)


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
