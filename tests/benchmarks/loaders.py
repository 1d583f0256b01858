"""Ways to load every snapshot. `python loaders.py WAY URL` prints, as JSON, when the rows were there.

The clock starts when the first connection is asked for, so that no way pays for what it imports; snaptui's client is in
a process of its own, and the clock starts when that has answered another question.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from snaptui.demo.api import DEMO_TOKEN

PER_PAGE: Final = 200
AUTHORIZATION: Final = f"Bearer {DEMO_TOKEN}"


@dataclass
class Clock:
    """The moments that count, in seconds; `cpu` is the processor time of this process in between."""

    started: float | None = None
    cpu_started: float = 0.0
    first: float | None = None

    def audit(self, event: str, _: object) -> None:
        """Start with the first connection."""
        if event == "socket.connect" and self.started is None:
            self.start()

    def start(self) -> None:
        """Start now."""
        self.started, self.cpu_started = time.perf_counter(), time.process_time()

    def note_rows(self) -> None:
        """Note that there are rows."""
        if self.first is None:
            self.first = time.perf_counter()

    def stop(self, rows: int) -> "Loading":
        """Return what was measured."""
        now, cpu = time.perf_counter(), time.process_time()
        assert self.started is not None
        assert self.first is not None
        return Loading(rows, self.first - self.started, now - self.started, cpu - self.cpu_started)


@dataclass(frozen=True)
class Loading:
    """One load of the list: its rows, and how long it took in seconds from the first request."""

    rows: int
    first: float
    last: float
    cpu: float


def following_pages(total: int) -> Iterator[int]:
    """Return the numbers of all pages but the first."""
    return iter(range(2, -(-total // PER_PAGE) + 1))


async def together(count: int, pages: Iterator[int], load: Callable[[int], Awaitable[object]]) -> None:
    """Load pages, so many at a time."""

    async def work() -> None:
        for page in pages:
            await load(page)

    await asyncio.gather(*(work() for _ in range(count)))


async def snaptui(url: str, clock: Clock) -> int:
    """Load as `snaptui list` does."""
    from snaptui.digitalocean.process.remote import RemoteClient
    from snaptui.model.token import Token

    client = RemoteClient(Token(DEMO_TOKEN), base_url=url)
    client.start()
    await client.get_account()
    clock.start()
    rows: list[Any] = []
    async for loaded in client.listing():
        rows += loaded.rows
        clock.note_rows()
    assert loaded.coverage.complete
    return len(rows)


async def doctl(url: str, clock: Clock) -> int:
    """Load as doctl does: the first page, then the others by four workers."""
    import httpx

    rows: list[Any] = []
    headers = {"Authorization": AUTHORIZATION}
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as http:

        async def load(page: int) -> int:
            answer = await http.get("/v2/snapshots", params={"page": page, "per_page": PER_PAGE})
            body = answer.raise_for_status().json()
            rows.extend(body["snapshots"])
            return int(body["meta"]["total"])

        total = await load(1)
        clock.note_rows()
        await together(4, following_pages(total), load)
    return len(rows)


async def pydo(url: str, clock: Clock) -> int:
    """Load as programs with DigitalOcean's library do: page after page."""
    from pydo import Client

    client = Client(token=DEMO_TOKEN, endpoint=url)
    rows: list[Any] = []
    for page in itertools.count(1):
        body = client.snapshots.list(per_page=PER_PAGE, page=page, enforce_https=False)
        rows.extend(body["snapshots"])
        clock.note_rows()
        if "next" not in body["links"].get("pages", {}):
            break
    return len(rows)


async def bare(url: str, clock: Clock) -> int:
    """Ask for the pages as snaptui does, and look at no answer but the first: what is left is the server's time."""
    host, _, port = urlsplit(url).netloc.partition(":")
    unread = []

    async def load(page: int) -> bytes:
        target = f"/v2/snapshots?page={page}&per_page={PER_PAGE}"
        reader, writer = connections.pop() if connections else await asyncio.open_connection(host, int(port))
        writer.write(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {AUTHORIZATION}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        body = await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        connections.append((reader, writer))
        unread.append(body)
        return body

    connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
    first = json.loads(await load(1))
    clock.note_rows()
    await together(16, following_pages(first["meta"]["total"]), load)
    for _, writer in connections:
        writer.close()
    return int(first["meta"]["total"]) if len(unread) == -(-first["meta"]["total"] // PER_PAGE) else 0


WAYS: Final = {"snaptui": snaptui, "doctl": doctl, "pydo": pydo, "bare": bare}


def main(way: str, url: str) -> None:
    """Load once."""
    clock = Clock()
    sys.addaudithook(clock.audit)
    runner = asyncio.Runner()
    rows = runner.run(WAYS[way](url, clock))
    print(json.dumps(asdict(clock.stop(rows))))


if __name__ == "__main__":
    main(*sys.argv[1:])
