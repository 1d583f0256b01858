"""Every answer of the demo has the fields that DigitalOcean's OpenAPI description requires, of the documented types."""

import json
from collections.abc import Callable, Iterator, Mapping

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN, DemoApi
from snaptui.digitalocean.api.moments import http_date, unix_seconds
from tests.support.server import ScriptedServer

from .test_demo_server import Asked, ask

Serve = Callable[..., ScriptedServer]
Check = Callable[[object], bool]


def text(value: object) -> bool:
    return isinstance(value, str)


def whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def flag(value: object) -> bool:
    return isinstance(value, bool)


def moment(value: object) -> bool:
    return isinstance(value, str) and unix_seconds(value) is not None


def list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def one_of(*values: str) -> Check:
    return lambda value: value in values


def fields(required: Mapping[str, Check]) -> Check:
    def check(value: object) -> bool:
        assert isinstance(value, dict), f"{value!r} is no object"
        for name, of in required.items():
            assert name in value, f"{name} is missing in {sorted(value)}"
            assert of(value[name]), f"{name} is {value[name]!r}"
        return True

    return check


TAGS = or_null(list_of(text))
REGION = fields({"name": text, "slug": text, "features": list_of(text), "available": flag, "sizes": list_of(text)})
SIZE = fields(
    {
        "slug": text,
        "memory": whole,
        "vcpus": whole,
        "disk": whole,
        "transfer": number,
        "price_monthly": number,
        "price_hourly": number,
        "regions": list_of(text),
        "available": flag,
        "description": text,
    }
)
IMAGE = fields(
    {
        "id": whole,
        "name": text,
        "type": one_of("base", "snapshot", "backup", "custom"),
        "distribution": text,
        "slug": or_null(text),
        "public": flag,
        "regions": list_of(text),
        "created_at": moment,
        "min_disk_size": whole,
        "size_gigabytes": number,
        "tags": TAGS,
        "status": one_of("NEW", "available", "pending", "deleted", "retired"),
    }
)
ADDRESS = fields({"ip_address": text, "netmask": text, "gateway": text, "type": one_of("public", "private")})
NETWORKS = fields({"v4": list_of(ADDRESS), "v6": list_of(ADDRESS)})
DROPLET = fields(
    {
        "id": whole,
        "name": text,
        "memory": whole,
        "vcpus": whole,
        "disk": whole,
        "locked": flag,
        "status": one_of("new", "active", "off", "archive"),
        "created_at": moment,
        "features": list_of(text),
        "backup_ids": list_of(whole),
        "next_backup_window": or_null(fields({"start": moment, "end": moment})),
        "snapshot_ids": list_of(whole),
        "image": IMAGE,
        "volume_ids": list_of(text),
        "size": SIZE,
        "size_slug": text,
        "networks": NETWORKS,
        "region": REGION,
        "tags": TAGS,
    }
)
VOLUME = fields(
    {
        "id": text,
        "name": text,
        "description": text,
        "size_gigabytes": whole,
        "created_at": moment,
        "droplet_ids": list_of(whole),
        "filesystem_type": text,
        "filesystem_label": text,
        "region": REGION,
        "tags": TAGS,
    }
)
POOL = fields(
    {
        "id": text,
        "name": text,
        "config": fields({"min_instances": whole, "max_instances": whole}),
        "droplet_template": fields({"region": text, "image": text, "size": text, "ssh_keys": list_of(text)}),
        "created_at": moment,
        "updated_at": moment,
        "status": one_of("active", "deleting", "error"),
        "active_resources_count": whole,
    }
)
SNAPSHOT = fields(
    {
        "id": text,
        "name": text,
        "created_at": moment,
        "regions": list_of(text),
        "min_disk_size": whole,
        "size_gigabytes": number,
        "resource_id": text,
        "resource_type": one_of("droplet", "volume"),
        "tags": TAGS,
    }
)
ACCOUNT = fields(
    {
        "droplet_limit": whole,
        "floating_ip_limit": whole,
        "email": text,
        "uuid": text,
        "email_verified": flag,
        "status": one_of("active", "warning", "locked"),
        "status_message": text,
        "team": fields({"uuid": text, "name": text}),
    }
)
ERROR = fields({"id": text, "message": text, "request_id": text})
LINKS = or_null(fields({}))
LISTS = [
    ("/v2/snapshots", "snapshots", SNAPSHOT),
    ("/v2/snapshots?resource_type=droplet", "snapshots", SNAPSHOT),
    ("/v2/droplets", "droplets", DROPLET),
    ("/v2/droplets?type=droplets", "droplets", DROPLET),
    ("/v2/droplets?type=gpus", "droplets", DROPLET),
    ("/v2/droplets?tag_name=k8s", "droplets", DROPLET),
    ("/v2/droplets?name=web-1", "droplets", DROPLET),
    ("/v2/volumes", "volumes", VOLUME),
    ("/v2/volumes?region=nyc3", "volumes", VOLUME),
    ("/v2/volumes?name=pg-data", "volumes", VOLUME),
    ("/v2/droplets/autoscale", "autoscale_pools", POOL),
    ("/v2/droplets/autoscale?name=web-pool", "autoscale_pools", POOL),
]


def pages(server: ScriptedServer, path: str) -> Iterator[dict[str, object]]:
    """Follow the links from the first page to the last."""
    following = path + ("&" if "?" in path else "?") + "per_page=7"
    while following:
        body = json.loads(ask(server, following).body)
        yield body
        following = body["links"].get("pages", {}).get("next", "").removeprefix(server.url)


@pytest.mark.parametrize(("path", "member", "row"), LISTS, ids=[path for path, *_ in LISTS])
@pytest.mark.parametrize("scopes", [ALL_SCOPES, ALL_SCOPES - {"tag:read"}], ids=["with tags", "without tags"])
def test_every_row_of_a_list_has_what_is_required(
    serve: Serve, path: str, member: str, row: Check, scopes: frozenset[str]
) -> None:
    server = serve(scopes={DEMO_TOKEN: scopes})
    seen, total = 0, 0
    for body in pages(server, path):
        assert fields({member: list_of(row), "meta": fields({"total": whole}), "links": LINKS})(body)
        rows, meta = body[member], body["meta"]
        assert isinstance(rows, list)
        assert isinstance(meta, dict)
        seen, total = seen + len(rows), int(meta["total"])
    assert seen == total > 0


def test_one_snapshot_and_the_account_have_what_is_required(serve: Serve) -> None:
    server = serve()
    wanted = next(iter(server.account.snapshots))
    assert fields({"snapshot": SNAPSHOT})(json.loads(ask(server, f"/v2/snapshots/{wanted}").body))
    assert fields({"account": ACCOUNT})(json.loads(ask(server, "/v2/account").body))


REFUSED = [
    ("GET", "/v2/snapshots?resource_type=image", 400),
    ("GET", "/v2/droplets?type=gpu", 400),
    ("GET", "/v2/droplets?type=", 400),
    ("GET", "/v2/volumes?region=nyc9", 400),
    ("GET", "/v2/volumes?region=NYC3", 400),
    ("GET", "/v2/volumes?per_page=201", 400),
    ("GET", "/v2/droplets?page=0", 400),
    ("GET", "/v2/snapshots/7555620", 400),
    ("GET", "/v2/snapshots/1", 404),
    ("GET", "/v2/nothing", 404),
    ("POST", "/v2/snapshots", 405),
    ("DELETE", "/v2/droplets", 405),
    ("PUT", "/v2/snapshots/1", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
def test_every_refusal_has_what_is_required(serve: Serve, method: str, path: str, status: int) -> None:
    answer = ask(serve(), path, method)
    assert answer.status == status
    assert ERROR(json.loads(answer.body))
    assert answer.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v2/snapshots", "GET"),
        ("DELETE", "/v2/account", "GET"),
        ("PATCH", "/v2/snapshots/1", "GET, DELETE"),
    ],
)
def test_a_method_that_is_not_allowed_is_told_which_are(serve: Serve, method: str, path: str, allowed: str) -> None:
    assert ask(serve(), path, method).headers["allow"] == allowed


@pytest.mark.parametrize("page", [10**18, 10**18 - 1, 10**30])
def test_a_page_far_beyond_the_end_is_empty_and_links_back(serve: Serve, page: int) -> None:
    server = serve()
    body = json.loads(ask(server, f"/v2/droplets?page={page}").body)
    assert body["droplets"] == []
    assert body["meta"]["total"] == len(server.account.droplets)
    assert body["links"]["pages"]["prev"].endswith(f"page={page - 1}")


def test_every_answer_tells_the_limit_and_the_time(serve: Serve) -> None:
    server = serve()

    def told(answer: Asked) -> bool:
        told = [answer.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
        date = http_date(answer.headers["date"])
        return all(value.isdecimal() for value in told) and date is not None and abs(date - server.clock()) < 60

    wanted = next(iter(server.account.snapshots))
    assert told(ask(server, "/v2/snapshots"))
    assert told(ask(server, "/v2/nothing"))
    assert told(ask(server, "/v2/account", token="dop_v1_wrong"))
    assert told(ask(server, f"/v2/snapshots/{wanted}", "DELETE"))


def test_filters_leave_only_what_fits() -> None:
    server = ScriptedServer()
    api = DemoApi(server.account)

    def names(path: str, member: str, **query: str) -> list[str]:
        return [row["name"] for row in json.loads(api.reply("GET", path, query, ALL_SCOPES).body)[member]]

    assert all(name.startswith("main-pool-") for name in names("/v2/droplets", "droplets", tag_name="k8s"))
    assert names("/v2/droplets", "droplets", name="web-1") == ["web-1"]
    assert names("/v2/droplets", "droplets", name="nobody") == []
    assert names("/v2/volumes", "volumes", name="pg-data") == ["pg-data"]
