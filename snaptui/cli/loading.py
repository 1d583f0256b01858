"""The account's list for a command: every page, with progress and waits said on stderr."""

import sys

from msgspec import Struct

from snaptui.cli.progress import Progress
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources


class AccountList(Struct):
    """All snapshots of an account, how much of it they are, and their sources where these were asked for."""

    snapshots: Snapshots
    coverage: Coverage
    sources: Sources


async def load(client: ApiClient, *, price: float, sources: bool) -> AccountList:
    """Return the account's list; `price` is in US dollars per GB and month. Raises `ApiError` without a first page."""
    rows: list[Snapshot] = []
    coverage, present = Coverage(), None
    async with Progress(client, sys.stderr) as progress:
        async for loaded in client.listing():
            rows += loaded.rows
            coverage, present = loaded.coverage, loaded.present
            progress.coverage = coverage
        found = await client.get_sources() if sources else Sources()
    snapshots = Snapshots(rows, price)
    return AccountList(snapshots if present is None else snapshots.keeping(present), coverage, found)
