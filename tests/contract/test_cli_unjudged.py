"""Questions that cannot be answered, asked of the installed command: what is said, and the exit code."""

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.contract.test_cli import Serve, run

INCOMPLETE = 4


@pytest.mark.parametrize(
    ("scope", "query", "said"),
    [
        ("droplet:read", "is:orphan", "droplet:read"),
        ("droplet:read", "state:gone", "droplet:read"),
        ("droplet:read", "source:nightly", "droplet:read"),
        ("droplet:read", "-source:nightly", "droplet:read"),
        ("block_storage:read", "is:orphan", "block_storage:read"),
        ("tag:read", "tag:keep", "tag:read"),
        ("tag:read", "-tag:keep", "tag:read"),
        ("tag:read", "is:untagged", "tag:read"),
        ("tag:read", "size>1GB tag:keep", "tag:read"),
        ("tag:read", "nosuchword", "tag:read"),
    ],
)
def test_what_could_not_be_read_is_counted_and_named(serve: Serve, scope: str, query: str, said: str) -> None:
    done = run("list", query, server=serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}}))
    assert done.returncode == INCOMPLETE
    assert "of 240 could not be judged: " in done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("scope", "query"),
    [
        ("droplet:read", "is:orphan type:volume"),
        ("droplet:read", "source:=nightly type:volume or name:db"),
        ("tag:read", "tag:keep and size>99TB"),
        ("tag:read", "tag:keep or size<99TB"),
        ("tag:read", "size>1GB"),
        ("tag:read", "name:web"),
        ("block_storage:read", "-is:orphan type:droplet"),
    ],
)
def test_what_the_unknown_does_not_decide_is_judged(serve: Serve, scope: str, query: str) -> None:
    done = run("list", query, server=serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}}))
    assert "could not be judged" not in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("change", "query", "said"),
    [
        ({"created_at": "yesterday"}, "age>1y", "1 of 240 could not be judged: date not known"),
        ({"created_at": "yesterday"}, "month:2026-09", "1 of 240 could not be judged: date not known"),
        ({"size_gigabytes": None}, "cost>1", "1 of 240 could not be judged: size not known"),
        ({"tags": None}, "-tag:keep", "1 of 240 could not be judged: tags not known"),
        ({"resource_id": None}, "is:orphan", "1 of 240 could not be judged: source not known"),
        ({"resource_id": None}, "nth>3", "1 of 240 could not be judged: source or date not known"),
    ],
)
def test_what_one_row_lacks_is_said_and_no_failure(
    serve: Serve, change: dict[str, object], query: str, said: str
) -> None:
    server = serve()
    server.account.change(next(iter(server.account.snapshots)), **change)
    done = run("list", query, server=server)
    assert said in done.stderr
    assert done.returncode == 0


def test_a_type_that_the_list_has_is_known_and_another_is_an_error(serve: Serve) -> None:
    server = serve()
    for row_id in list(server.account.snapshots)[:3]:
        server.account.change(row_id, resource_type="filesystem")
    assert len(run("list", "type:filesystem", "-o", "jsonl", server=server).stdout.splitlines()) == 3
    for query in ("type:filesystems", "-type:filesystems"):
        done = run("list", query, server=server)
        assert done.returncode == 2
        assert "did you mean filesystem?" in done.stderr
        assert done.stdout == ""
