"""`snaptui list`: the same engine as the screen, on stdout."""

import asyncio
import sys
import time

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.progress import Progress
from snaptui.cli.wiring import Parts, UsageError
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError, NotPermittedError
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.inventory.orders import Sort
from snaptui.inventory.snapshots import Snapshots
from snaptui.inventory.view import View
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import Query, QueryContext, QueryError, parse
from snaptui.report.listing import write
from snaptui.text.columns import Terms
from snaptui.text.safe import visible


def run(parts: Parts, text: str, sort_text: str, form: str) -> int:
    """Print what matches; the exit code says whether that is all there is."""
    query, sort = _query(text), _sort(sort_text)
    client = parts.need_client()
    try:
        snapshots, coverage, sources = asyncio.run(_load(client, query))
    except ApiError as error:
        print(f"snaptui: {visible(str(error))}", file=sys.stderr)
        denied = isinstance(error, NotAuthenticatedError | NotPermittedError)
        return ExitCode.NOT_PERMITTED if denied else ExitCode.API_FAILED
    price, now = parts.settings.price_per_gb_month.value, time.time()
    context = QueryContext(now, frozenset(), snapshots.latest_ids, sources, price)
    view = View.of(snapshots, query, sort, context)
    write(view.slice(0, len(view)), form, Terms(now, price), sys.stdout)
    sys.stdout.flush()
    if coverage.shortfall is not None:
        print(f"snaptui: {visible(coverage.shortfall)}", file=sys.stderr)
        return ExitCode.INCOMPLETE
    return ExitCode.FINE


async def _load(client: RemoteClient, query: Query) -> tuple[Snapshots, Coverage, Sources]:
    snapshots, coverage = await load_all(client)
    sources = await client.get_sources() if query.uses_sources else Sources()
    return snapshots, coverage, sources


async def load_all(client: RemoteClient) -> tuple[Snapshots, Coverage]:
    """Return all snapshots, and how much of the account they are."""
    rows: list[Snapshot] = []
    coverage, present = Coverage(), None
    async with Progress(client, sys.stderr) as progress:
        async for loaded in client.listing():
            rows += loaded.rows
            coverage, present = loaded.coverage, loaded.present
            progress.coverage = coverage
    snapshots = Snapshots(rows)
    return (snapshots if present is None else snapshots.keeping(present)), coverage


def _query(text: str) -> Query:
    try:
        return parse(text)
    except QueryError as error:
        pointer = f"{' ' * error.position}{'^' * max(1, error.length)}"
        print(f"  {visible(text)}\n  {pointer}", file=sys.stderr)
        raise UsageError(f"query, {error}") from None


def _sort(text: str) -> Sort:
    try:
        return Sort.parse(text)
    except ValueError as error:
        raise UsageError(f"--sort: {error}") from None
