"""Settling of batches that an earlier run left open, before anything new is deleted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator

from snaptui.cli.failures import say
from snaptui.deletion import recovery
from snaptui.deletion.items import GONE
from snaptui.deletion.journal import Journal
from snaptui.deletion.recovery import Interrupted
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.model.account import Account
from snaptui.text.amounts import count


async def settle(
    journal: Journal,
    api_url: str,
    account: Account | None,
    client: ApiClient,
    tell: Callable[[str], None] = say,
    way_on: str = "`snaptui delete --resume` goes on with them",
) -> list[Interrupted]:
    """Find out what became of every deletion of unknown outcome, tell it, and return the batches that have a rest.

    Their files are open and locked: hand them to a queue, or close them. Raises `JournalError`.
    """
    ours = recovery.find(journal, api_url, account)
    for problem in ours.said:
        tell(problem)
    with_rest: list[Interrupted] = []
    for recorded, file in ours.batches:
        found = await recovery.settle(recorded, file, client, time.time)
        if found is None:
            file.close()
            continue
        rest = found.rest
        for said in _words(found, 0 if rest is None else len(rest.items), way_on):
            tell(said)
        if rest is not None:
            with_rest.append(found)
        elif found.unsettled:
            file.close()
        else:
            file.end(time.time())
    return with_rest


def _words(found: Interrupted, rest: int, way_on: str) -> Iterator[str]:
    yield from found.problems
    gone = Counter(item.outcome for item in found.items if item.outcome in GONE)
    parts = [f"{gone[outcome]} {outcome}" for outcome in sorted(gone)] or ["nothing deleted"]
    if found.unsettled:
        parts.append(f"{found.unsettled} of unknown outcome that could not be looked at")
    if rest:
        parts.append(f"{count(rest, 'snapshot')} not deleted: {way_on}")
    yield f"an earlier deletion was interrupted and is settled now: {'; '.join(parts)}"
