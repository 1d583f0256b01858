"""The demo account as any HTTP client sees it."""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPMessage

import pytest

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from snaptui.demo.server import DemoServer

Serve = Callable[..., DemoServer]
NOW = 1_790_000_000.0


@dataclass
class Asked:
    """An answer, read whole."""

    status: int
    headers: HTTPMessage
    body: bytes


def ask(server: DemoServer, path: str, method: str = "GET", token: str = DEMO_TOKEN) -> Asked:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    connection.request(method, path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    asked = Asked(answer.status, answer.headers, answer.read())
    connection.close()
    return asked


def body_of(answer: Asked) -> dict[str, object]:
    value: dict[str, object] = json.loads(answer.body)
    return value


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=-1", "per_page=0", "per_page=201", "resource_type=image", "page=1.5", "page="]
)
def test_values_outside_the_reference_are_bad_requests(serve: Serve, query: str) -> None:
    answer = ask(serve(), f"/v2/snapshots?{query}")
    assert answer.status == 400
    assert set(body_of(answer)) == {"id", "message", "request_id"}
    assert answer.headers["x-request-id"] == body_of(answer)["request_id"]


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


def test_without_tag_read_tags_are_null(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"tag:read"}})
    rows = body_of(ask(server, "/v2/snapshots"))["snapshots"]
    assert isinstance(rows, list)
    assert {row["tags"] for row in rows} == {None}


@pytest.mark.parametrize(("path", "method", "status"), [("/v2/x", "GET", 404), ("/v2/account", "POST", 405)])
def test_what_is_not_there_is_said_in_json(serve: Serve, path: str, method: str, status: int) -> None:
    answer = ask(serve(), path, method)
    assert answer.status == status
    assert "id" in body_of(answer)


def test_no_token_is_kept(serve: Serve) -> None:
    server = serve()
    ask(server, "/v2/account", token="dop_v1_secret")
    assert "secret" not in repr(server.requests)


def test_the_account_is_the_same_for_the_same_seed_and_realistic() -> None:
    one, other = DemoAccount.generate(now=NOW), DemoAccount.generate(now=NOW + 60)
    assert one.snapshots == other.snapshots
    assert one.snapshots != DemoAccount.generate(now=NOW, seed=8).snapshots
    rows = list(one.snapshots.values())
    assert len(rows) == 240
    assert {row["resource_type"] for row in rows} == {"droplet", "volume"}
    sources = {str(droplet["id"]) for droplet in (*one.droplets, *one.gpu_droplets, *one.volumes)}
    assert any(row["resource_id"] not in sources for row in rows)
    assert any("k8s" in str(row["tags"]) for row in rows)
    per_source = [sum(row["resource_id"] == source for row in rows) for source in sources]
    assert max(per_source) == 25


def test_a_hundred_thousand_snapshots_are_made(serve: Serve) -> None:
    server = serve(snapshots=100_000)
    assert body_of(ask(server, "/v2/snapshots?page=500&per_page=200"))["meta"] == {"total": 100_000}
