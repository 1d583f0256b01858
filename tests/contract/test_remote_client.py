"""The client's process: what it says arrives whole; whatever becomes of it, nothing hangs and nothing is guessed."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event

import pytest

from snaptui.demo.api import DEMO_TOKEN
from snaptui.digitalocean.api.departure import LOOK_SECONDS, Departure, boot_seconds
from snaptui.digitalocean.api.errors import (
    ConnectionFailedError,
    NotFoundError,
    NotPermittedError,
    NotSentError,
    ReadOnlyError,
    RefusedRequestError,
    WithdrawnError,
)
from snaptui.digitalocean.api.requests import Deletion
from snaptui.digitalocean.client.client import Client
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.digitalocean.process.launcher import ClientProcess
from snaptui.digitalocean.process.remote import RemoteClient
from snaptui.model.token import Token
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
ONE = "/v2/snapshots/.+"
PATIENCE_SECONDS = 10.0


@asynccontextmanager
async def client_of(
    server: ScriptedServer, *, read_only: bool = False, process: ClientProcess | None = None
) -> AsyncIterator[RemoteClient]:
    client = RemoteClient(Token(DEMO_TOKEN), base_url=server.url, read_only=read_only, process=process)
    client.start()
    try:
        yield client
    finally:
        client.close()


def is_running(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        os.kill(pid, 0)
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return not Path("/proc/self").exists()


def until(fact: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < deadline, "it never came about"
        Event().wait(0.01)


async def test_every_call_brings_what_the_client_brings(serve: Serve) -> None:
    server = serve()
    wanted = next(iter(server.account.snapshots))
    async with client_of(server) as client:
        account = await client.get_account()
        sources = await client.get_sources()
        images = await client.get_autoscale_images()
        fetched = await client.get_snapshot(wanted)
        deleted = [await client.delete_snapshot(wanted, Departure(boot_seconds())) for _ in range(2)]
        remaining = client.rate_limit.remaining if client.rate_limit else None
    assert account.label == "team Acme Production"
    assert sources.droplets.problem is None
    assert set(sources.volumes.names) == {str(row["id"]) for row in server.account.volumes}
    assert images
    assert fetched.snapshot.id == wanted
    assert deleted == [Deletion.DELETED, Deletion.ALREADY_GONE]
    assert remaining == 5_000 - len(server.requests)


async def said_by(client: ApiClient, wanted: str) -> tuple[object, ...]:
    steps = [step async for step in client.listing()]
    rows = sorted(row.id for step in steps for row in step.rows)
    snapshot = await client.get_snapshot(wanted)
    account, sources = await client.get_account(), await client.get_sources()
    images = await client.get_autoscale_images()
    return rows, steps[-1].coverage.complete, snapshot.snapshot, snapshot.raw, account, sources, images


async def test_the_client_of_this_process_and_the_one_of_another_say_the_same(serve: Serve) -> None:
    server = serve()
    wanted = next(iter(server.account.snapshots))
    here = Client(Token(DEMO_TOKEN), base_url=server.url)
    ours = await said_by(here, wanted)
    await here.aclose()
    async with client_of(server) as client:
        assert await said_by(client, wanted) == ours


async def test_errors_arrive_as_what_they_are(serve: Serve) -> None:
    server = serve(Fault("GET", "/v2/account", status=403, body=b'{"id": "forbidden", "message": "no"}'))
    async with client_of(server, read_only=True) as client:
        with pytest.raises(NotPermittedError) as refused:
            await client.get_account()
        with pytest.raises(NotFoundError) as missing:
            await client.get_snapshot("123456789")
        with pytest.raises(ReadOnlyError):
            await client.delete_snapshot(next(iter(server.account.snapshots)), Departure(boot_seconds()))
        with pytest.raises(RefusedRequestError, match="is not a snapshot id"):
            await client.get_snapshot("../account")
    assert refused.value.needed_scopes == ("account:read",)
    assert refused.value.api_id == "forbidden"
    assert missing.value.status == 404
    assert missing.value.rate_limit is not None
    assert server.count("DELETE") == 0


async def test_a_process_that_dies_leaves_the_outcome_unknown_and_the_next_call_starts_another(serve: Serve) -> None:
    held = Fault("DELETE", ONE, hold=Event())
    server = serve(held)
    wanted = next(iter(server.account.snapshots))
    process = ClientProcess()
    async with client_of(server, process=process) as client:
        deleting = asyncio.create_task(client.delete_snapshot(wanted, Departure(boot_seconds())))
        await asyncio.to_thread(until, lambda: server.faults.wait_taken(0.01))
        os.kill(process.pid, signal.SIGKILL)
        with pytest.raises(ConnectionFailedError, match=r"ended \(signal 9\)") as lost:
            await deleting
        assert lost.value.sent
        assert held.hold is not None
        held.hold.set()
        assert (await client.get_account()).uuid


async def test_a_process_that_cannot_even_begin_is_said_and_nothing_hangs(serve: Serve) -> None:
    server = serve()
    process = ClientProcess()
    os.kill(process.pid, signal.SIGKILL)
    async with client_of(server, process=process) as client:
        with pytest.raises(ConnectionFailedError, match=r"could not start \(signal 9\)"):
            [step async for step in client.listing()]
        assert [step async for step in client.listing()][-1].coverage.complete


async def test_a_call_that_is_given_up_is_given_up_by_the_process(serve: Serve) -> None:
    held = Fault("GET", "/v2/account", hold=Event())
    server = serve(held)
    async with client_of(server) as client:
        asking = asyncio.create_task(client.get_account())
        await asyncio.to_thread(until, lambda: server.faults.wait_taken(0.01))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert held.hold is not None
        held.hold.set()
        assert (await client.get_account()).uuid
    assert server.count("GET", "/v2/account") == 2


async def test_a_closed_client_refuses(serve: Serve) -> None:
    async with client_of(serve()) as client:
        await client.get_account()
    with pytest.raises(RefusedRequestError, match="closed"):
        await client.get_account()


def test_the_process_ends_with_the_program_that_started_it() -> None:
    script = (
        "from snaptui.digitalocean.process.launcher import ClientProcess; import sys\n"
        "print(ClientProcess().pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        assert is_running(pid)
        program.kill()
        until(lambda: not is_running(pid))


async def test_no_module_of_the_current_folder_is_taken_for_a_library(serve: Serve, isolated_home: Path) -> None:
    trap = isolated_home / "trapped"
    for name in ("httpx", "msgspec", "snaptui"):
        (isolated_home / f"{name}.py").write_text(f"open({str(trap)!r}, 'w')")
    async with client_of(serve()) as client:
        assert (await client.get_account()).uuid
    assert not trap.exists()


def told_by_the_system(process: ClientProcess, name: str) -> bytes:
    return Path(f"/proc/{process.pid}/{name}").read_bytes()


def test_what_the_process_says_last_is_said_when_it_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "msgspec.py").write_text("raise ImportError('no such library \\x1b[31m')")
    script = (
        "import asyncio; from snaptui.digitalocean.process.remote import RemoteClient\n"
        "from snaptui.model.token import Token; import os; os.environ['PYTHONPATH'] = os.environ['BROKEN']\n"
        "asyncio.run(RemoteClient(Token('dop_v1_x'), base_url='http://127.0.0.1:9').get_account())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "BROKEN": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stderr.splitlines()[-1]
    assert "the client's process could not start (code 1: ImportError: no such library" in said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1", "a SOCKS proxy (all_proxy)"),
        ("HTTPS_PROXY", "http://user:secret@127.0.0.1:99999", "https_proxy: 127.0.0.1:99999"),
        ("https_proxy", "http://127.0.0.1:80 80", "a proxy that cannot be used"),
        ("SSL_CERT_FILE", "/nonexistent", "certificates that cannot be read (No such file or directory)"),
    ],
)
async def test_what_the_client_cannot_be_made_with_is_the_answer_to_every_call(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)
    client = RemoteClient(Token(DEMO_TOKEN), base_url="https://192.0.2.1")
    try:
        for _ in range(2):
            with pytest.raises(RefusedRequestError, match="the environment names") as caught:
                await client.get_account()
            assert said in str(caught.value)
            assert "secret" not in str(caught.value)
    finally:
        client.close()


async def test_no_token_is_in_the_environment_of_the_process(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "dop_v1_" + "5ec4e7a1" * 8
    for name in ("DIGITALOCEAN_TOKEN", "DIGITALOCEAN_ACCESS_TOKEN", "DO_API_KEY", "MY_TOKEN", "HIDDEN"):
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("KEPT", "as it is")
    process = ClientProcess()
    async with client_of(serve(), process=process) as client:
        assert (await client.get_account()).uuid
        environment = told_by_the_system(process, "environ")
    assert secret[10:].encode() not in environment
    assert b"KEPT=as it is" in environment


async def test_the_process_leaves_no_core_dump(serve: Serve) -> None:
    process = ClientProcess()
    async with client_of(serve(), process=process) as client:
        assert (await client.get_account()).uuid
        limits = told_by_the_system(process, "limits")
    (line,) = [line for line in limits.splitlines() if line.startswith(b"Max core file size")]
    assert line.split()[4:6] == [b"1", b"1"]


async def test_a_delete_that_is_withdrawn_while_it_connects_never_leaves_the_other_process() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # The queue of those who wait to be accepted is full: whoever comes now waits for the connection.
        queued = socket.create_connection(deaf.getsockname())
        client = RemoteClient(Token(DEMO_TOKEN), base_url=f"http://127.0.0.1:{deaf.getsockname()[1]}")
        departure = Departure(boot_seconds())
        try:
            deleting = asyncio.create_task(client.delete_snapshot("7", departure))
            await asyncio.sleep(0)
            departure.withdraw()
            with pytest.raises(WithdrawnError):
                await deleting
        finally:
            await asyncio.to_thread(client.close)
            queued.close()
    assert not departure.left


async def test_a_delete_that_has_left_says_so_before_it_is_answered_and_is_not_withdrawn(serve: Serve) -> None:
    held = Fault("DELETE", ONE, hold=Event())
    server = serve(held)
    wanted = next(iter(server.account.snapshots))
    departure = Departure(boot_seconds())
    async with client_of(server) as client:
        deleting = asyncio.create_task(client.delete_snapshot(wanted, departure))
        await departure.decided()
        assert departure.left
        assert not deleting.done()
        departure.withdraw()
        assert held.hold is not None
        held.hold.set()
        assert await deleting is Deletion.DELETED
    assert server.deleted_ids == [wanted]


async def test_a_delete_on_an_old_look_is_kept_back_in_the_other_process(serve: Serve) -> None:
    server = serve()
    async with client_of(server) as client:
        with pytest.raises(NotSentError, match="looked at"):
            await client.delete_snapshot(
                next(iter(server.account.snapshots)), Departure(boot_seconds() - LOOK_SECONDS - 0.1)
            )
    assert server.count("DELETE") == 0


async def test_places_of_the_rate_limit_are_held_in_the_other_process_and_given_back(serve: Serve) -> None:
    server = serve()
    async with client_of(server) as client:
        async with client.lease(200, 2) as held:
            async with client.lease(200, 2) as rest:
                assert held.places + rest.places == 230
            step = [step async for step in client.relisting(held.number)][-1]
            assert step.present == set(server.account.snapshots)
        async with client.lease(230, 2) as again:
            assert again.places == 228
    assert server.count("GET", "/v2/snapshots") == 2
