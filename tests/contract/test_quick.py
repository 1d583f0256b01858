"""Quick pages on a real server: what comes without trouble is taken, and the full client is asked for the rest only."""

import gzip
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.digitalocean.client.quick import MOST_PAGES, QuickPages, goes_straight
from snaptui.model.token import Token
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
LIST = "/v2/snapshots"
API = "https://api.digitalocean.com"


def pages(server: ScriptedServer) -> dict[int, int]:
    """The numbers of rows of the pages that come quickly."""
    read = QuickPages(Token(DEMO_TOKEN), server.url).wait()
    return {number: len(page.rows) for number, page in read.items()}


def asked(server: ScriptedServer) -> list[str]:
    return sorted(seen.query["page"] for seen in server.requests if seen.path == LIST)


def listed(server: ScriptedServer) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).with_name("snaptui")), "list", "-o", "json", "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_every_page_is_asked_for_once(serve: Serve) -> None:
    server = serve(snapshots=1_030)
    assert pages(server) == {1: 200, 2: 200, 3: 200, 4: 200, 5: 200, 6: 30}
    assert asked(server) == ["1", "2", "3", "4", "5", "6"]


def test_an_empty_account_is_one_empty_page(serve: Serve) -> None:
    assert pages(serve(snapshots=0)) == {1: 0}


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path=LIST, query={"page": "2"}, status=500, body=HTML_502),
        Fault(path=LIST, query={"page": "2"}, status=429),
        Fault(path=LIST, query={"page": "2"}, reset_before=True),
        Fault(path=LIST, query={"page": "2"}, reset_after=True, hang_up=True),
        Fault(path=LIST, query={"page": "2"}, truncate=True),
        Fault(path=LIST, query={"page": "2"}, status=200, body=b"{}"),
        Fault(path=LIST, query={"page": "2"}, status=200, body=b"{}", headers={"content-encoding": "br"}),
        Fault(path=LIST, query={"page": "2"}, status=200, body=b"no gzip", headers={"content-encoding": "gzip"}),
    ],
    ids=lambda fault: f"{fault.status or ''} {fault.body[:8]!r} {'reset' if fault.reset_before else ''}",
)
def test_a_page_in_trouble_is_asked_for_again_and_no_other(serve: Serve, fault: Fault) -> None:
    server = serve(fault, snapshots=250)
    done = listed(server)
    assert {row["id"] for row in json.loads(done.stdout)} == set(server.account.snapshots)
    assert done.returncode == 0
    assert asked(server) == ["1", "2", "2"]


def test_a_list_that_moves_while_it_is_read_is_read_until_it_is_true(serve: Serve) -> None:
    def drop_one(account: object) -> None:
        server.account.delete(next(iter(server.account.snapshots)))

    server = serve(snapshots=450)
    server.faults.add(Fault(path=LIST, query={"page": "1"}, then=drop_one))
    done = listed(server)
    assert {row["id"] for row in json.loads(done.stdout)} == set(server.account.snapshots)
    assert done.returncode == 0


def test_packed_pages_are_unpacked_as_far_as_a_page_can_be_large(serve: Serve) -> None:
    body = json.dumps({"snapshots": [], "meta": {"total": 0}, "links": {}}).encode()
    packed = {"content-encoding": "gzip"}
    server = serve(Fault(path=LIST, status=200, body=gzip.compress(body), headers=packed, times=None))
    assert pages(server) == {1: 0}
    bomb = gzip.compress(body + b" " * 50_000_000)
    assert pages(serve(Fault(path=LIST, status=200, body=bomb, headers=packed, times=None))) == {}


def test_more_pages_than_the_limit_of_a_minute_are_left_to_the_patient_client(serve: Serve) -> None:
    body = json.dumps({"snapshots": [], "meta": {"total": MOST_PAGES * 200 + 1}}).encode()
    server = serve(Fault(path=LIST, status=200, body=body))
    assert pages(server) == {1: 0}
    assert asked(server) == ["1"]


def test_a_server_that_closes_after_each_answer_is_no_trouble(serve: Serve) -> None:
    body = json.dumps({"snapshots": [], "meta": {"total": 0}, "links": {}}).encode()
    close = {"connection": "close"}
    server = serve(Fault(path=LIST, status=200, body=body, headers=close, times=None))
    assert pages(server) == {1: 0}


def test_without_permission_nothing_comes_quickly_and_only_one_page_is_asked_for(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"snapshot:read"}}, snapshots=900)
    assert pages(server) == {}
    assert asked(server) == ["1"]


def test_nobody_there_is_no_page() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert QuickPages(Token(DEMO_TOKEN), url).wait() == {}


@pytest.mark.parametrize(
    ("url", "environment", "platform", "straight"),
    [
        (API, {}, "linux", True),
        (API, {"HTTPS_PROXY": "http://proxy:3128"}, "linux", False),
        (API, {"all_proxy": "socks5://proxy"}, "linux", False),
        (API, {"https_proxy": ""}, "linux", True),
        (API, {}, "darwin", False),
        (API, {}, "win32", False),
        ("http://127.0.0.1:8080", {"http_proxy": "http://proxy"}, "linux", True),
        ("http://localhost", {}, "darwin", True),
    ],
)
def test_behind_a_proxy_nothing_is_read_here(
    url: str, environment: dict[str, str], platform: str, straight: bool
) -> None:
    assert goes_straight(url, environment, platform) is straight


def test_a_list_without_trouble_needs_neither_asyncio_nor_httpx(serve: Serve) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "snaptui", "list", "--api-url", serve().url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "import time:" in line}
    assert "snaptui.report.table" in imported
    assert not imported & {"asyncio", "httpx", "ssl", "textual", "yaml", "snaptui.deletion", "urllib.request"}
