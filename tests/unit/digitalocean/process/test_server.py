"""Calls worked off in the client process: one that crashes is answered too, and the next is served."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from msgspec.msgpack import decode

from snaptui.digitalocean.api.departure import Departure, boot_seconds
from snaptui.digitalocean.api.errors import ConnectionFailedError, NotFoundError
from snaptui.digitalocean.api.rate_limit import Lease, RateLimit, Wait
from snaptui.digitalocean.api.requests import Deletion, FetchedSnapshot
from snaptui.digitalocean.client.listing import Loaded
from snaptui.digitalocean.process.messages import (
    LENGTH_BYTES,
    REPORTS,
    Call,
    DeleteSnapshot,
    End,
    Failure,
    GetAccount,
    GetAutoscaleImages,
    GetSnapshot,
    GetSources,
    Item,
    ListSnapshots,
    Operation,
    Report,
)
from snaptui.digitalocean.process.server import Service
from snaptui.model.account import Account
from snaptui.model.coverage import Coverage
from snaptui.model.snapshot import Snapshot
from snaptui.model.sources import Sources

ROW = Snapshot("7", "web", None, 5.0, ("nyc3",), 25, 2.5, "1", "droplet", ())


class Doubled:
    """An `ApiClient` whose account is made up and whose reading of images crashes."""

    rate_limit: RateLimit | None = None
    wait: Wait | None = None

    def on_state(self, listener: Callable[[], None]) -> None:
        pass

    async def listing(self) -> AsyncIterator[Loaded]:
        yield Loaded((ROW,), Coverage(), {"7"})

    @asynccontextmanager
    async def lease(self, wanted: int, least: int) -> AsyncIterator[Lease]:
        yield Lease(5, least)

    async def relisting(self, lease: int) -> AsyncIterator[Loaded]:
        yield Loaded((ROW,), Coverage(), {str(lease)})

    async def get_snapshot(self, snapshot_id: str, lease: int = 0) -> FetchedSnapshot:
        raise NotFoundError(f"no {snapshot_id}")

    async def delete_snapshot(self, snapshot_id: str, departure: Departure) -> Deletion:
        departure.leave()
        return Deletion.DELETED

    async def get_account(self) -> Account:
        return Account("u", "ops@example.com", "active")

    async def get_sources(self) -> Sources:
        return Sources()

    async def get_autoscale_images(self) -> frozenset[str]:
        raise KeyError("nobody has thought of this")


async def answered(*operations: Operation) -> list[Report]:
    """Return every report that the operations bring, up to the end of each."""
    ours, other = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    _, service_writer = await asyncio.open_connection(sock=other)
    service = Service(Doubled(), service_writer)
    reports: list[Report] = []
    for number, operation in enumerate(operations, 1):
        service.take(Call(number, operation))
        while not reports or not isinstance(reports[-1], End | Failure) or reports[-1].number != number:
            length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
            reports.append(REPORTS.decode(await reader.readexactly(length)))
    for end in (writer, service_writer):
        end.close()
        await end.wait_closed()
    return reports


async def test_every_operation_brings_what_its_method_returns() -> None:
    reports = await answered(ListSnapshots(), DeleteSnapshot("7", boot_seconds(), 5), GetAccount(), GetSources())
    listed, left, deleted, account, sources = [report for report in reports if isinstance(report, Item)]
    assert decode(listed.value, type=Loaded) == Loaded((ROW,), Coverage())
    assert decode(left.value, type=Deletion | None) is None
    assert decode(deleted.value, type=Deletion) is Deletion.DELETED
    assert decode(account.value, type=Account).email == "ops@example.com"
    assert decode(sources.value, type=Sources) == Sources()
    assert [report.number for report in reports if isinstance(report, End)] == [1, 2, 3, 4]


async def test_an_error_of_the_api_ends_its_call_only() -> None:
    failure, _, end = await answered(GetSnapshot("9"), GetAccount())
    assert isinstance(failure, Failure)
    assert isinstance(failure.error, NotFoundError)
    assert failure.error.message == "no 9"
    assert end == End(2)


async def test_a_crash_is_an_error_like_any_other_and_the_next_call_is_served() -> None:
    failure, _, end = await answered(GetAutoscaleImages(), GetAccount())
    assert isinstance(failure, Failure)
    error = failure.error
    assert isinstance(error, ConnectionFailedError)
    assert error.sent
    assert "crashed (KeyError)" in error.message
    assert end == End(2)
