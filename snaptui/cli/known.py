"""Known facts of an account, read before something is deleted in it: list, sources and pools."""

import asyncio
import time

from msgspec import Struct
from msgspec.structs import replace

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError
from snaptui.deletion.guards import Guards
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources
from snaptui.query import QueryContext


class Known(Struct, frozen=True):
    """An account's list, sources and pools; `autoscale_images` is `None` when the pools could not be read.

    `server_ahead` is by how many seconds the local clock is behind, as far as it is wrong.
    """

    account: Account | None
    snapshots: Snapshots
    coverage: Coverage
    sources: Sources
    autoscale_images: frozenset[str] | None
    context: QueryContext
    server_ahead: float = 0.0

    def context_now(self) -> QueryContext:
        """Return what queries and protection rules are judged by, at this moment."""
        return replace(self.context, now=time.time() + self.server_ahead)


async def whose(client: ApiClient) -> Account | None:
    """Return whose token it is; `None` when that cannot be read. Raises `NotAuthenticatedError`."""
    try:
        return await client.get_account()
    except NotAuthenticatedError:
        raise
    except ApiError:
        return None


async def look(client: ApiClient, account: Account | None, price: float, *, most_pages: int | None = None) -> Known:
    """Read the list, the sources and the pools; raises `ApiError` without a first page of the list.

    A list of more than `most_pages` is given up after its first, which its coverage says.
    """
    (snapshots, coverage), sources, images = await asyncio.gather(
        _list(client, price, most_pages), client.get_sources(), _autoscale_images(client)
    )
    ahead = coverage.server_ahead(time.time())
    context = QueryContext(time.time() + ahead, places=snapshots.places, sources=sources, usd_per_gb_month=price)
    return Known(account, snapshots, coverage, sources, images, context, ahead)


async def _list(client: ApiClient, price: float, most_pages: int | None) -> tuple[Snapshots, Coverage]:
    rows: dict[str, Snapshot] = {}
    coverage, present = Coverage(), None
    async for loaded in client.listing():
        rows.update({row.id: row for row in loaded.rows})
        coverage, present = loaded.coverage, loaded.present
        if most_pages is not None and (coverage.pages_expected or 0) > most_pages and not coverage.finished:
            # The first page comes alone: no other has been asked for.
            coverage = coverage.interrupted("too long a list to be read for so few")
            break
    snapshots = Snapshots((row for row in rows.values() if present is None or row.id in present), price)
    return snapshots.dated_by(coverage.server_now), coverage


async def _autoscale_images(client: ApiClient) -> frozenset[str] | None:
    try:
        return await client.get_autoscale_images()
    except ApiError:
        return None


def check_judgeable(known: Known, guards: Guards) -> None:
    """Raise `UsageError` when a protection rule needs the whole list, and that is not known."""
    shortfall = known.coverage.shortfall
    if shortfall is not None and any(rule.uses_places for rule in guards.protect):
        raise UsageError(f"which snapshots are protected cannot be told: {shortfall}", ExitCode.INCOMPLETE)
