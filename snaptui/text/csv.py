"""CSV tables in which nothing acts on a terminal or is run by a spreadsheet."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from typing import Final

from snaptui.text.safe import visible

_FORMULAS: Final = frozenset("=+-@＝＋－＠")
# What a spreadsheet passes over before it looks for a formula, as it is and as `visible` shows it.
_PASSED_OVER: Final = (
    " \t\r\n\N{SYMBOL FOR HORIZONTAL TABULATION}\N{SYMBOL FOR CARRIAGE RETURN}\N{SYMBOL FOR LINE FEED}"
)


def cell(value: object) -> str:
    """Return a cell's text, a list as words; an apostrophe stands before what a spreadsheet would take for a formula.

    Numbers are left as they are, and `None` is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    words = value if isinstance(value, list | tuple) else (value,)
    text = visible(" ".join(map(str, words)))
    return f"'{text}" if text.lstrip(_PASSED_OVER)[:1] in _FORMULAS else text


def table(fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as CSV, with the fields in this order and their names above."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([cell(row[field]) for field in fields] for row in rows)
    return text.getvalue()
