"""The account's list for a command: every page, with progress and waits said on stderr."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from snaptui.cli.progress import Progress
from snaptui.cli.wiring import Parts
from snaptui.digitalocean.api.rate_limit import Wait
from snaptui.digitalocean.api.requests import Page
from snaptui.digitalocean.api.tally import Tally
from snaptui.digitalocean.client.quick import QuickPages, RemainingPages, goes_straight
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources

if TYPE_CHECKING:
    from snaptui.digitalocean.client.client import Client
    from snaptui.inventory.snapshots import Snapshots


class AccountList(NamedTuple):
    """All snapshots of an account, how much of it they are, and their sources where these were asked for."""

    snapshots: "Snapshots"
    coverage: Coverage
    sources: Sources


class Loading:
    """The list of an account, asked for from the moment this is made; `finish` returns it.

    With `replaces` false nothing that is said meanwhile replaces the line before.
    """

    def __init__(self, parts: Parts, *, replaces: bool = True) -> None:
        self._parts = parts
        self._replaces = replaces
        self._token = parts.need_token()
        self._quick: QuickPages | None = None
        if goes_straight(parts.settings.api_url.value, os.environ):
            self._quick = QuickPages(self._token, parts.settings.api_url.value)
        self._client: Client | None = None
        self._coverage = Coverage()
        self._waiting: Wait | None = None

    def finish(self, *, sources: bool = False) -> AccountList:
        """Return all snapshots, with `sources` the droplets and volumes too; raises `ApiError` without a first page."""
        with Progress(sys.stderr, self._said, lambda: self._waiting, replaces=self._replaces):
            pages = self._quick.wait() if self._quick else {}
            rows, coverage = _whole(pages)
            found = Sources()
            if not coverage.finished or sources:
                import asyncio

                rows, coverage, found = asyncio.run(self._rest(pages, sources=sources))
        from snaptui.inventory.snapshots import Snapshots

        snapshots = Snapshots(rows, self._parts.settings.price_per_gb_month.value).dated_by(coverage.server_now)
        return AccountList(snapshots, coverage, found)

    async def _rest(
        self, pages: Mapping[int, Page[Snapshot]], *, sources: bool
    ) -> tuple[list[Snapshot], Coverage, Sources]:
        """Read what the quick way left, with all the patience that the full client has."""
        from contextlib import aclosing

        from snaptui.digitalocean.client.listing import load_snapshots

        rows: dict[str, Snapshot] = {}
        present = None
        async with aclosing(self._parts.client(self._token)) as self._client:
            self._client.on_state(self._state_changed)
            async for loaded in load_snapshots(RemainingPages(pages, self._client)):
                rows.update({row.id: row for row in loaded.rows})
                self._coverage, present = loaded.coverage, loaded.present
            found = await self._client.get_sources() if sources else Sources()
        kept = rows.values() if present is None else [row for row_id, row in rows.items() if row_id in present]
        return list(kept), self._coverage, found

    def _said(self) -> str:
        received, total = self._coverage.received, self._coverage.total
        if self._quick is not None and self._client is None:
            received, total = self._quick.received, self._quick.total
        return f"loading: {received:,}{'' if total is None else f' of {total:,}'} snapshots"

    def _state_changed(self) -> None:
        self._waiting = self._client.wait if self._client is not None else None


def _whole(pages: Mapping[int, Page[Snapshot]]) -> tuple[list[Snapshot], Coverage]:
    """Return the rows of pages that are all there are; otherwise a coverage that is not finished."""
    from msgspec.structs import replace

    tally: Tally[Snapshot] = Tally()
    rows = [row for number in sorted(pages) for row in tally.take(number, pages[number])]
    if 1 not in pages or not tally.whole:
        return [], Coverage()
    damaged = sum(row.damage is not None for row in rows)
    return rows, replace(tally.coverage(len(rows), damaged), finished=True)
