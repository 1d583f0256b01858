"""The client against the demo account, over real HTTP."""

import asyncio
import gzip
import socket
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from msgspec.structs import replace

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.digitalocean.api import errors
from snaptui.digitalocean.api.departure import LOOK_SECONDS, Departure, boot_seconds
from snaptui.digitalocean.api.requests import Deletion
from snaptui.digitalocean.api.retries import Patience
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.sources import read_sources
from snaptui.model.sources import SourceState
from snaptui.model.token import Token
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
IMPATIENT = Patience(attempts=3, try_seconds=2.0, total_seconds=4.0, first_backoff_seconds=0.01)
ONE = "/v2/snapshots/.+"


@asynccontextmanager
async def client_of(url: str, token: str = DEMO_TOKEN, *, read_only: bool = False) -> AsyncIterator[Client]:
    client = Client(Token(token), base_url=url, patience=IMPATIENT, read_only=read_only)
    try:
        yield client
    finally:
        await client.aclose()


def some_id(server: ScriptedServer, resource_type: str = "droplet") -> str:
    return next(i for i, row in server.account.snapshots.items() if row["resource_type"] == resource_type)


async def test_a_page_holds_what_the_account_holds(serve: Serve) -> None:
    server = serve()
    async with client_of(server.url) as client:
        page = await client.list_snapshots(2, 50)
    rows = list(server.account.snapshots.values())[50:100]
    assert page.total == 240
    assert [row.to_json() for row in page.rows] == rows
    assert not [row for row in page.rows if row.damage or row.created is None]


async def test_only_one_type_can_be_asked_for(serve: Serve) -> None:
    server = serve()
    async with client_of(server.url) as client:
        page = await client.list_snapshots(1, 200, "volume")
    assert {row.resource_type for row in page.rows} == {"volume"}
    assert server.requests[-1].query == {"page": "1", "per_page": "200", "resource_type": "volume"}


async def test_one_snapshot_is_read_with_its_json_as_sent(serve: Serve) -> None:
    server = serve()
    wanted = some_id(server)
    async with client_of(server.url) as client:
        fetched = await client.get_snapshot(wanted)
    assert fetched.snapshot.to_json() == server.account.snapshots[wanted]
    assert f'"{wanted}"' in fetched.raw


async def test_a_deleted_snapshot_is_gone_and_deleting_it_again_is_no_failure(serve: Serve) -> None:
    server = serve()
    wanted = some_id(server)
    async with client_of(server.url) as client:
        assert await client.delete_snapshot(wanted, Departure(boot_seconds())) is Deletion.DELETED
        assert await client.delete_snapshot(wanted, Departure(boot_seconds())) is Deletion.ALREADY_GONE
        with pytest.raises(errors.NotFoundError):
            await client.get_snapshot(wanted)
    assert server.deleted_ids == [wanted]


@pytest.mark.parametrize("lost", [Fault("DELETE", ONE, reset_after=True), Fault("DELETE", ONE, reset_before=True)])
async def test_a_delete_whose_answer_is_lost_is_not_repeated_and_is_said_to_have_left(
    serve: Serve, lost: Fault
) -> None:
    server = serve(lost)
    departure = Departure(boot_seconds())
    async with client_of(server.url) as client:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await client.delete_snapshot(some_id(server), departure)
    assert caught.value.sent
    assert departure.left
    assert server.count("DELETE") == 1


async def test_a_delete_on_an_old_look_is_kept_back_on_the_open_connection(serve: Serve) -> None:
    server = serve()
    departure = Departure(boot_seconds() - LOOK_SECONDS - 0.1)
    async with client_of(server.url) as client:
        with pytest.raises(errors.NotSentError, match="looked at"):
            await client.delete_snapshot(some_id(server), departure)
    assert not departure.left
    assert server.count("DELETE") == 0


@pytest.mark.parametrize("status", [500, 429])
async def test_a_look_that_was_asked_for_again_leaves_its_delete_the_place_of_the_lease(
    serve: Serve, status: int
) -> None:
    server = serve(Fault(path=ONE, status=status, headers={"retry-after": "0"}))
    wanted = some_id(server)
    async with client_of(server.url) as client, client.lease(2, 2) as lease:
        look = await client.get_snapshot(wanted, lease.number)
        await client.delete_snapshot(wanted, Departure(look.seen, lease.number))
    assert server.deleted_ids == [wanted]


@pytest.mark.parametrize("status", [200, 202, 299])
async def test_only_the_answer_that_the_api_gives_to_a_delete_says_that_it_was_done(serve: Serve, status: int) -> None:
    server = serve(Fault("DELETE", ONE, status=status, body=b"<html>Welcome to our network</html>"))
    departure = Departure(boot_seconds())
    async with client_of(server.url) as client:
        with pytest.raises(errors.UnreadableAnswerError, match=f"{status} .*instead of 204"):
            await client.delete_snapshot(some_id(server), departure)
    assert departure.left


async def test_a_delete_that_is_withdrawn_while_it_connects_never_leaves() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # The queue of those who wait to be accepted is full: whoever comes now waits for the connection.
        queued = socket.create_connection(deaf.getsockname())
        departure = Departure(boot_seconds())
        async with client_of(f"http://127.0.0.1:{deaf.getsockname()[1]}") as client:
            deleting = asyncio.create_task(client.delete_snapshot("7", departure))
            await asyncio.sleep(0)
            departure.withdraw()
            with pytest.raises(errors.WithdrawnError):
                await deleting
        queued.close()
    assert not departure.left


async def test_read_only_holds_in_the_client(serve: Serve) -> None:
    server = serve()
    async with client_of(server.url, read_only=True) as client:
        with pytest.raises(errors.ReadOnlyError, match="read-only"):
            await client.delete_snapshot(some_id(server), Departure(boot_seconds()))
    assert server.count("DELETE") == 0


@pytest.mark.parametrize(
    ("status", "kind", "hint"),
    [
        (400, errors.BadRequestError, None),
        (401, errors.NotAuthenticatedError, "expired or revoked"),
        (403, errors.NotPermittedError, "The token needs snapshot:delete and image:delete."),
        (409, errors.ConflictError, None),
        (412, errors.PreconditionFailedError, None),
        (418, errors.UnexpectedStatusError, None),
        (422, errors.UnprocessableError, None),
        (500, errors.ServerError, "Try again"),
        (502, errors.ServerError, "Try again"),
        (302, errors.UnexpectedStatusError, "--api-url"),
    ],
)
async def test_every_refusal_has_a_name_and_says_what_to_do(
    serve: Serve, status: int, kind: type[errors.ApiError], hint: str | None
) -> None:
    body = b'{"id":"some_id","message":"some \\u001b[31m message","request_id":"req-1"}'
    location = {"location": "http://127.0.0.1:1/elsewhere", "x-request-id": "req-1"}
    server = serve(Fault("DELETE", ONE, status=status, body=body, times=None, headers=location))
    async with client_of(server.url) as client:
        with pytest.raises(kind) as caught:
            await client.delete_snapshot(some_id(server), Departure(boot_seconds()))
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.request_id) == (status, "req-1")
    assert error.rate_limit is not None
    assert error.rate_limit.limit == 5000
    assert "\x1b" not in str(error)
    assert hint is None or hint in str(error)
    if status < 300 or status >= 400:
        assert error.api_id == "some_id"


ODD_BODIES = [HTML_502, b"", b"{", b"[]", b"null", b'{"message": 7}', b"\xff\xfe"]


@pytest.mark.parametrize("body", ODD_BODIES)
async def test_an_error_with_any_body_is_still_that_error(serve: Serve, body: bytes) -> None:
    server = serve(Fault(path=ONE, status=409, body=body, content_type="text/html"))
    async with client_of(server.url) as client:
        with pytest.raises(errors.ConflictError) as caught:
            await client.get_snapshot("1")
    assert "<" not in str(caught.value)


@pytest.mark.parametrize("body", ODD_BODIES)
async def test_a_404_in_which_the_api_says_nothing_does_not_say_that_a_snapshot_is_gone(
    serve: Serve, body: bytes
) -> None:
    server = serve(Fault("GET|DELETE", ONE, times=None, status=404, body=body, content_type="text/html"))
    wanted, departure = some_id(server), Departure(boot_seconds())
    async with client_of(server.url) as client:
        with pytest.raises(errors.UnexpectedStatusError, match="404"):
            await client.get_snapshot(wanted)
        with pytest.raises(errors.UnexpectedStatusError, match="404"):
            await client.delete_snapshot(wanted, departure)
    assert departure.left


@pytest.mark.parametrize(
    "body",
    [
        HTML_502,
        b"",
        b'{"snapshots": [',
        b'{"snapshots": {}, "meta": {"total": 1}}',
        b'{"snapshots": []}',
        b'{"snapshots": [], "meta": {"total": "1"}}',
        b'{"meta": {"total": 0}}',
        b"[" * 100_000,
        b"7",
    ],
)
async def test_a_good_status_with_another_body_is_unreadable(serve: Serve, body: bytes) -> None:
    server = serve(Fault(path="/v2/snapshots", status=200, body=body))
    async with client_of(server.url) as client:
        with pytest.raises(errors.UnreadableAnswerError) as caught:
            await client.list_snapshots(1)
    assert caught.value.status == 200
    assert "<" not in str(caught.value)


async def test_an_answer_cut_off_in_the_middle_is_asked_for_again(serve: Serve) -> None:
    server = serve(Fault(path="/v2/snapshots", truncate=True))
    async with client_of(server.url) as client:
        page = await client.list_snapshots(1)
    assert len(page.rows) == 200
    assert server.count("GET") == 2


@pytest.mark.parametrize("fault", [Fault(reset_before=True), Fault(status=500), Fault(status=503, body=HTML_502)])
async def test_a_passing_trouble_is_tried_again(serve: Serve, fault: Fault) -> None:
    server = serve(fault)
    async with client_of(server.url) as client:
        assert (await client.get_account()).label == "team Acme Production"
    assert server.count("GET") == 2


async def test_a_429_is_waited_out_as_long_as_the_server_says(serve: Serve) -> None:
    server = serve(Fault(status=429, body=b"{}", headers={"retry-after": "1"}))
    async with client_of(server.url) as client:
        await client.get_account()
    first, second = server.requests
    assert second.at - first.at >= 1.0


async def test_a_wait_that_is_longer_than_patience_is_said_instead(serve: Serve) -> None:
    server = serve(Fault(status=429, body=b"{}", headers={"retry-after": "600"}, times=None))
    async with client_of(server.url) as client:
        with pytest.raises(errors.RateLimitedError, match="The next request is free in 600 s"):
            await client.get_account()
    assert server.count("GET") == 1


async def test_a_429_without_any_hint_is_asked_again_while_the_hour_is_not_used_up(serve: Serve) -> None:
    reset = str(int(time.time()) + 3_000)
    limited = {"ratelimit-remaining": "4812", "ratelimit-reset": reset}
    server = serve(Fault(status=429, body=b"{}", headers=limited, times=6))
    async with client_of(server.url) as client:
        assert (await client.get_account()).uuid
    assert server.count("GET") == 7


async def test_a_429_of_an_hour_that_is_used_up_is_not_waited_out(serve: Serve) -> None:
    reset = str(int(time.time()) + 3_000)
    limited = {"ratelimit-remaining": "0", "ratelimit-reset": reset}
    server = serve(Fault(status=429, body=b"{}", headers=limited, times=None))
    async with client_of(server.url) as client:
        with pytest.raises(errors.RateLimitedError, match=r"The next request is free in (3000|299\d) s"):
            await client.get_account()
    assert server.count("GET") == 1


async def test_a_429_without_end_is_given_up_when_patience_ends(serve: Serve) -> None:
    server = serve(Fault(status=429, body=b"{}", headers={"ratelimit-remaining": "9"}, times=None))
    client = Client(Token(DEMO_TOKEN), base_url=server.url, patience=replace(IMPATIENT, total_seconds=0.2))
    with pytest.raises(errors.RateLimitedError, match="Try again later"):
        await client.get_account()
    await client.aclose()
    assert server.count("GET") > IMPATIENT.attempts


async def test_a_page_that_takes_longer_than_a_try_comes_with_a_longer_one_and_the_wait_is_shown(serve: Serve) -> None:
    server = serve(Fault(path="/v2/snapshots", delay_seconds=1.5, times=None))
    client = Client(Token(DEMO_TOKEN), base_url=server.url, patience=replace(IMPATIENT, try_seconds=0.6))
    shown: list[str] = []
    client.on_state(lambda: shown.extend([client.wait.reason] if client.wait else []))
    assert len((await client.list_snapshots(1)).rows) == 200
    await client.aclose()
    assert server.count("GET") in (2, 3)
    assert "slow answer" in shown


@pytest.mark.parametrize(
    ("packed", "encoding", "said"),
    [
        (gzip.compress(gzip.compress(bytes(64 << 20), mtime=0), mtime=0), "gzip, gzip", "larger than any list can be"),
        (gzip.compress(bytes(64 << 20), mtime=0), "gzip", "larger than any list can be"),
        (b"x" * (9 << 20), "identity", "larger than any list can be"),
        (b"x", "br", "not asked for"),
        (b"x", "gzip", "cannot be unpacked"),
    ],
    ids=["two layers", "one layer", "none", "not asked for", "no gzip"],
)
async def test_a_body_is_bounded_at_each_layer(serve: Serve, packed: bytes, encoding: str, said: str) -> None:
    server = serve(Fault(path="/v2/snapshots", status=200, body=packed, headers={"content-encoding": encoding}))
    async with client_of(server.url) as client:
        with pytest.raises(errors.UnreadableAnswerError, match=said):
            await client.list_snapshots(1)
        assert len((await client.list_snapshots(1)).rows) == 200


@pytest.mark.parametrize("status", [409, 500])
async def test_a_refusal_whose_body_cannot_be_read_is_still_that_refusal(serve: Serve, status: int) -> None:
    headers = {"content-encoding": "gzip, gzip"}
    body = gzip.compress(gzip.compress(bytes(64 << 20), mtime=0), mtime=0)
    server = serve(Fault(path=ONE, status=status, body=body, headers=headers, times=None))
    async with client_of(server.url) as client:
        with pytest.raises(errors.ConflictError if status == 409 else errors.ServerError):
            await client.get_snapshot("1")


async def test_packed_pages_are_unpacked(serve: Serve) -> None:
    server = serve()
    body = b'{"snapshots": [], "meta": {"total": 0}}'
    for encoding, packed in (("gzip", gzip.compress(body)), ("deflate, gzip", gzip.compress(zlib.compress(body)))):
        server.faults.add(Fault(status=200, body=packed, headers={"content-encoding": encoding}))
        async with client_of(server.url) as client:
            assert (await client.list_snapshots(1)).rows == ()


async def test_a_server_that_never_answers_is_given_up(serve: Serve) -> None:
    server = serve(Fault(delay_seconds=30, times=None))
    quick = replace(IMPATIENT, attempts=1, try_seconds=0.2)
    client = Client(Token(DEMO_TOKEN), base_url=server.url, patience=quick)
    with pytest.raises(errors.ConnectionFailedError, match="no answer in time"):
        await client.get_account()
    await client.aclose()


async def test_nobody_listening_is_said() -> None:
    async with client_of("http://127.0.0.1:9") as client:
        with pytest.raises(errors.ConnectionFailedError) as caught:
            await client.get_account()
    assert not caught.value.sent
    assert "Check the network" in str(caught.value)


async def test_a_wait_can_be_cancelled(serve: Serve) -> None:
    server = serve(Fault(status=429, body=b"{}", headers={"retry-after": "3"}, times=None))
    async with client_of(server.url) as client:
        task = asyncio.create_task(client.get_account())
        await asyncio.to_thread(server.wait_until, lambda s: s.count("GET") == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(
    "url", ["http://example.com", "ftp://127.0.0.1", "https://user:pw@host", "https://", "x", "https://h/path"]
)
async def test_the_token_goes_nowhere_unencrypted_or_odd(url: str) -> None:
    with pytest.raises(errors.RefusedRequestError):
        Client(Token(DEMO_TOKEN), base_url=url)


async def test_a_refresh_token_is_never_sent(serve: Serve) -> None:
    server = serve()
    with pytest.raises(errors.NotAuthenticatedError, match="refresh token"):
        Client(Token("dor_v1_" + "a" * 64), base_url=server.url)
    assert not server.requests


@pytest.mark.parametrize("bad", ["../account", "1?x=2", "a b", "", "1/2", "x" * 65])
async def test_an_id_that_would_change_the_path_is_refused(serve: Serve, bad: str) -> None:
    server = serve()
    async with client_of(server.url) as client:
        with pytest.raises(errors.RefusedRequestError):
            await client.delete_snapshot(bad, Departure(boot_seconds()))
    assert not server.requests


async def test_links_to_another_host_are_not_followed(serve: Serve) -> None:
    other = serve()
    server = serve(snapshots=450)
    server.faults.add(Fault(path="/v2/snapshots", replace={server.url.encode(): other.url.encode()}, times=None))
    async with client_of(server.url) as client:
        await client.list_snapshots(1)
        await client.list_snapshots(2)
    assert not other.requests


async def test_sources_say_what_exists_what_is_gone_and_what_cannot_be_known(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"block_storage:read"}})
    async with client_of(server.url) as client:
        sources = await read_sources(client)
        page = await client.list_snapshots(1)
    states: dict[str, set[SourceState]] = {row.resource_type: set() for row in page.rows}
    for row in page.rows:
        states[row.resource_type].add(sources.state_of(row))
    assert states["droplet"] == {SourceState.EXISTS, SourceState.GONE}
    assert states["volume"] == {SourceState.UNKNOWN}
    assert "block_storage:read" in str(sources.volumes.problem)
    gpu = str(server.account.gpu_droplets[0]["id"])
    assert gpu in sources.droplets.names


async def test_images_of_autoscale_pools_are_found(serve: Serve) -> None:
    server = serve()
    async with client_of(server.url) as client:
        images = await client.get_autoscale_images()
    assert images & set(server.account.snapshots)
