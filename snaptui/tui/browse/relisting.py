"""Changes the list behind the screen on another thread: keys are answered while 100,000 rows are sorted."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from snaptui.digitalocean.api.errors import ApiError
from snaptui.inventory.view import View
from snaptui.model.coverage import Coverage
from snaptui.text.columns import COLUMNS
from snaptui.tui.browse.state import BrowseState


class Shown(Protocol):
    """A screen that shows a list."""

    state: BrowseState

    def covers(self, coverage: Coverage) -> None:
        """Say how much of the list there is."""

    def listing_failed(self, error: ApiError) -> None:
        """Say that the listing broke off."""


# Lists that grow share their records, so that only one may grow at a time, also when nobody waits for it any more.
_ONE_BY_ONE: Final = ThreadPoolExecutor(1, thread_name_prefix="snaptui-relisting")


async def relist(shown: Shown, changed: Callable[[BrowseState], View]) -> None:
    """Show another list with the same filter and order; what the user changes meanwhile holds for it, too."""
    while True:
        before = shown.state
        view = await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, changed, before)
        if shown.state.agrees_on_rows(before):
            shown.state = shown.state.showing(view)
            return


async def sort_ahead(shown: Shown) -> None:
    """Sort what is shown by every column, so that no key has to wait for it."""
    keys = [column.key for column in COLUMNS]
    await asyncio.get_running_loop().run_in_executor(_ONE_BY_ONE, shown.state.snapshots.sort_ahead, keys)
