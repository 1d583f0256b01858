"""Rows that are equal in what they are sorted by come out in one order, however their pages arrive."""

import random
import re
from collections.abc import Iterator

import pytest

from tests.contract.test_cli import Serve, run
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

PAGES = 5
ROWS = 200 * PAGES
SORTS = ["-cost", "name", "-name", "type", "age", "-age", "regions", "tags", "source", "min_disk"]
TIMES = 4
SAID_OF_THE_RUN = re.compile(r'"(?:made_at|listed_at|api_url)": .*')


def shuffled(serve: Serve) -> Iterator[ScriptedServer]:
    """Yield servers of one account, hundreds of whose rows are alike, each with its pages late by another chance."""
    chance = random.Random(20261125)
    for _ in range(TIMES):
        late = {number: chance.random() / 5 for number in range(2, PAGES + 1)}
        server = serve(
            # After this pages are taken in the order in which they come.
            Fault("GET", "/v2/snapshots", {"page": "1"}, status=503),
            *(Fault("GET", "/v2/snapshots", {"page": str(page)}, delay_seconds=delay) for page, delay in late.items()),
            snapshots=ROWS,
        )
        for number, row_id in enumerate(list(server.account.snapshots)):
            alike = {"name": f"web-{number % 3}", "size_gigabytes": 1.5, "created_at": "2024-01-01T00:00:00Z"}
            server.account.change(row_id, **alike)
        yield server


@pytest.mark.parametrize("sort", SORTS)
def test_rows_with_equal_keys_are_in_one_order_whatever_page_comes_first(serve: Serve, sort: str) -> None:
    options = ["--sort", sort, "--columns", "id,name", "-o", "csv"]
    printed = {run("list", *options, server=server).stdout for server in shuffled(serve)}
    assert len(printed) == 1
    assert printed.pop().count("\n") == ROWS + 1


@pytest.mark.parametrize("command", ["audit --by family -o json", "audit --by tag", "prune --keep-last 1 -o json"])
def test_reports_are_in_one_order_too(serve: Serve, command: str) -> None:
    done = [run(*command.split(), server=server) for server in shuffled(serve)]
    assert {one.returncode for one in done} == {0}
    printed = {re.sub(r"127\.0\.0\.1:\d+|\d\d:\d\d(:\d\d)?", "", SAID_OF_THE_RUN.sub("", one.stdout)) for one in done}
    assert len(printed) == 1
