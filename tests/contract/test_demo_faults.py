"""Scripted trouble as any HTTP client meets it."""

import http.client
import json
import select
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPResponse

import pytest

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.generator import generated_account
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
LIST = "/v2/snapshots"
ONE = "/v2/snapshots/.+"


@contextmanager
def asking(server: ScriptedServer, path: str, method: str = "GET") -> Iterator[HTTPResponse]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    try:
        connection.request(method, path, headers={"Authorization": f"Bearer {DEMO_TOKEN}"})
        yield connection.getresponse()
    finally:
        connection.close()


def ids(server: ScriptedServer, query: str = "per_page=20") -> list[str]:
    with asking(server, f"{LIST}?{query}") as answer:
        return [row["id"] for row in json.loads(answer.read())["snapshots"]]


def delete(server: ScriptedServer, key: str) -> int:
    with asking(server, f"{LIST}/{key}", "DELETE") as answer:
        return answer.status


def first(server: ScriptedServer) -> str:
    return next(iter(server.account.snapshots))


@pytest.mark.parametrize("status", [204, 302, 304, 400, 401, 403, 409, 422, 429, 500, 502, 504])
def test_any_status_is_answered_without_acting(serve: Serve, status: int) -> None:
    server = serve(Fault("DELETE", ONE, status=status, body=HTML_502, content_type="text/html", headers={"x-a": "b"}))
    wanted = first(server)
    with asking(server, f"{LIST}/{wanted}", "DELETE") as answer:
        assert answer.status == status
        assert answer.headers["x-a"] == "b"
        assert answer.headers["ratelimit-limit"] == "5000"
        assert answer.read() == (b"" if status in (204, 304) else HTML_502)
    assert wanted in server.account.snapshots
    assert not server.deleted_ids


@pytest.mark.parametrize(("hang_up", "error"), [(False, ConnectionResetError), (True, http.client.RemoteDisconnected)])
@pytest.mark.parametrize("acts", [False, True])
def test_a_connection_is_lost_before_or_after_the_server_acts(
    serve: Serve, acts: bool, hang_up: bool, error: type[OSError]
) -> None:
    server = serve(Fault("DELETE", ONE, reset_before=not acts, reset_after=acts, hang_up=hang_up))
    wanted = first(server)
    with pytest.raises(error) as caught, asking(server, f"{LIST}/{wanted}", "DELETE"):
        pass
    assert type(caught.value) is error
    assert (wanted in server.account.snapshots) != acts
    assert server.deleted_ids == ([wanted] if acts else [])
    assert server.requests[0].status == (204 if acts else 0)


def test_a_body_can_end_too_early(serve: Serve) -> None:
    server = serve(Fault(path=LIST, truncate=True))
    with asking(server, LIST) as answer, pytest.raises(http.client.IncompleteRead):
        answer.read()


def test_a_body_can_stall_in_the_middle(serve: Serve) -> None:
    stall = threading.Event()
    server = serve(Fault(path=LIST, stall=stall))
    with asking(server, LIST) as answer:
        whole = int(answer.headers["content-length"])
        half = answer.read(whole // 2)
        assert select.select([answer], [], [], 0.05)[0] == []
        stall.set()
        assert len(json.loads(half + answer.read())["snapshots"]) == 20


def test_bytes_of_a_good_body_can_be_changed(serve: Serve) -> None:
    replace = {b'"total":240': b'"total":"many"', b"http://127.0.0.1": b"https://example.invalid"}
    server = serve(Fault(path=LIST, replace=replace))
    with asking(server, LIST) as answer:
        body = json.loads(answer.read())
    assert body["meta"] == {"total": "many"}
    assert body["links"]["pages"]["next"].startswith("https://example.invalid")


def test_deletions_after_a_page_shift_rows_past_the_reader(serve: Serve) -> None:
    def lose_three(account: DemoAccount) -> None:
        for key in list(account.snapshots)[:3]:
            account.delete(key)

    server = serve(Fault(path=LIST, query={"page": "1"}, then=lose_three), snapshots=45)
    before = list(server.account.snapshots)
    seen = [key for page in (1, 2, 3) for key in ids(server, f"page={page}")]
    assert len(seen) == len(set(seen)) == 42 == len(server.account.snapshots)
    assert set(before) - set(seen) == set(before[20:23])


def test_a_snapshot_made_between_pages_shows_a_row_twice(serve: Serve) -> None:
    extra = dict(next(iter(generated_account(now=1.79e9, seed=9, snapshots=1).snapshots.values())), id="77")
    server = serve(Fault(path=LIST, then=lambda account: account.add(extra, first=True)), snapshots=45)
    seen = [key for page in (1, 2, 3) for key in ids(server, f"page={page}")]
    assert seen[19] == seen[20]
    assert "77" not in seen


def test_a_deleted_snapshot_can_still_be_listed(serve: Serve) -> None:
    server = serve()
    wanted = first(server)
    row = server.account.snapshots[wanted]
    server.faults.add(Fault("DELETE", ONE, then=lambda account: account.add(row, first=True)))
    with asking(server, f"{LIST}/{wanted}", "DELETE") as answer:
        assert answer.status == 204
    assert server.deleted_ids == [wanted]
    assert ids(server)[0] == wanted


def test_quirks_of_old_rows_are_served_as_they_are(serve: Serve) -> None:
    server = serve(snapshots=3)
    one, two, three = server.account.snapshots
    server.account.change(one, id=63, resource_id=None, size_gigabytes=0, regions=None)
    server.account.change(two, created_at="2024-02-29T12:30:15.123456789Z", tags=None)
    server.account.forget(three, "tags")
    with asking(server, LIST) as answer:
        rows = json.loads(answer.read())["snapshots"]
    assert (rows[0]["id"], rows[0]["resource_id"], rows[0]["size_gigabytes"], rows[0]["regions"]) == (63, None, 0, None)
    assert rows[1]["tags"] is None
    assert "tags" not in rows[2]


def test_many_requests_are_held_at_once_and_let_go_together(serve: Serve) -> None:
    hold = threading.Event()
    server = serve(Fault("DELETE", ONE, hold=hold, times=None), snapshots=40)
    with ThreadPoolExecutor(40) as pool:
        answers = [pool.submit(delete, server, key) for key in list(server.account.snapshots)]
        assert server.faults.wait_taken(10, times=40)
        assert not server.deleted_ids
        assert len(ids(server)) == 20
        hold.set()
        assert {answer.result(10) for answer in answers} == {204}
    assert not server.account.snapshots


def test_a_server_that_ends_drops_what_is_held_at_once() -> None:
    hold = threading.Event()
    server = ScriptedServer(generated_account(now=1.79e9, snapshots=3))
    server.faults.add(Fault("DELETE", ONE, hold=hold))
    with ThreadPoolExecutor(1) as pool:
        with server:
            answer = pool.submit(delete, server, first(server))
            assert server.faults.wait_taken(10)
            ending = time.monotonic()
        assert time.monotonic() - ending < 3
        with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
            answer.result(10)
    assert len(server.account.snapshots) == 3
    assert hold.is_set()


def test_a_test_waits_for_what_the_server_saw(serve: Serve) -> None:
    server = serve()
    assert not server.wait_until(lambda seen: seen.count("GET") > 0, 0.01)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ids, server)
        assert server.wait_until(lambda seen: seen.count("GET", LIST) == 1)
        assert len(asked.result(10)) == 20
