"""Formats of a listing: JSON, CSV and Markdown; tables are in `table`. A new one is also a row in `report/export`."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from typing import Final

import msgspec

from snaptui.model.snapshot import Snapshot
from snaptui.report import markdown
from snaptui.report.fields import Facts, Field
from snaptui.text.csv import cell

ROWS_OF_A_PIECE: Final = 1_000
_BEYOND_ASCII: Final = re.compile(r"[^\x20-\x7e\n]")


def pieces(form: str, rows: Sequence[Snapshot], fields: Sequence[Field], facts: Facts) -> Iterator[str]:
    """Yield a listing as `json`, `jsonl`, `csv` or `markdown`."""
    return _WRITERS[form](rows, fields, facts)


def _some_at_a_time(rows: Sequence[Snapshot]) -> Iterator[Sequence[Snapshot]]:
    for start in range(0, len(rows), ROWS_OF_A_PIECE):
        yield rows[start : start + ROWS_OF_A_PIECE]


class _Objects:
    """Rows to objects with these fields: structs, which are made and encoded in half the time of dictionaries."""

    def __init__(self, fields: Sequence[Field], facts: Facts) -> None:
        self._fields = fields
        self._facts = facts
        self._made = msgspec.defstruct("Listed", [field.name for field in fields], gc=False)

    def of(self, rows: Sequence[Snapshot]) -> list[msgspec.Struct]:
        facts = self._facts
        columns = [[field.value(row, facts) for row in rows] for field in self._fields]
        return list(map(self._made, *columns))


def _json(rows: Sequence[Snapshot], fields: Sequence[Field], facts: Facts) -> Iterator[str]:
    """Yield one array, indented by two spaces."""
    objects, before = _Objects(fields, facts), "["
    for some in _some_at_a_time(rows):
        encoded = msgspec.json.format(msgspec.json.encode(objects.of(some)), indent=2).decode()
        yield before + _ascii(encoded[1:-2])
        before = ","
    yield "\n]\n" if rows else "[]\n"


def _json_lines(rows: Sequence[Snapshot], fields: Sequence[Field], facts: Facts) -> Iterator[str]:
    """Yield an object a line."""
    objects, encoder = _Objects(fields, facts), msgspec.json.Encoder()
    for some in _some_at_a_time(rows):
        yield _ascii(encoder.encode_lines(objects.of(some)).decode())


def _ascii(text: str) -> str:
    """Return JSON with all beyond ASCII, which includes what could act on a terminal, written as `\\uXXXX`."""
    return text if text.isascii() and "\x7f" not in text else _BEYOND_ASCII.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1] if found[0] != "\x7f" else "\\u007f"


def _markdown(rows: Sequence[Snapshot], fields: Sequence[Field], facts: Facts) -> Iterator[str]:
    yield f"{markdown.row([field.heading for field in fields])}\n{markdown.rule([field.right for field in fields])}\n"
    for some in _some_at_a_time(rows):
        yield "".join(f"{markdown.row([field.text(row, facts) for field in fields])}\n" for row in some)


def _csv(rows: Sequence[Snapshot], fields: Sequence[Field], facts: Facts) -> Iterator[str]:
    yield ",".join(field.name for field in fields) + "\n"
    for some in _some_at_a_time(rows):
        file = StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([cell(field.value(row, facts)) for field in fields] for row in some)
        yield file.getvalue()


_WRITERS: Final[Mapping[str, Callable[[Sequence[Snapshot], Sequence[Field], Facts], Iterator[str]]]] = {
    "markdown": _markdown,
    "json": _json,
    "jsonl": _json_lines,
    "csv": _csv,
}
