"""Quick pages: reads the pages of the listing that come without trouble, for commands that run 0.1 s.

Threads and plain connections, because importing asyncio and httpx takes longer than all else that a list of one page
needs. Whatever is not an answer as it should be is left out: whoever wants all pages asks the full client for the
others, which knows what to do about it. Behind a proxy nothing is read here.
"""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Final, Protocol
from urllib.parse import urlencode

from snaptui.digitalocean.api import answers, requests
from snaptui.digitalocean.api.address import check_base_url
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Page
from snaptui.digitalocean.client.quick_http import Connection, OddAnswerError, Server
from snaptui.model.snapshot import Snapshot
from snaptui.model.token import Token

MOST_PAGES: Final = 250
"""The API's limit for a minute: a longer list has to wait for it, which the full client knows how to do."""
CONNECTIONS: Final = 32
_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")


def goes_straight(base_url: str, environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Return whether requests go to the API without a proxy, as those to this machine always do.

    On macOS and Windows proxies can be set elsewhere than in the environment.
    """
    if check_base_url(base_url):
        return True
    given = {name.lower() for name, value in environment.items() if value}
    return platform.startswith("linux") and given.isdisjoint(_PROXIES)


class QuickPages:
    """Reader of pages in threads, which start at once; `received` grows while they read."""

    def __init__(self, token: Token, base_url: str) -> None:
        self._server = Server(base_url, token)
        self._lock = threading.Lock()
        self._numbers: Iterator[int] = iter(())
        self._pages: dict[int, Page[Snapshot]] = {}
        self.total: int | None = None
        self.received = 0
        self._thread = threading.Thread(target=self._read, name="snaptui-pages", daemon=True)
        self._thread.start()

    def wait(self) -> Mapping[int, Page[Snapshot]]:
        """Wait for the end, and return the pages that came by their numbers."""
        self._thread.join()
        return self._pages

    def _read(self) -> None:
        with closing(Connection(self._server)) as connection:
            first = self._ask(connection, 1)
            if first is None:
                return
            self.total = first.total
            last = -(-first.total // PAGE_SIZE)
            if last > MOST_PAGES:
                return
            self._numbers = iter(range(2, last + 1))
            others = [threading.Thread(target=self._help, daemon=True) for _ in range(min(CONNECTIONS, last - 1) - 1)]
            for thread in others:
                thread.start()
            self._work(connection)
            for thread in others:
                thread.join()

    def _help(self) -> None:
        with closing(Connection(self._server)) as connection:
            self._work(connection)

    def _work(self, connection: Connection) -> None:
        """Ask for page after page until there are no more, or one does not come as it should."""
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None or self._ask(connection, number) is None:
                return

    def _ask(self, connection: Connection, number: int) -> Page[Snapshot] | None:
        request = requests.list_snapshots(number)
        page = None
        with suppress(OSError, OddAnswerError, ApiError):
            answer = connection.get(f"{request.path}?{urlencode(request.params)}")
            page = answers.read_page(answer, number)
        with self._lock:
            if page is None:
                self._numbers = iter(())
            else:
                self._pages[number] = page
                self.received += len(page.rows)
        return page


class PageSource(Protocol):
    """Interface of a source of the other pages."""

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        """Return one page of snapshots, or raise `ApiError`."""
        ...


class RemainingPages:
    """Source of all pages: each one that came quickly is returned once, all others are asked for."""

    def __init__(self, known: Mapping[int, Page[Snapshot]], others: PageSource) -> None:
        self._known = dict(known)
        self._others = others

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        """Return one page of snapshots, or raise `ApiError`."""
        known = self._known.pop(page, None)
        return await self._others.list_snapshots(page, per_page, resource_type) if known is None else known
