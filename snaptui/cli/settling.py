"""Settling of batches that an earlier run left open, before anything new is deleted."""

import time

from snaptui.cli.failures import say
from snaptui.deletion import recovery
from snaptui.deletion.journal import Journal
from snaptui.deletion.recovery import Interrupted
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.model.account import Account
from snaptui.text.amounts import count


async def settle(journal: Journal, api_url: str, account: Account | None, client: ApiClient) -> list[Interrupted]:
    """Find out what became of every deletion of unknown outcome, say it, and return the batches that have a rest.

    Their files are open and locked: hand them to a queue, or close them.
    """
    ours = recovery.find(journal, api_url, account)
    for problem in ours.said:
        say(problem)
    with_rest: list[Interrupted] = []
    for recorded, file in ours.batches:
        found = await recovery.settle(recorded, file, client, time.time)
        if found is None:
            file.close()
            continue
        rest = found.rest
        _say(found, 0 if rest is None else len(rest.items))
        if rest is not None:
            with_rest.append(found)
        elif found.unsettled:
            file.close()
        else:
            file.end(time.time())
    return with_rest


def _say(found: Interrupted, rest: int) -> None:
    for problem in found.problems:
        say(problem)
    parts = [f"{found.deleted} deleted"]
    if found.unsettled:
        parts.append(f"{found.unsettled} of unknown outcome that could not be looked at")
    if rest:
        parts.append(f"{count(rest, 'snapshot')} not deleted: `snaptui delete --resume` goes on with them")
    say(f"an earlier deletion was interrupted and is settled now: {'; '.join(parts)}")
