"""`snaptui list`: the same engine as the screen, on stdout."""

import sys
import time
from argparse import Namespace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.loading import Loading
from snaptui.cli.wiring import wired
from snaptui.inventory.orders import Sort
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.text.safe import masked, visible


def run(options: Namespace) -> int:
    """Print what matches; the exit code says whether that is all there is."""
    query, sort = read_query(" ".join(options.query)), _sort(options.sort)
    with wired(options) as parts:
        loading = Loading(parts)
        # While the first request is on its way: this takes 20 ms.
        from snaptui.inventory.view import View
        from snaptui.report.listing import write
        from snaptui.text.columns import Terms

        loaded = loading.finish(sources=query.uses_sources)
        price, now = parts.settings.price_per_gb_month.value, time.time()
    context = QueryContext(now, frozenset(), loaded.snapshots.latest_ids, loaded.sources, price)
    view = View.of(loaded.snapshots, query, sort, context)
    write(view.slice(0, len(view)), options.output, Terms(now, price), sys.stdout)
    sys.stdout.flush()
    if loaded.coverage.shortfall is not None:
        say(loaded.coverage.shortfall)
        return ExitCode.INCOMPLETE
    return ExitCode.FINE


def unasked(options: Namespace) -> Namespace:
    """Return the options of a `list` for a command line without a command, as it stands in for the screen."""
    return Namespace(**{**vars(options), "query": [options.filter], "sort": "name", "output": "table"})


def read_query(text: str) -> Query:
    """Return the query that was typed; for one that cannot be read, points at the mistake and raises `UsageError`."""
    try:
        return parse(text)
    except QueryError as error:
        pointer = f"{' ' * error.position}{'^' * max(1, error.length)}"
        print(f"  {visible(masked(text))}\n  {pointer}", file=sys.stderr)
        raise UsageError(f"query, {error}") from None


def _sort(text: str) -> Sort:
    try:
        return Sort.parse(text)
    except ValueError as error:
        raise UsageError(f"--sort: {error}") from None
