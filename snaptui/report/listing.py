"""Snapshots as a table, JSON, CSV or markdown."""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TextIO

from snaptui.model.cost import monthly_usd
from snaptui.model.snapshot import Snapshot
from snaptui.text.cells import cell_width, pad
from snaptui.text.columns import COLUMNS, Terms
from snaptui.text.safe import visible

UNLIMITED: Final = 10_000
FIELDS: Final = (
    "id",
    "name",
    "resource_type",
    "size_gigabytes",
    "monthly_usd",
    "created_at",
    "regions",
    "min_disk_size",
    "resource_id",
    "tags",
)


def write(snapshots: Sequence[Snapshot], form: str, terms: Terms, file: TextIO) -> None:
    """Write the snapshots in one of the forms of `--output`."""
    _WRITERS[form](snapshots, terms, file)


def _cells(snapshot: Snapshot, terms: Terms) -> list[str]:
    return [visible(snapshot.id), *(column.text(snapshot, terms, UNLIMITED) for column in COLUMNS)]


def _table(snapshots: Sequence[Snapshot], terms: Terms, file: TextIO) -> None:
    rows = [["ID", *(column.heading for column in COLUMNS)], *(_cells(snapshot, terms) for snapshot in snapshots)]
    # One endless name must not push every other row apart: it sticks out instead.
    most = [UNLIMITED, *(column.most or UNLIMITED for column in COLUMNS)]
    widths = [
        min(limit, max(cell_width(cell) for cell in cells))
        for limit, cells in zip(most, zip(*rows, strict=True), strict=True)
    ]
    right = [False, *(column.right for column in COLUMNS)]
    for row in rows:
        cells = (pad(cell, width, right=r) for cell, width, r in zip(row, widths, right, strict=True))
        file.write("  ".join(cells).rstrip() + "\n")


def _markdown(snapshots: Sequence[Snapshot], terms: Terms, file: TextIO) -> None:
    def row(cells: Sequence[str]) -> str:
        escaped = (cell.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") for cell in cells)
        return f"| {' | '.join(escaped)} |\n"

    file.write(row(["ID", *(column.heading for column in COLUMNS)]))
    file.write(row(["---", *("---:" if column.right else "---" for column in COLUMNS)]))
    for snapshot in snapshots:
        file.write(row(_cells(snapshot, terms)))


def _json(snapshots: Sequence[Snapshot], _terms: Terms, file: TextIO) -> None:
    json.dump([snapshot.to_json() for snapshot in snapshots], file, indent=2)
    file.write("\n")


def _jsonl(snapshots: Sequence[Snapshot], _terms: Terms, file: TextIO) -> None:
    for snapshot in snapshots:
        file.write(json.dumps(snapshot.to_json()) + "\n")


def _csv(snapshots: Sequence[Snapshot], terms: Terms, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIELDS)
    for snapshot in snapshots:
        cost = monthly_usd(snapshot, terms.usd_per_gb_month)
        values = {**snapshot.to_json(), "monthly_usd": None if cost is None else f"{cost:.2f}"}
        writer.writerow([_spreadsheet_cell(values[field]) for field in FIELDS])


def _spreadsheet_cell(value: object) -> str:
    """Return a cell's text; one that a spreadsheet would run as a formula gets an apostrophe in front."""
    if value is None:
        return ""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = visible(text)
    return f"'{text}" if isinstance(value, str | list) and text[:1] in ("=", "+", "-", "@") else text


_WRITERS: Final[Mapping[str, Callable[[Sequence[Snapshot], Terms, TextIO], None]]] = {
    "table": _table,
    "markdown": _markdown,
    "json": _json,
    "jsonl": _jsonl,
    "csv": _csv,
}
