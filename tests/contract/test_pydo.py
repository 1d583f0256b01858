"""DigitalOcean's own client against the demo account: an independent witness of how the API behaves."""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from azure.core.exceptions import HttpResponseError
from pydo import Client

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
PLAIN = {"enforce_https": False}


def pydo(server: ScriptedServer, token: str = DEMO_TOKEN) -> Client:
    return Client(token=token, endpoint=server.url, retry_total=0)


def test_following_the_links_finds_every_snapshot(serve: Serve) -> None:
    server = serve()
    seen: list[str] = []
    query = {"per_page": "37"}
    while query:
        body = pydo(server).snapshots.list(**query, **PLAIN)
        seen += [row["id"] for row in body["snapshots"]]
        following = body["links"].get("pages", {}).get("next")
        query = dict(parse_qsl(urlsplit(following).query)) if following else {}
    assert seen == list(server.account.snapshots)


def test_it_lists_pages(serve: Serve) -> None:
    server = serve()
    seen: list[str] = []
    page = 1
    while True:
        body = pydo(server).snapshots.list(per_page=100, page=page, **PLAIN)
        seen += [row["id"] for row in body["snapshots"]]
        assert body["meta"]["total"] == 240
        if "next" not in body["links"].get("pages", {}):
            break
        page += 1
    assert seen == list(server.account.snapshots)


def test_links_lead_forward_and_back(serve: Serve) -> None:
    server = serve(snapshots=45)
    client = pydo(server)
    first = client.snapshots.list(**PLAIN)
    last = client.snapshots.list(page=3, **PLAIN)
    assert len(first["snapshots"]) == 20
    assert set(first["links"]["pages"]) == {"next", "last"}
    assert first["links"]["pages"]["last"].endswith("page=3")
    assert set(last["links"]["pages"]) == {"first", "prev"}
    assert client.snapshots.list(page=9, **PLAIN)["snapshots"] == []


def test_it_filters_by_type(serve: Serve) -> None:
    body = pydo(serve()).snapshots.list(resource_type="volume", per_page=200, **PLAIN)
    assert {row["resource_type"] for row in body["snapshots"]} == {"volume"}


def test_it_gets_and_deletes_one(serve: Serve) -> None:
    server = serve()
    wanted, row = next(iter(server.account.snapshots.items()))
    client = pydo(server)
    assert client.snapshots.get(wanted, **PLAIN)["snapshot"] == row
    assert client.snapshots.delete(wanted, **PLAIN) is None
    gone = client.snapshots.get(wanted, **PLAIN)
    assert gone["id"] == "not_found"
    assert server.deleted_ids == [wanted]


def test_deleting_twice_is_not_found_the_second_time(serve: Serve) -> None:
    server = serve()
    wanted = next(iter(server.account.snapshots))
    client = pydo(server)
    assert client.snapshots.delete(wanted, **PLAIN) is None
    assert client.snapshots.delete(wanted, **PLAIN)["id"] == "not_found"
    assert server.deleted_ids == [wanted]


@pytest.mark.parametrize("method", ["get", "delete"])
def test_an_image_that_is_no_snapshot_is_a_bad_request(serve: Serve, method: str) -> None:
    server = serve()
    answer = getattr(pydo(server).snapshots, method)(next(iter(server.account.other_images)), **PLAIN)
    assert answer["message"] == "the resource is not a snapshot"


def test_a_lost_answer_to_a_delete_that_is_retried_looks_not_found(serve: Serve) -> None:
    server = serve(Fault("DELETE", reset_after=True))
    wanted = next(iter(server.account.snapshots))
    client = Client(token=DEMO_TOKEN, endpoint=server.url, retry_total=1, retry_backoff_factor=0)
    assert client.snapshots.delete(wanted, **PLAIN)["id"] == "not_found"
    assert server.count("DELETE") == 2
    assert server.deleted_ids == [wanted]


def test_a_burst_is_too_many_requests(serve: Serve) -> None:
    client = pydo(serve(limits=Limits(per_minute=2)))
    for _ in range(2):
        assert client.account.get(**PLAIN)["account"]["team"]["name"] == "Acme Production"
    with pytest.raises(HttpResponseError) as caught:
        client.account.get(**PLAIN)
    assert caught.value.status_code == 429
    assert int(caught.value.response.headers["retry-after"]) > 0


@pytest.mark.parametrize("fault", [Fault(status=500, body=b"{}"), Fault(status=502, body=HTML_502)])
def test_a_servers_error_is_an_error(serve: Serve, fault: Fault) -> None:
    client = pydo(serve(fault))
    with pytest.raises(HttpResponseError) as caught:
        client.snapshots.list(**PLAIN)
    assert caught.value.status_code == fault.status
    assert len(client.snapshots.list(**PLAIN)["snapshots"]) == 20


@pytest.mark.parametrize("query", [{"page": 0}, {"per_page": 201}, {"resource_type": "image"}])
def test_values_outside_the_reference_are_bad_requests(serve: Serve, query: dict[str, object]) -> None:
    with pytest.raises(HttpResponseError) as caught:
        pydo(serve()).snapshots.list(**query, **PLAIN)
    assert caught.value.status_code == 400


@pytest.mark.parametrize(("token", "status"), [("dop_v1_wrong", 401), ("dor_v1_refresh", 401)])
def test_a_wrong_token_is_refused(serve: Serve, token: str, status: int) -> None:
    with pytest.raises(HttpResponseError) as caught:
        pydo(serve(), token).snapshots.list(**PLAIN)
    assert caught.value.status_code == status


def test_a_missing_scope_is_refused(serve: Serve) -> None:
    with pytest.raises(HttpResponseError) as caught:
        pydo(serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"account:read"}})).account.get(**PLAIN)
    assert caught.value.status_code == 403


def test_droplets_leave_gpu_droplets_out(serve: Serve) -> None:
    server = serve()
    client = pydo(server)
    plain = {row["id"] for row in client.droplets.list(per_page=200, **PLAIN)["droplets"]}
    gpus = {row["id"] for row in client.droplets.list(per_page=200, type="gpus", **PLAIN)["droplets"]}
    assert plain
    assert gpus
    assert not plain & gpus
    assert client.volumes.list(per_page=200, **PLAIN)["meta"]["total"] == len(server.account.volumes)
