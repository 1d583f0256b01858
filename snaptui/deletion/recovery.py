"""Recovery: finds out what became of interrupted batches, before anything else is done about them."""

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.batch_file import BatchFile
from snaptui.deletion.items import GONE, Item, Outcome
from snaptui.deletion.journal import Journal
from snaptui.deletion.journal_lines import Recorded
from snaptui.deletion.plan import Plan
from snaptui.digitalocean.api.errors import ApiError, NotFoundError
from snaptui.digitalocean.api.requests import FetchedSnapshot
from snaptui.model.account import Account, same_account

_INTERRUPTED: Final = "snaptui was interrupted before the answer came"
_STILL_THERE: Final = "still there at the next start, and an earlier DELETE may yet be acted on"


class Reads(Protocol):
    """The part of a client that settling needs."""

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...


class Interrupted(Struct, frozen=True):
    """A batch that was interrupted: its items as they stand, and the plan of what was not deleted.

    Items without an outcome are the rest. `deleted` counts what was known to be gone before, `settled` what was found
    out now, and `unsettled` what could not be: the batch is offered again then.
    """

    file: BatchFile
    plan: Plan
    items: tuple[Item, ...]
    deleted: int
    settled: int
    unsettled: int
    problems: tuple[str, ...]

    @property
    def rest(self) -> Plan | None:
        """The plan of what was not deleted, to be reviewed again; `None` when nothing is left."""
        left = tuple(item.snapshot for item in self.items if item.outcome is None)
        return replace(self.plan, id=f"{self.plan.id}-rest", items=left) if left else None


class Ours(Struct, frozen=True):
    """The interrupted batches that are proven to be of this account, and what is to be said of the others."""

    batches: tuple[tuple[Recorded, BatchFile], ...]
    said: tuple[str, ...]


def find(journal: Journal, api_url: str, account: Account | None) -> Ours:
    """Return what an earlier run left open in this account; the rest is let go. Raises `JournalError`.

    One whose account cannot be proven to be this one is neither settled nor offered, and that is said.
    """
    unfinished = journal.unfinished()
    ours: list[tuple[Recorded, BatchFile]] = []
    said = list(unfinished.problems)
    for recorded, file in unfinished.batches:
        plan = recorded.plan
        same = plan is not None and plan.api_url == api_url and same_account(plan.account, account)
        if same:
            ours.append((recorded, file))
            continue
        file.close()
        if same is None:
            said.append(f"{file.path} was interrupted, and whether it is of this account cannot be told: left alone")
    return Ours(tuple(ours), tuple(said))


async def find_aside(journal: Journal, api_url: str, account: Account | None) -> Ours:
    """Return the same, found in a thread, as large journals take their time; whoever gives up leaves no file locked."""
    finding = asyncio.ensure_future(asyncio.to_thread(find, journal, api_url, account))
    try:
        return await asyncio.shield(finding)
    except asyncio.CancelledError:
        finding.add_done_callback(_let_go)
        raise


def _let_go(finding: asyncio.Future[Ours]) -> None:
    if not finding.cancelled() and finding.exception() is None:
        for _, file in finding.result().batches:
            file.close()


async def settle(recorded: Recorded, file: BatchFile, api: Reads, clock: Callable[[], float]) -> Interrupted | None:
    """Look whether each snapshot of unknown outcome is still there, and record it. Raises `JournalError`.

    One that is still there is open again. Its DELETE may be on its way for all that: on disk it stays unknown, and
    is looked at again before anything else is said of it.
    """
    batch = recorded.as_batch
    if batch is None:
        return None
    settled = unsettled = 0
    items: list[Item] = []
    for item in batch.items:
        if item.snapshot.id not in recorded.unknown:
            items.append(item)
            continue
        found = await _look(item, api, sent=item.snapshot.id in recorded.maybe_sent)
        if found.lost is not None:
            await asyncio.to_thread(file.settle, clock(), Item(item.snapshot, Outcome.UNKNOWN, _STILL_THERE))
        elif found.outcome is None:
            await asyncio.to_thread(file.withdraw, clock(), item.snapshot.id)
        else:
            await asyncio.to_thread(file.settle, clock(), found)
        settled += found.outcome is not Outcome.UNKNOWN
        unsettled += found.outcome is Outcome.UNKNOWN
        items.append(found)
    deleted = sum(item.outcome in GONE for item in batch.items)
    return Interrupted(file, batch.plan, tuple(items), deleted, settled, unsettled, tuple(recorded.problems))


async def _look(item: Item, api: Reads, *, sent: bool) -> Item:
    """Return the item with its outcome; without one when it is still there.

    Unless one of ours may have been sent, no DELETE of ours has made it go, or will.
    """
    try:
        await api.get_snapshot(item.snapshot.id)
    except NotFoundError:
        outcome = Outcome.DELETED if sent else Outcome.ALREADY_GONE
        return Item(item.snapshot, outcome, "found to be gone at the next start")
    except ApiError as error:
        return Item(item.snapshot, Outcome.UNKNOWN, f"could not be looked at: {error}")
    return Item(item.snapshot, lost=_INTERRUPTED if sent else None)


def close(interrupted: Interrupted, reason: str, clock: Callable[[], float]) -> None:
    """Record that the rest is given up for a reason, and end the batch. Raises `JournalError`."""
    for item in interrupted.items:
        if item.outcome is None:
            said = reason if item.lost is None else f"{reason}; {_STILL_THERE}"
            interrupted.file.settle(clock(), Item(item.snapshot, Outcome.CANCELLED, said))
    if interrupted.unsettled:
        interrupted.file.close()
    else:
        interrupted.file.end(clock())
