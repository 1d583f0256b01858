"""`snaptui list`: the same engine as the screen, on stdout."""

import gc
import os
import sys
import time
from argparse import Namespace
from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.loading import AccountList, Loading
from snaptui.cli.wiring import wired
from snaptui.inventory.orders import Sort
from snaptui.query import Query, QueryContext, QueryError, Vocabulary, parse
from snaptui.text.safe import masked, visible

if TYPE_CHECKING:
    from snaptui.inventory.view import View
    from snaptui.model.snapshot import Snapshot
    from snaptui.report.fields import Facts, Field

MOST_DAMAGED_NAMED: Final = 3
USUAL_COLUMNS: Final = 80


def run(options: Namespace) -> int:
    """Print what matches; the exit code says whether that is all there is."""
    gc.disable()  # nothing that is made here is garbage before the end: a tenth of the time for 50,000 rows
    text, order = " ".join(options.query), _sort(options.sort)
    query = read_query(text)
    asked = None if options.columns is None else _asked_fields(options.columns)
    if options.open is not None:
        from snaptui.cli.opened import open_account

        opened = open_account(options)
        settings, now = opened.settings, opened.now
        loaded = AccountList(opened.snapshots, opened.listing.coverage, opened.listing.sources)
        fields = asked or _usual_fields(options.output)
    else:
        with wired(options) as parts:
            loading = Loading(parts)
            # Imported while the first request is on its way: this takes 20 ms.
            import_module("snaptui.inventory.view")
            fields = asked or _usual_fields(options.output)
            loaded = loading.finish(sources=query.uses_sources or any(field.about_sources for field in fields))
            settings, now = parts.settings, time.time()
            now += loaded.coverage.server_ahead(now)
    from snaptui.inventory.view import View
    from snaptui.report.fields import Facts

    sort, price = order or settings.sort.value, settings.price_per_gb_month.value
    snapshots = loaded.snapshots
    query = read_query(text, snapshots.indexes.types)
    context = QueryContext(now, places=snapshots.places, sources=loaded.sources, usd_per_gb_month=price)
    view = View.of(snapshots, query, sort, context)
    rows = view.slice(0, len(view) if options.limit is None else options.limit)
    _print(rows, view, fields, Facts(now, price, loaded.sources, snapshots), options)
    code = _close(query, view, loaded)
    if not options.total and any(field.about_sources for field in fields):
        code = _say_unread(view, loaded) or code
    return _alarm(view, code) if options.fail_if_any else code


def _say_unread(view: "View", loaded: AccountList) -> ExitCode | None:
    """Say on stderr which sources in the columns could not be read; returns the exit code for it, if there are any."""
    from snaptui.cli.judging import say_unread_sources

    return say_unread_sources(view.snapshots, loaded.sources, view.selection.matching)


def unasked(options: Namespace) -> Namespace:
    """Return the options of a `list` for a command line without a command, as it stands in for the screen."""
    usual = {"sort": None, "output": "table", "columns": None, "limit": None, "total": False, "fail_if_any": False}
    return Namespace(**{**vars(options), **usual, "query": [options.filter]})


def read_query(text: str, types: Collection[str] | None = None) -> Query:
    """Return the query that was typed; for one that cannot be read, points at the mistake and raises `UsageError`.

    A resource type is only judged where the `types` that the list has are given: ask again when there is a list.
    """
    try:
        return parse(text, Vocabulary(types, any_type=types is None))
    except QueryError as error:
        pointer = f"{' ' * error.position}{'^' * max(1, error.length)}"
        print(f"  {visible(masked(text))}\n  {pointer}", file=sys.stderr)
        raise UsageError(f"query, {error}") from None


def _sort(text: str | None) -> Sort | None:
    if text is None:
        return None
    try:
        return Sort.parse(text)
    except ValueError as error:
        raise UsageError(f"--sort: {error}") from None


def _asked_fields(text: str) -> "Sequence[Field]":
    from snaptui.report.fields import UnknownFieldError, fields_named

    try:
        return fields_named(text)
    except UnknownFieldError as error:
        raise UsageError(f"--columns: {error}") from None


def _usual_fields(form: str) -> "Sequence[Field]":
    from snaptui.report.fields import API_FIELDS, CSV_FIELDS, TABLE_FIELDS, TERMINAL_FIELDS

    if form == "table" and sys.stdout.isatty():
        return TERMINAL_FIELDS
    return {"table": TABLE_FIELDS, "markdown": TABLE_FIELDS, "csv": CSV_FIELDS}.get(form, API_FIELDS)


def _print(
    rows: "Sequence[Snapshot]", view: "View", fields: "Sequence[Field]", facts: "Facts", options: Namespace
) -> None:
    from snaptui.report.summary import as_data, in_words

    form: str = options.output
    words = in_words(view.totals, len(view.snapshots), shown=len(rows))
    left_out: tuple[str, ...] = ()
    if options.total:
        sys.stdout.write(as_data(view.totals, len(view.snapshots), form))
        sys.stdout.flush()
        return
    if form == "table":
        from snaptui.report.table import table

        width = _width()
        made = table(rows, fields, facts, width=width, may_leave_out=options.columns is None)
        left_out = made.left_out
        _write(made.pieces if rows else ())
    else:
        from snaptui.report.formats import pieces

        _write(pieces(form, rows, fields, facts))
    if form in ("table", "markdown") and rows:
        hint = f"; not shown for want of room: {', '.join(left_out)} (--columns)" if left_out else ""
        print(f"{words}{hint}", file=sys.stdout if sys.stdout.isatty() else sys.stderr, flush=True)


def _write(pieces: Iterable[str]) -> None:
    for piece in pieces:
        sys.stdout.write(piece)
    sys.stdout.flush()


def _width() -> int | None:
    """Return the width of the terminal that the table goes to; `None` when it goes elsewhere."""
    if not sys.stdout.isatty():
        return None
    return os.get_terminal_size(sys.stdout.fileno()).columns or USUAL_COLUMNS


def _close(query: Query, view: "View", loaded: AccountList) -> ExitCode:
    """Say on stderr what the rows do not say, and return the exit code."""
    if not len(view):
        total = len(view.snapshots)
        matches = "matches" if view.selection.shortfall is None else "is known to match"
        say(f"no snapshot of {total:,} {matches} {query}" if total else "the account has no snapshots")
    damaged = [row for row in view.slice(0, len(view)) if row.damage] if loaded.coverage.damaged else []
    for row in damaged[:MOST_DAMAGED_NAMED]:
        say(f"a damaged row: {row.id} {row.name}: {row.damage}")
    if len(damaged) > MOST_DAMAGED_NAMED:
        say(f"{len(damaged) - MOST_DAMAGED_NAMED:,} more rows are damaged: see is:damaged and --columns id,damage")
    unjudged, missing = view.selection.shortfall, loaded.coverage.shortfall
    for shortfall in (unjudged, missing):
        if shortfall is not None:
            say(shortfall)
    return ExitCode.INCOMPLETE if missing is not None or view.selection.unread else ExitCode.FINE


def _alarm(view: "View", code: ExitCode) -> ExitCode:
    """Return the exit code of `--fail-if-any`: fine only if it is certain that no snapshot matches."""
    if len(view):
        return ExitCode.FOUND
    return ExitCode.INCOMPLETE if view.selection.unjudged.count else code
