"""`python canned.py SNAPSHOTS LATENCY`: pages of snapshots that were made beforehand, so that no server is waited for.

Prints its address first. There is no rate limit.
"""

import asyncio
import json
import sys
import time
from typing import Final
from urllib.parse import parse_qs, urlsplit

from snaptui.demo.generator import generated_account

PER_PAGE: Final = 200


def pages(snapshots: int) -> list[bytes]:
    """Return each page as it goes over the wire."""
    rows = list(generated_account(now=time.time(), snapshots=snapshots).snapshots.values())
    answers = []
    for start in range(0, max(1, len(rows)), PER_PAGE):
        links = {"pages": {"next": "another"}} if start + PER_PAGE < len(rows) else {}
        page = {"snapshots": rows[start : start + PER_PAGE], "links": links, "meta": {"total": len(rows)}}
        body = json.dumps(page).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        answers.append(head.encode() + body)
    return answers


class Conversation(asyncio.Protocol):
    """Answers each request after the latency."""

    def __init__(self, answers: list[bytes], latency: float) -> None:
        self._answers = answers
        self._latency = latency
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            page = parse_qs(urlsplit(head.split()[1].decode()).query).get("page", ["1"])[0]
            assert self._transport is not None
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, self._answers[int(page) - 1])


async def serve(snapshots: int, latency: float) -> None:
    """Serve until the process is ended."""
    answers = pages(snapshots)
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(answers, latency), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    print(f"http://{host}:{port}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
