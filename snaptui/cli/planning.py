"""Plans of deletions without a screen: of ids, of a query, or from a file."""

import asyncio
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import compress
from pathlib import Path
from typing import Final
from uuid import uuid4

from msgspec import Struct

from snaptui.cli.exit_codes import ExitCode
from snaptui.cli.failures import UsageError, say
from snaptui.cli.judging import say_unjudged_rules
from snaptui.cli.known import Known
from snaptui.cli.list import read_query
from snaptui.deletion.guards import Guards
from snaptui.deletion.plan import Plan, PlanError
from snaptui.digitalocean.api import requests
from snaptui.digitalocean.api.errors import ApiError, NotFoundError
from snaptui.digitalocean.client.protocol import ApiClient
from snaptui.files.reading import read_regular
from snaptui.inventory.select import select
from snaptui.model.snapshot import Snapshot

STDIN: Final = "-"
LARGEST_PLAN_BYTES: Final = 100_000_000
AT_ONCE: Final = 8


class Wanted(Struct, frozen=True):
    """A plan, the ids that were asked for and no longer exist, and those that cannot be looked at, with the reason.

    `code` is `INCOMPLETE` where something that could not be read left snapshots out.
    """

    plan: Plan
    gone: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    code: ExitCode = ExitCode.FINE


def read_plan(name: str) -> Plan:
    """Return the plan in a file, `-` for stdin; raises `UsageError`."""
    try:
        if name == STDIN:
            text = sys.stdin.buffer.read(LARGEST_PLAN_BYTES)
        else:
            text = read_regular(Path(name), LARGEST_PLAN_BYTES)
        return Plan.from_json(text)
    except (OSError, PlanError) as error:
        raise UsageError(f"--plan: {error}" if isinstance(error, OSError) else f"--plan {name}: {error}") from None


def read_ids(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the ids, each once; `-` stands for those on stdin. Raises for what can be none."""
    words: list[str] = []
    for argument in arguments:
        words += sys.stdin.read(LARGEST_PLAN_BYTES).split() if argument == STDIN else [argument]
    for word in words:
        requests.get_snapshot(word)  # refuses what is no id
    if not words:
        raise UsageError("no ids on stdin")
    return tuple(dict.fromkeys(words))


async def of_ids(ids: Iterable[str], known: Known, api_url: str, client: ApiClient) -> Wanted:
    """Plan these ids as the list has them; one that the list does not have is looked at by itself."""
    listed = {row_id: known.snapshots.get(row_id) for row_id in ids}
    missing = [row_id for row_id, row in listed.items() if row is None]
    looks: list[Snapshot | ApiError] = []
    for start in range(0, len(missing), AT_ONCE):
        looks += await asyncio.gather(*(_look(client, row_id) for row_id in missing[start : start + AT_ONCE]))
    found = dict(zip(missing, looks, strict=True))
    items = [row or look for row_id, row in listed.items() if isinstance(look := found.get(row_id, row), Snapshot)]
    gone = [row_id for row_id, look in found.items() if isinstance(look, NotFoundError)]
    unreadable = [(i, str(look)) for i, look in found.items() if isinstance(look, ApiError) and i not in gone]
    return Wanted(_plan(items, known, api_url), tuple(gone), tuple(unreadable))


async def _look(client: ApiClient, snapshot_id: str) -> Snapshot | ApiError:
    try:
        return (await client.get_snapshot(snapshot_id)).snapshot
    except ApiError as error:
        return error


def of_query(text: str, known: Known, guards: Guards, api_url: str) -> Wanted:
    """Plan what matches a query and is not protected, and say how many are; raises where the list is incomplete."""
    query = read_query(text, known.snapshots.indexes.types)
    if query.is_empty:
        raise UsageError("--query: an empty query would delete everything")
    if (shortfall := known.coverage.shortfall) is not None:
        raise UsageError(f"--query needs the whole list: {shortfall}", ExitCode.INCOMPLETE)
    selection = select(query, known.snapshots, known.context)
    if selection.shortfall is not None:
        say(f"{selection.shortfall}: left out")
    matching = list(compress(known.snapshots, selection.matching.flags))
    refusal = guards.judge(known.context)
    free = [row for row in matching if refusal(row) is None]
    if len(free) < len(matching):
        say(f"{len(matching) - len(free):,} more match and are protected or damaged: left out")
    code = say_unjudged_rules(guards.protect, known.snapshots, known.context, selection.matching)
    code = ExitCode.INCOMPLETE if selection.unread else code
    return Wanted(_plan(free, known, api_url, str(query)), code=code)


def _plan(items: Iterable[Snapshot], known: Known, api_url: str, query: str = "") -> Plan:
    return Plan(uuid4().hex, time.time(), api_url, known.account, query, tuple(items))
