"""Tables of snapshots: whole in a pipe, fitted to the width of a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from snaptui.model.snapshot import Snapshot
from snaptui.report.fields import Facts, Field
from snaptui.text.cells import cell_width, pad, shorten_middle

GAP: Final = "  "
ROWS_OF_A_PIECE: Final = 1_000
_FIRST_TO_GO: Final = ("tags", "regions", "id", "age_days", "resource_type", "monthly_usd", "size_gigabytes")
"""The columns that a narrow terminal goes without, unless they were asked for."""


class _Column(NamedTuple):
    field: Field
    cells: list[str]
    width: int
    ascii: bool


class Table(NamedTuple):
    """A table's text in pieces, and the headings that a terminal had no room for."""

    pieces: Iterator[str]
    left_out: tuple[str, ...] = ()


def table(
    rows: Sequence[Snapshot],
    fields: Sequence[Field],
    facts: Facts,
    *,
    width: int | None = None,
    may_leave_out: bool = False,
) -> Table:
    """Return a table with a line of headings; with a `width` no line is wider as long as each column keeps its least.

    Without one nothing is cut.
    """
    columns = [_column(field, rows, facts) for field in fields]
    if width is None:
        return Table(_lines(columns, len(rows)))
    kept = columns
    for name in _FIRST_TO_GO if may_leave_out else ():
        if _least(kept) > width:
            kept = [column for column in kept if column.field.name != name]
    left_out = tuple(column.field.short for column in columns if column not in kept)
    return Table(_lines(_fitted(kept, width), len(rows)), left_out)


def _column(field: Field, rows: Sequence[Snapshot], facts: Facts) -> _Column:
    cells = [field.text(row, facts) for row in rows]
    plain = all(map(str.isascii, cells))
    widest = max(map(len if plain else cell_width, cells), default=0)
    # One endless name must not push every other row apart: it sticks out instead.
    return _Column(field, cells, max(len(field.heading), min(widest, field.most or widest)), plain)


def _least(columns: Sequence[_Column]) -> int:
    """Return the width below which nothing can be cut any more."""
    widths = (min(column.width, column.field.least or column.width) for column in columns)
    return sum(widths) + len(GAP) * (len(columns) - 1)


def _fitted(columns: Sequence[_Column], width: int) -> list[_Column]:
    """Cut the widest of those that may be cut until all fit."""
    widths = [column.width for column in columns]
    spare = width - sum(widths) - len(GAP) * (len(columns) - 1)
    while spare < 0:
        loose = [n for n, column in enumerate(columns) if column.field.least and widths[n] > column.field.least]
        if not loose:
            break
        widths[max(loose, key=widths.__getitem__)] -= 1
        spare += 1
    return [_cut(column, width) for column, width in zip(columns, widths, strict=True)]


def _cut(column: _Column, width: int) -> _Column:
    if not column.field.least:
        return column._replace(width=width)
    cells = [cell if len(cell) <= width and cell.isascii() else shorten_middle(cell, width) for cell in column.cells]
    return _Column(column.field, cells, width, all(map(str.isascii, cells)))


def _lines(columns: Sequence[_Column], rows: int) -> Iterator[str]:
    padded = [_padded(column, [column.field.heading]) for column in columns]
    yield "".join(_joined(padded))
    for start in range(0, rows, ROWS_OF_A_PIECE):
        stop = start + ROWS_OF_A_PIECE
        yield "".join(_joined([_padded(column, column.cells[start:stop]) for column in columns]))


def _padded(column: _Column, cells: Sequence[str]) -> list[str]:
    width, right = column.width, column.field.right
    if not column.ascii:
        return [pad(cell, width, right=right) for cell in cells]
    return [cell.rjust(width) for cell in cells] if right else [cell.ljust(width) for cell in cells]


def _joined(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    return (GAP.join(cells).rstrip() + "\n" for cells in zip(*columns, strict=True))
