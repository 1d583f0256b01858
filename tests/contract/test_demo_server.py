"""The demo account as any HTTP client sees it."""

import gc
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from http.client import HTTPMessage

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.demo.rate_limit import Limits
from snaptui.demo.server import DemoServer
from snaptui.demo.server import serve as run
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]


@dataclass
class Asked:
    """An answer, read whole."""

    status: int
    headers: HTTPMessage
    body: bytes


def ask(server: ScriptedServer, path: str, method: str = "GET", token: str = DEMO_TOKEN) -> Asked:
    with closing(http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)) as connection:
        connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        return Asked(answer.status, answer.headers, answer.read())


def talk(server: ScriptedServer, *sent: bytes) -> bytes:
    """Send bytes as they are and return everything that comes until the server closes."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        for piece in sent:
            client.sendall(piece)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65_536), b""))


def body_of(answer: Asked) -> dict[str, object]:
    value: dict[str, object] = json.loads(answer.body)
    return value


def test_every_answer_tells_the_rate_limit(serve: Serve) -> None:
    server = serve()
    first, second = ask(server, "/v2/account"), ask(server, "/v2/account")
    assert first.headers["ratelimit-limit"] == "5000"
    assert int(second.headers["ratelimit-remaining"]) == int(first.headers["ratelimit-remaining"]) - 1
    assert int(first.headers["ratelimit-reset"]) > 1_700_000_000


def test_a_burst_is_refused_with_retry_after_and_the_hour_without(serve: Serve) -> None:
    burst = serve(limits=Limits(per_minute=3))
    answers = [ask(burst, "/v2/account") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert int(answers[3].headers["retry-after"]) > 0
    hour = serve(limits=Limits(per_hour=2))
    answers = [ask(hour, "/v2/account") for _ in range(3)]
    assert answers[2].status == 429
    assert answers[2].headers["retry-after"] is None
    assert answers[2].headers["ratelimit-remaining"] == "0"


def test_a_window_slides(serve: Serve) -> None:
    server = serve(limits=Limits(per_minute=2, minute_seconds=0.3))
    while len(server.requests) < 8:
        ask(server, "/v2/account")
    admitted = [seen.at for seen in server.requests if seen.status == 200]
    assert all(later - earlier >= 0.3 for earlier, later in zip(admitted, admitted[2:], strict=False))


def test_a_delete_is_empty_and_a_second_one_is_not_found(serve: Serve) -> None:
    server = serve()
    wanted = next(iter(server.account.snapshots))
    assert ask(server, f"/v2/snapshots/{wanted}", "DELETE").status == 204
    assert ask(server, f"/v2/snapshots/{wanted}", "DELETE").status == 404


@pytest.mark.parametrize(("path", "method", "status"), [("/v2/x", "GET", 404), ("/v2/account", "POST", 405)])
def test_what_is_not_there_is_said_in_json(serve: Serve, path: str, method: str, status: int) -> None:
    answer = ask(serve(), path, method)
    assert answer.status == status
    assert "id" in body_of(answer)


def test_no_token_is_kept_only_whether_it_was_valid(serve: Serve) -> None:
    server = serve()
    assert ask(server, "/v2/account", token="dop_v1_secret").status == 401
    assert ask(server, "/v2/account").status == 200
    assert [seen.token_ok for seen in server.requests] == [False, True]
    assert "secret" not in repr(server.requests) + repr(vars(server))


def test_a_hundred_thousand_snapshots_are_made(serve: Serve) -> None:
    server = serve(snapshots=100_000)
    assert body_of(ask(server, "/v2/snapshots?page=500&per_page=200"))["meta"] == {"total": 100_000}


def test_one_connection_serves_many_requests(serve: Serve) -> None:
    server = serve()
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.connect()
    kept = connection.sock
    for page in range(1, 6):
        connection.request("GET", f"/v2/snapshots?page={page}", headers={"Authorization": f"Bearer {DEMO_TOKEN}"})
        assert connection.getresponse().read()
    assert connection.sock is kept
    connection.close()


def test_requests_may_follow_each_other_unanswered(serve: Serve) -> None:
    one = f"GET /v2/account HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {DEMO_TOKEN}\r\n\r\n".encode()
    assert talk(serve(), one + one[:20], one[20:]).count(b"HTTP/1.1 200 ") == 2


@pytest.mark.parametrize(
    "sent", [b"hello\r\n\r\n", b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_is_a_bad_request_and_the_server_lives_on(serve: Serve, sent: bytes) -> None:
    server = serve()
    assert talk(server, sent).startswith(b"HTTP/1.1 400 ")
    assert ask(server, "/v2/account").status == 200


@pytest.mark.parametrize(
    "target", ["//[", "/v2/snapshots/%ff%00", "/v2/snapshots?page=%", "*", "/v2/snapshots?" + "a=" * 9_000]
)
def test_odd_targets_are_answered(serve: Serve, target: str) -> None:
    server = serve()
    head = f"GET {target} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {DEMO_TOKEN}\r\n\r\n"
    assert talk(server, head.encode()).startswith(b"HTTP/1.1 ")
    assert ask(server, "/v2/account").status == 200


def test_head_has_no_body(serve: Serve) -> None:
    head = f"HEAD /v2/account HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {DEMO_TOKEN}\r\n\r\n"
    assert talk(serve(), head.encode()).endswith(b"\r\n\r\n")


def test_it_listens_on_loopback_only(serve: Serve) -> None:
    assert serve().url.startswith("http://127.0.0.1:")


def test_a_port_in_use_is_an_error_of_the_caller(serve: Serve) -> None:
    taken = int(serve().url.rpartition(":")[2])
    with pytest.raises(OSError, match="Address already in use"), DemoServer(port=taken):
        pass


def test_a_server_never_started_leaves_nothing_behind() -> None:
    before = threading.active_count()
    assert ScriptedServer().requests == ()
    assert threading.active_count() == before


def test_a_server_that_ends_in_the_middle_of_things_leaves_nothing_open() -> None:
    account = generated_account(now=1.79e9, snapshots=3)
    ended = threading.Event()

    def hammer(server: ScriptedServer) -> None:
        while not ended.is_set():
            with suppress(OSError, http.client.HTTPException):
                ask(server, "/v2/account")

    # What is left open is a ResourceWarning when it is collected, and warnings are errors here.
    for _ in range(5):
        ended.clear()
        with ThreadPoolExecutor(4) as pool:
            with ScriptedServer(account) as server:
                for _ in range(4):
                    pool.submit(hammer, server)
                assert server.wait_until(lambda seen: len(seen.requests) > 20)
            ended.set()
    gc.collect()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("snaptui-demo")]


def test_many_clients_delete_each_snapshot_once(serve: Serve) -> None:
    server = serve(snapshots=40)
    wanted = list(server.account.snapshots)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda key: ask(server, f"/v2/snapshots/{key}", "DELETE").status, wanted * 2))
    assert sorted(statuses) == [204] * 40 + [404] * 40
    assert sorted(server.deleted_ids) == sorted(wanted)
    assert not server.account.snapshots


def test_pages_are_served_while_the_account_changes(serve: Serve) -> None:
    server = serve(snapshots=3_000)
    with ThreadPoolExecutor(2) as pool:
        deleting = pool.submit(lambda: [server.account.delete(key) for key in list(server.account.snapshots)])
        answers = [ask(server, "/v2/snapshots?resource_type=volume&per_page=200").status for _ in range(30)]
        assert len(deleting.result()) == 3_000
    assert set(answers) == {200}


def test_a_latency_is_added_to_every_answer(serve: Serve) -> None:
    server = serve(latency_seconds=0.1)
    started = time.monotonic()
    ask(server, "/v2/account")
    assert time.monotonic() - started >= 0.1


def test_a_reader_of_the_first_line_knows_where_it_listens() -> None:
    lines: list[str] = []
    stopped = threading.Event()
    stopped.set()
    run(lines.append, stopped, snapshots=3)
    assert lines[0].startswith("listening on http://127.0.0.1:")
