"""Quick pages: as many pages of the listing as come without trouble, for commands that live 0.1 s.

Threads and plain connections, because importing asyncio and httpx takes longer than all else that a list of one page
needs. Whatever is not an answer as it should be is left out: whoever wants all pages asks the full client for the
others, which knows what to do about it. Behind a proxy nothing is read here.
"""

import os
import socket
import sys
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlencode, urlsplit

import h11

from snaptui import __version__
from snaptui.digitalocean.api import answers, requests
from snaptui.digitalocean.api.address import check_base_url
from snaptui.digitalocean.api.errors import ApiError
from snaptui.digitalocean.api.requests import PAGE_SIZE, Answer, Page
from snaptui.model.snapshot import Snapshot
from snaptui.model.token import Token

if TYPE_CHECKING:
    import ssl

TRY_SECONDS: Final = 15.0
MOST_PAGES: Final = 250
"""The API's limit for a minute: a longer list has to wait for it, which the full client knows how to do."""
CONNECTIONS: Final = 32
LARGEST_PAGE_BYTES: Final = 4 * 1024 * 1024
CHUNK_BYTES: Final = 256 * 1024
_GZIP: Final = 16 + zlib.MAX_WBITS
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
    """Reads pages in threads from the moment it is made; `received` grows while it does."""

    def __init__(self, token: Token, base_url: str) -> None:
        self._server = _Server(base_url, token)
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
        with closing(_Connection(self._server)) as connection:
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
        with closing(_Connection(self._server)) as connection:
            self._work(connection)

    def _work(self, connection: "_Connection") -> None:
        """Ask for page after page until there are no more, or one does not come as it should."""
        while True:
            with self._lock:
                number = next(self._numbers, None)
            if number is None or self._ask(connection, number) is None:
                return

    def _ask(self, connection: "_Connection", number: int) -> Page[Snapshot] | None:
        request = requests.list_snapshots(number)
        page = None
        with suppress(OSError, h11.ProtocolError, zlib.error, ApiError):
            answer = connection.get(f"{request.path}?{urlencode(request.params)}")
            page = None if answer is None else answers.read_page(answer, number)
        with self._lock:
            if page is None:
                self._numbers = iter(())
            else:
                self._pages[number] = page
                self.received += len(page.rows)
        return page


class _Server:
    """Where to connect to, and how."""

    def __init__(self, base_url: str, token: Token) -> None:
        parts = urlsplit(base_url)
        self.host = parts.hostname or ""
        self.address = self.host, parts.port or (443 if parts.scheme == "https" else 80)
        self.netloc = parts.netloc
        self.token = token
        self._tls = parts.scheme == "https"
        self._context: ssl.SSLContext | None = None

    def connect(self) -> socket.socket:
        """Return a new connection; raises `OSError`."""
        connection = socket.create_connection(self.address, TRY_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self._tls:
            return connection
        self._context = self._context or _trust(os.environ)
        return self._context.wrap_socket(connection, server_hostname=self.host)


def _trust(environment: Mapping[str, str]) -> "ssl.SSLContext":
    """Return whom to trust: the certificates that the environment names, as httpx does, or else those of certifi."""
    import ssl

    if file := environment.get("SSL_CERT_FILE"):
        return ssl.create_default_context(cafile=file)
    if folder := environment.get("SSL_CERT_DIR"):
        return ssl.create_default_context(capath=folder)
    import certifi

    return ssl.create_default_context(cafile=certifi.where())


class _Connection:
    """One connection, opened with the first request and kept alive for the next."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._socket: socket.socket | None = None
        self._http = h11.Connection(h11.CLIENT)

    def close(self) -> None:
        """Close it; the next request opens another."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._http = None, h11.Connection(h11.CLIENT)

    def get(self, target: str) -> Answer | None:
        """Return the answer to a GET if it is 200 and not too large; raises `OSError` and what h11 and zlib raise."""
        if self._socket is None:
            self._socket = self._server.connect()
        headers = [
            ("host", self._server.netloc),
            ("accept", "application/json"),
            ("accept-encoding", "gzip"),
            ("user-agent", f"snaptui/{__version__}"),
            ("authorization", f"Bearer {self._server.token.reveal()}"),
        ]
        sent = self._http.send(h11.Request(method="GET", target=target, headers=headers)) or b""
        self._socket.sendall(sent + (self._http.send(h11.EndOfMessage()) or b""))
        answer = self._receive(self._socket)
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
        else:
            self.close()
        return answer

    def _receive(self, connection: socket.socket) -> Answer | None:
        head: h11.Response | None = None
        body = bytearray()
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                self._http.receive_data(connection.recv(CHUNK_BYTES))
            elif isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > LARGEST_PAGE_BYTES:
                    return None
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return _answer(head, bytes(body))
            elif isinstance(event, h11.ConnectionClosed):
                return None


def _answer(head: h11.Response, body: bytes) -> Answer | None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}
    coding = headers.get("content-encoding", "identity")
    if coding == "gzip":
        unpacking = zlib.decompressobj(_GZIP)
        body = unpacking.decompress(body, LARGEST_PAGE_BYTES)
        if not unpacking.eof:
            return None
    elif coding != "identity":
        return None
    return Answer(head.status_code, headers, body) if head.status_code == 200 else None


class PageSource(Protocol):
    """Something that the other pages can be had from."""

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        """Return one page of snapshots, or raise `ApiError`."""
        ...


class RemainingPages:
    """All pages: each that came quickly is given once, the others and all after that are asked for."""

    def __init__(self, known: Mapping[int, Page[Snapshot]], others: PageSource) -> None:
        self._known = dict(known)
        self._others = others

    async def list_snapshots(self, page: int, per_page: int, resource_type: str | None) -> Page[Snapshot]:
        """Return one page of snapshots, or raise `ApiError`."""
        known = self._known.pop(page, None)
        return await self._others.list_snapshots(page, per_page, resource_type) if known is None else known
