"""Loading the whole list through the background client, over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.digitalocean.api.errors import ApiError, NotAuthenticatedError
from snaptui.digitalocean.client.listing import Loaded
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from tests.support.faults import HTML_502, Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
Connect = Callable[[ScriptedServer], RemoteClient]
LIST = "/v2/snapshots"


@pytest.fixture
def connect() -> Iterator[Connect]:
    with ExitStack() as stack:

        def start(server: ScriptedServer, token: str = DEMO_TOKEN) -> RemoteClient:
            client = RemoteClient(Token(token), base_url=server.url)
            client.start()
            stack.callback(client.close)
            return client

        yield start


async def load(client: RemoteClient) -> list[Loaded]:
    return [loaded async for loaded in client.listing()]


def ids(steps: list[Loaded]) -> set[str]:
    return {row.id for step in steps for row in step.rows}


async def test_everything_arrives_and_is_known_to_be_everything(serve: Serve, connect: Connect) -> None:
    server = serve(snapshots=1_050)
    steps = await load(connect(server))
    assert len(steps[0].rows) == 200
    assert steps[0].coverage.finished is False
    assert ids(steps) == set(server.account.snapshots)
    assert steps[-1].present == frozenset(ids(steps))
    assert steps[-1].coverage.complete
    assert steps[-1].coverage.received == 1_050
    assert server.count("GET", LIST) == 6


async def test_an_empty_account_is_complete(serve: Serve, connect: Connect) -> None:
    steps = await load(connect(serve(snapshots=0)))
    assert steps[-1].coverage.complete
    assert steps[-1].present == frozenset()


async def test_a_listing_can_begin_before_anybody_reads_it(serve: Serve, connect: Connect) -> None:
    server = serve()
    client = connect(server)
    client.prefetch()
    assert server.wait_until(lambda s: s.count("GET", LIST) == 2)
    assert ids(await load(client)) == set(server.account.snapshots)
    assert server.count("GET", LIST) == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(path=LIST, query={"page": "3"}, times=None, status=422, body=b"{}"), "refused"),
        (Fault(path=LIST, query={"page": "3"}, times=None, status=200, body=HTML_502), "cannot be read"),
        (Fault(path=LIST, query={"page": "3"}, times=None, status=200, body=b""), "empty"),
    ],
)
async def test_a_page_that_cannot_be_had_is_named_with_the_reason(
    serve: Serve, connect: Connect, fault: Fault, reason: str
) -> None:
    server = serve(fault, snapshots=1_000)
    last = (await load(connect(server)))[-1]
    assert not last.coverage.complete
    assert last.present is None
    assert [missing.page for missing in last.coverage.missing] == [3]
    assert last.coverage.received == 800
    assert "800 of 1,000" in str(last.coverage.shortfall)
    assert "page 3 of 5" in str(last.coverage.shortfall)
    assert reason in str(last.coverage.shortfall)


async def test_a_list_that_shifts_while_it_is_read_is_read_again(serve: Serve, connect: Connect) -> None:
    server = serve(snapshots=600)
    listing = connect(server).listing()
    first = await anext(listing)
    for row in first.rows[:3]:
        server.account.delete(row.id)
    steps = [first, *[step async for step in listing]]
    assert steps[-1].coverage.complete
    assert steps[-1].present == frozenset(server.account.snapshots)
    assert server.count("GET", LIST) > 3


async def test_a_list_that_never_holds_still_is_said_to_be_unsure(serve: Serve, connect: Connect) -> None:
    wrong_total = Fault(path=LIST, query={"page": "2"}, times=None, replace={b'"total":600': b'"total":601'})
    server = serve(wrong_total, snapshots=600)
    steps = await load(connect(server))
    assert steps[-1].present is None
    assert "kept changing" in str(steps[-1].coverage.shortfall)
    assert ids(steps) == set(server.account.snapshots)
    assert server.count("GET", LIST) == 9


async def test_one_bad_row_costs_that_row_only(serve: Serve, connect: Connect) -> None:
    server = serve(snapshots=50)
    victims = list(server.account.snapshots)[:4]
    server.account.change(victims[0], size_gigabytes="a lot")
    server.account.change(victims[1], id=None)
    server.account.change(victims[2], name=None, regions=7, tags=[1])
    server.account.change(victims[3], id="../account")
    steps = await load(connect(server))
    rows = [row for step in steps for row in step.rows]
    damaged = [row for row in rows if row.damage]
    assert len(rows) == 50
    assert len(damaged) == 4
    assert steps[-1].coverage.damaged == 4
    assert "size_gigabytes: expected a number, got 'a lot'" in [row.damage for row in damaged]
    assert {row.id for row in damaged if row.id.startswith("(row ")} != set()


async def test_what_real_data_looks_like_is_accepted(serve: Serve, connect: Connect) -> None:
    server = serve(snapshots=50)
    odd = list(server.account.snapshots)[:5]
    server.account.change(odd[0], id=63, resource_id=200776916, tags=None)
    server.account.change(odd[1], size_gigabytes=0, min_disk_size=0, regions=None)
    server.account.change(odd[2], created_at="2024-02-29T12:30:15.123456789Z", resource_id=None)
    server.account.change(odd[3], created_at="last tuesday", size_gigabytes=7)
    del server.account.snapshots[odd[4]]["tags"]
    rows = {row.id: row for step in await load(connect(server)) for row in step.rows}
    assert not [row.damage for row in rows.values() if row.damage]
    assert rows["63"].resource_id == "200776916"
    assert rows["63"].tags is None
    assert rows[odd[1]].regions == ()
    assert rows[odd[2]].created == 1709209815.0
    assert rows[odd[3]].created is None
    assert rows[odd[4]].tags is None


async def test_without_a_first_page_there_is_an_error_and_no_list(serve: Serve, connect: Connect) -> None:
    server = serve(scopes={})
    with pytest.raises(NotAuthenticatedError):
        await load(connect(server))


async def test_a_refused_token_in_the_middle_stops_the_rest(serve: Serve, connect: Connect) -> None:
    revoked = Fault(path=LIST, query={"page": "2"}, times=None, status=401, body=b"{}")
    server = serve(revoked, snapshots=20_000)
    last = (await load(connect(server)))[-1]
    assert last.coverage.pages_received + len(last.coverage.missing) == 100
    assert server.count("GET", LIST) < 60


async def test_a_wait_is_visible_and_the_list_comes_in_the_end(serve: Serve, connect: Connect) -> None:
    server = serve(Fault(path=LIST, query={"page": "2"}, status=429, body=b"{}", headers={"retry-after": "1"}))
    client = connect(server)
    waits = []
    client.on_state(lambda: waits.append(client.wait))
    steps = await load(client)
    assert steps[-1].coverage.complete
    assert [wait.reason for wait in waits if wait][:1] == ["rate limit"]


async def test_a_closed_client_says_so(serve: Serve, connect: Connect) -> None:
    client = connect(serve())
    client.close()
    with pytest.raises(ApiError, match="closed"):
        await client.get_account()
