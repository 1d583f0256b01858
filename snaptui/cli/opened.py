"""The account for audits: read from the API, or from a listing that was saved before (`--open`)."""

import asyncio
import os
import time
from argparse import Namespace
from pathlib import Path
from typing import NamedTuple

from snaptui.cli.failures import UsageError
from snaptui.cli.loading import Loading
from snaptui.cli.wiring import Parts, wired
from snaptui.config import paths
from snaptui.config.settings import Settings, load
from snaptui.deletion.plan import DEMO_ACCOUNT
from snaptui.digitalocean.api.errors import ApiError
from snaptui.files.errors import FileError
from snaptui.inventory.snapshots import Snapshots
from snaptui.model.account import Account
from snaptui.model.token import Token
from snaptui.query import QueryContext
from snaptui.report.saved import SavedListing, SavedListingError


class Opened(NamedTuple):
    """A listing with what belongs to it. `saved` is true for one that came from a file.

    `server_ahead` is by how many seconds the local clock is behind, as far as it is wrong.
    """

    listing: SavedListing
    snapshots: Snapshots
    settings: Settings
    saved: bool
    server_ahead: float = 0.0

    @property
    def now(self) -> float:
        """The moment that ages are counted to, in Unix seconds: when it was saved, for a listing from a file."""
        return self.listing.saved if self.saved else time.time() + self.server_ahead

    @property
    def context(self) -> QueryContext:
        """The facts that queries are judged by."""
        return QueryContext(
            self.now,
            places=self.snapshots.places,
            sources=self.listing.sources,
            usd_per_gb_month=self.snapshots.usd_per_gb_month,
        )


def open_account(options: Namespace) -> Opened:
    """Return the account of the options: of `--open FILE`, without any request, or as the API tells it now."""
    if options.open is None:
        with wired(options) as parts:
            return read_account(parts)
    if options.demo:
        raise UsageError("--open reads a saved listing: it does not go with --demo")
    listing = read_saved(options.open, "--open")
    settings = load(paths.config_file(), os.environ, api_url=listing.api_url, read_only=True)
    return Opened(listing, _snapshots(listing, settings), settings, saved=True)


def read_saved(file: str, option: str) -> SavedListing:
    """Read a saved listing; raises `UsageError` that names the option."""
    try:
        return SavedListing.read(Path(file))
    except (FileError, SavedListingError) as error:
        raise UsageError(f"{option}: {error}") from None


def _snapshots(listing: SavedListing, settings: Settings) -> Snapshots:
    snapshots = Snapshots(listing.snapshots, settings.price_per_gb_month.value)
    return snapshots.dated_by(listing.coverage.server_now)


def read_account(parts: Parts, *, replaces: bool = True) -> Opened:
    """Read the whole account, whose it is, and what its snapshots belong to.

    With `replaces` false nothing that is said meanwhile replaces the line before.
    """
    loaded = Loading(parts, replaces=replaces).finish(sources=True)
    account, images = asyncio.run(_about(parts, parts.need_token()))
    url = DEMO_ACCOUNT if parts.demo else parts.settings.api_url.value
    rows = tuple(loaded.snapshots)
    ahead = loaded.coverage.server_ahead(time.time())
    listing = SavedListing(time.time() + ahead, url, account, loaded.coverage, rows, loaded.sources, images)
    return Opened(listing, loaded.snapshots, parts.settings, saved=False, server_ahead=ahead)


async def _about(parts: Parts, token: Token) -> tuple[Account | None, frozenset[str] | None]:
    """Return whose account it is and which images autoscale pools use; `None` for what cannot be read."""
    from contextlib import aclosing

    async with aclosing(parts.client(token)) as client:
        account, images = await asyncio.gather(
            client.get_account(), client.get_autoscale_images(), return_exceptions=True
        )
    for answer in (account, images):
        if isinstance(answer, BaseException) and not isinstance(answer, ApiError):
            raise answer
    return (
        None if isinstance(account, BaseException) else account,
        None if isinstance(images, BaseException) else images,
    )
