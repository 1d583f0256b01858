"""Commands besides `list` whose query or protection cannot be judged for want of a scope: counted, exit code 4."""

import json
from pathlib import Path

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.contract.test_cli import Serve, run
from tests.support.faults import Fault


def settings(home: Path, text: str) -> None:
    file = home / ".config" / "snaptui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("scope", "command", "said"),
    [
        ("droplet:read", "audit", "source is gone: cannot be told of 135 snapshots: droplets could not be read"),
        ("block_storage:read", "audit -o html", "which volumes have no snapshot cannot be told: volumes"),
        ("tag:read", "audit --by tag -o json", "without any tag: cannot be told of 240 snapshots: tags cannot be read"),
        ("droplet:read", "audit type:volume", "which droplets have no snapshot cannot be told: droplets"),
        ("droplet:read", "list --columns id,state", "sources of 135 of 240 cannot be told: droplets could not be read"),
        ("block_storage:read", "list --columns source -o csv", "sources of 105 of 240 cannot be told: volumes"),
        ("droplet:read", "audit is:orphan", "135 of 240 could not be judged: droplets could not be read"),
        ("block_storage:read", "audit state:gone -o json", "105 of 240 could not be judged: volumes could not be read"),
        ("tag:read", "audit tag:keep", "240 of 240 could not be judged: tags cannot be read"),
        ("droplet:read", "prune is:orphan --keep-last 1", "135 of 240 could not be judged: droplets could not be read"),
        ("tag:read", "prune -tag:x --keep-last 1", "240 of 240 could not be judged: tags cannot be read"),
        ("tag:read", "prune --keep-last 1 -o json", "protect tag:keep: 240 of 240 could not be judged"),
        ("droplet:read", "delete --query is:orphan", "135 of 240 could not be judged: droplets could not be read"),
        ("tag:read", "delete --query type:volume", "protect tag:keep: 240 of 240 could not be judged: tags"),
        ("tag:read", "delete --query -tag:x", "240 of 240 could not be judged: tags cannot be read"),
    ],
)
def test_what_could_not_be_judged_is_said_and_is_no_full_success(
    serve: Serve, scope: str, command: str, said: str
) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}})
    confirmed = ["--confirm-up-to", "300", "--max-batch", "300"] if command.startswith("delete") else []
    done = run(*command.split(), *confirmed, server=server)
    assert done.returncode == 4, done.stderr
    assert said in done.stderr
    assert scope in done.stderr


@pytest.mark.parametrize(
    ("scope", "command"),
    [
        ("droplet:read", "prune --keep-last 1"),
        ("droplet:read", "list type:volume --columns id,state"),
        ("droplet:read", "list --columns source --total"),
        ("tag:read", "list"),
        ("tag:read", "audit size>99TB"),
        ("block_storage:read", "delete --query size>99TB"),
        ("tag:read", "delete --query size>99TB"),
    ],
)
def test_what_does_not_decide_the_answer_is_no_failure(serve: Serve, scope: str, command: str) -> None:
    done = run(*command.split(), server=serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}}))
    assert done.returncode == 0, done.stderr
    assert "could not be judged" not in done.stderr


def test_a_gap_of_one_row_is_said_and_fails_no_nightly_job(serve: Serve) -> None:
    server = serve()
    one = next(iter(server.account.snapshots))
    server.account.change(one, created_at="yesterday")
    for command in ("audit age>1y", "prune age>1y --keep-last 1"):
        done = run(*command.split(), server=server)
        assert done.returncode == 0
        assert "1 of 240 could not be judged: date not known" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "policies"),
    [
        ("--keep-last 1 --group-by tag", ""),
        ("--keep-last 1 --keep-tag release", ""),
        ("--keep-within 1d --keep-tag release,signed --keep-tag x -o json", ""),
        ("--policy nightly", '[policies.nightly]\nlast = 1\ntags = ["release"]\n'),
    ],
)
def test_a_policy_that_asks_for_unread_tags_is_no_full_success_although_nothing_is_protected(
    serve: Serve, isolated_home: Path, arguments: str, policies: str
) -> None:
    settings(isolated_home, f"protect = []\n{policies}")
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"tag:read"}})
    done = run("prune", *arguments.split(), server=server)
    assert done.returncode == 4, done.stderr
    assert "of 240 could not be judged by the policy: tags cannot be read (the token needs tag:read)" in done.stderr


def test_a_policy_counts_what_the_unread_tags_decide_only(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "protect = []\n")
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"tag:read"}})
    without = json.loads(run("prune", "--keep-last", "1", "-o", "json", server=server).stdout)
    done = run("prune", "--keep-last", "1", "--keep-tag", "x", server=server)
    assert f"{len(without['remove']):,} of 240 could not be judged by the policy" in done.stderr
    done = run("prune", "--keep-last", "unlimited", "--keep-tag", "x", server=server)
    assert (done.returncode, done.stderr) == (0, "")


def test_one_row_without_tags_is_said_of_a_policy_and_fails_no_nightly_job(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "protect = []\n")
    server = serve()
    server.account.change(next(iter(server.account.snapshots)), tags=None)
    done = run("prune", "--keep-last", "1", "--group-by", "tag", server=server)
    assert done.returncode == 0
    assert "1 of 240 could not be judged by the policy: tags not known" in done.stderr


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_journal_that_cannot_be_read_makes_no_empty_history(isolated_home: Path, form: str) -> None:
    folder = isolated_home / ".local" / "state" / "snaptui" / "deletions"
    folder.mkdir(parents=True, mode=0o700)
    assert run("history", "-o", form).returncode == 0
    (folder / "odd.jsonl").symlink_to("/dev/zero")
    done = run("history", "-o", form)
    assert done.returncode == 4
    assert "odd.jsonl cannot be read: it is a device" in done.stderr
    assert "no deletion is recorded" not in done.stderr


def test_machines_that_may_belong_to_unread_pools_are_no_full_success(serve: Serve) -> None:
    done = run("audit", server=serve(Fault("GET", "/v2/droplets/autoscale", times=None, status=403)))
    assert done.returncode == 4
    assert "which droplets are members of autoscale pools cannot be told: autoscale pools" in done.stderr
