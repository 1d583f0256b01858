"""Answers of the demo API, as the reference describes them."""

import json
from collections.abc import Mapping
from math import ceil
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snaptui.demo.account import DemoAccount
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN, DemoApi, Reply
from snaptui.demo.generator import generated_account

NOW = 1_790_000_000.0
LIST = "/v2/snapshots"
HOST = "http://127.0.0.1:1"
NO_QUERY: Mapping[str, str] = MappingProxyType({})


def api(snapshots: int = 45) -> DemoApi:
    return DemoApi(generated_account(now=NOW, snapshots=snapshots), base_url=HOST)


def get(wanted: DemoApi, path: str, query: Mapping[str, str] = NO_QUERY, scopes: frozenset[str] = ALL_SCOPES) -> Reply:
    return wanted.reply("GET", path, query, scopes)


def links(total: int, query: Mapping[str, str] = NO_QUERY) -> dict[str, dict[str, str]]:
    value: dict[str, dict[str, str]] = json.loads(get(api(total), LIST, query).body)["links"]
    return value


def test_one_page_has_no_links() -> None:
    assert links(20) == {}
    assert links(0) == {}


def test_the_first_page_links_forward_the_last_back_and_the_middle_both_ways() -> None:
    assert links(45) == {"pages": {"next": f"{HOST}{LIST}?page=2", "last": f"{HOST}{LIST}?page=3"}}
    assert set(links(45, {"page": "2"})["pages"]) == {"first", "prev", "next", "last"}
    assert links(45, {"page": "3"}) == {"pages": {"first": f"{HOST}{LIST}?page=1", "prev": f"{HOST}{LIST}?page=2"}}


@given(total=st.integers(0, 120), per_page=st.integers(1, 200), kind=st.sampled_from(["droplet", "volume", None]))
def test_following_next_gives_every_row_once_in_order(total: int, per_page: int, kind: str | None) -> None:
    wanted = api(total)
    query = {"per_page": str(per_page)} | ({"resource_type": kind} if kind else {})
    seen: list[str] = []
    pages = 0
    while query:
        body = json.loads(get(wanted, LIST, query).body)
        seen += [row["id"] for row in body["snapshots"]]
        pages += 1
        following = body["links"].get("pages", {}).get("next")
        query = dict(parse_qsl(urlsplit(following).query)) if following else {}
    rows = wanted.account.snapshots
    assert seen == [key for key, row in rows.items() if kind in (None, row["resource_type"])]
    assert body["meta"] == {"total": len(seen)}
    assert pages == max(1, ceil(len(seen) / per_page))


def test_a_page_past_the_end_is_empty_and_tells_the_total() -> None:
    body = json.loads(get(api(), LIST, {"page": "9999"}).body)
    assert body["snapshots"] == []
    assert body["meta"] == {"total": 45}


def test_the_default_page_has_twenty_and_the_largest_two_hundred() -> None:
    wanted = api(300)
    assert len(json.loads(get(wanted, LIST).body)["snapshots"]) == 20
    assert len(json.loads(get(wanted, LIST, {"per_page": "200"}).body)["snapshots"]) == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("page", value) for value in ("0", "-1", "x", "1.5", "", "１", " 1", "9" * 5_000)),
        *(("per_page", value) for value in ("0", "201", "-20", "all")),
        *(("resource_type", value) for value in ("image", "Droplet", "")),
    ],
)
def test_values_outside_the_reference_are_refused(name: str, value: str) -> None:
    reply = get(api(), LIST, {name: value})
    assert reply.status == 400
    assert json.loads(reply.body)["id"] == "bad_request"


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", LIST, {"snapshot:read"}),
        ("GET", LIST + "/{id}", {"snapshot:read", "block_storage_snapshot:read"}),
        ("DELETE", LIST + "/{id}", {"image:delete", "snapshot:delete"}),
        ("GET", "/v2/account", {"account:read"}),
        ("GET", "/v2/droplets", {"droplet:read"}),
        ("GET", "/v2/volumes", {"block_storage:read"}),
    ],
)
def test_each_scope_is_needed_and_no_other(method: str, path: str, needed: set[str]) -> None:
    wanted = api()
    path = path.format(id=next(iter(wanted.account.snapshots)))
    for scope in needed:
        refused = wanted.reply(method, path, {}, ALL_SCOPES - {scope})
        assert refused.status == 403
        assert json.loads(refused.body)["message"] == "You are not authorized to perform this operation."
    assert len(wanted.account.snapshots) == 45
    assert wanted.reply(method, path, {}, frozenset(needed)).status in (200, 204)


def test_tags_need_a_scope_of_their_own() -> None:
    wanted = api()
    without = ALL_SCOPES - {"tag:read"}
    one = next(iter(wanted.account.snapshots))
    assert {row["tags"] for row in json.loads(get(wanted, LIST, scopes=without).body)["snapshots"]} == {None}
    assert json.loads(get(wanted, f"{LIST}/{one}", scopes=without).body)["snapshot"]["tags"] is None
    assert json.loads(get(wanted, f"{LIST}/{one}").body)["snapshot"] == wanted.account.snapshots[one]


def test_deleting_acts_once_and_answers_nothing() -> None:
    wanted = api()
    one = next(iter(wanted.account.snapshots))
    assert wanted.reply("DELETE", f"{LIST}/{one}", {}, ALL_SCOPES) == Reply(204)
    assert wanted.reply("DELETE", f"{LIST}/{one}", {}, ALL_SCOPES).status == 404
    assert len(wanted.account.snapshots) == 44


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_backup_is_no_snapshot(method: str) -> None:
    wanted = api()
    for image in wanted.account.other_images:
        reply = wanted.reply(method, f"{LIST}/{image}", {}, ALL_SCOPES)
        assert reply.status == 400
        assert json.loads(reply.body)["message"] == "the resource is not a snapshot"


def test_an_id_is_decoded_and_is_not_a_path() -> None:
    wanted = api()
    wanted.account.add({"id": "a/b", "resource_type": "volume"})
    assert get(wanted, f"{LIST}/a%2Fb").status == 200
    assert get(wanted, f"{LIST}/a/b").status == 404
    assert get(wanted, f"{LIST}/..%2Faccount").status == 404


@pytest.mark.parametrize("path", ["/", "/v2", "/v2/snapshots/", "/v1/snapshots", "/v2/snapshotsx", "/v2/droplets/1"])
def test_anything_else_is_not_found(path: str) -> None:
    reply = get(api(), path)
    assert reply.status == 404
    assert set(json.loads(reply.body)) == {"id", "message", "request_id"}
    assert reply.headers["x-request-id"] == json.loads(reply.body)["request_id"]


def test_other_methods_are_not_allowed() -> None:
    wanted = api()
    one = next(iter(wanted.account.snapshots))
    for path in (LIST, f"{LIST}/{one}", "/v2/account"):
        for method in ("POST", "PUT", "PATCH"):
            assert wanted.reply(method, path, {}, ALL_SCOPES).status == 405
    assert wanted.reply("DELETE", LIST, {}, ALL_SCOPES).status == 405
    assert len(wanted.account.snapshots) == 45


def test_gpu_droplets_are_a_second_listing_and_ids_are_numbers() -> None:
    wanted = api()
    plain = json.loads(get(wanted, "/v2/droplets", {"per_page": "200"}).body)["droplets"]
    gpus = json.loads(get(wanted, "/v2/droplets", {"per_page": "200", "type": "gpus"}).body)["droplets"]
    assert plain == wanted.account.droplets
    assert gpus == wanted.account.gpu_droplets
    assert {type(droplet["id"]) for droplet in (*plain, *gpus)} == {int}
    pools = json.loads(get(wanted, "/v2/droplets/autoscale").body)["autoscale_pools"]
    assert pools == wanted.account.autoscale_pools


def test_volumes_have_a_region_object() -> None:
    volumes = json.loads(get(api(), "/v2/volumes").body)["volumes"]
    assert volumes
    assert all("slug" in volume["region"] for volume in volumes)


@pytest.mark.parametrize(
    ("authorization", "known"),
    [
        (f"Bearer {DEMO_TOKEN}", True),
        (f"bearer {DEMO_TOKEN}", True),
        (f"Basic {DEMO_TOKEN}", False),
        (DEMO_TOKEN, False),
        ("Bearer ", False),
        ("", False),
        (f"Bearer {DEMO_TOKEN}x", False),
    ],
)
def test_only_the_bearer_of_a_known_token_is_let_in(authorization: str, known: bool) -> None:
    assert (api().scopes_of(authorization) is not None) == known


def test_a_refresh_token_never_calls_the_api() -> None:
    token = "dor_v1_" + "a" * 64
    wanted = DemoApi(DemoAccount(), scopes={token: ALL_SCOPES})
    assert wanted.scopes_of(f"Bearer {token}") is None


def test_the_demos_token_has_the_form_of_a_real_one() -> None:
    assert len(DEMO_TOKEN) == 71
    assert DEMO_TOKEN.startswith("dop_v1_")
