"""Finds out what became of a batch that was interrupted, before anything else is done about it."""

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from snaptui.deletion.batch import Item, Outcome
from snaptui.deletion.journal import BatchFile, Recorded
from snaptui.deletion.plan import Plan
from snaptui.digitalocean.api.errors import ApiError, NotFoundError
from snaptui.digitalocean.api.requests import FetchedSnapshot


class Reads(Protocol):
    """What settling needs of a client."""

    async def get_snapshot(self, snapshot_id: str) -> FetchedSnapshot:
        """Return one snapshot as it is now, or raise `ApiError`."""
        ...


class Interrupted(Struct, frozen=True):
    """A batch that was interrupted: how its items stand, and the plan of what was not deleted.

    `unsettled` counts those whose outcome could not be found out now; the batch is offered again then.
    """

    file: BatchFile
    plan: Plan
    deleted: int
    settled: int
    unsettled: int
    rest: Plan | None
    problems: tuple[str, ...]


async def settle(recorded: Recorded, file: BatchFile, api: Reads, clock: Callable[[], float]) -> Interrupted | None:
    """Look whether each snapshot of unknown outcome is still there, and record it. Raises `JournalError`."""
    job = recorded.as_batch
    if job is None:
        return None
    settled = unsettled = 0
    left: list[Item] = []
    for item in job.items:
        if item.snapshot.id in recorded.unknown_ids:
            found = await _look(item, api)
            file.settle(clock(), found)
            settled += found.outcome is not Outcome.UNKNOWN
            unsettled += found.outcome is Outcome.UNKNOWN
            if found.outcome is Outcome.FAILED:
                left.append(found)
        elif item.outcome is None:
            left.append(item)
    rest = tuple(item.snapshot for item in left)
    deleted = sum(item.outcome in (Outcome.DELETED, Outcome.ALREADY_GONE) for item in job.items)
    plan = replace(job.plan, id=f"{job.plan.id}-rest", items=rest) if rest else None
    return Interrupted(file, job.plan, deleted, settled, unsettled, plan, tuple(recorded.problems))


async def _look(item: Item, api: Reads) -> Item:
    try:
        await api.get_snapshot(item.snapshot.id)
    except NotFoundError:
        return Item(item.snapshot, Outcome.DELETED, "found to be gone at the next start")
    except ApiError as error:
        return Item(item.snapshot, Outcome.UNKNOWN, f"could not be looked at: {error}")
    return Item(item.snapshot, Outcome.FAILED, "found to be still there at the next start")


def close(interrupted: Interrupted, reason: str, clock: Callable[[], float]) -> None:
    """Record that the rest is given up here, `resumed` or `forgotten`, and end the batch. Raises `JournalError`."""
    for snapshot in interrupted.rest.items if interrupted.rest else ():
        interrupted.file.settle(clock(), Item(snapshot, Outcome.CANCELLED, reason))
    if interrupted.unsettled:
        interrupted.file.close()
    else:
        interrupted.file.end(clock())
