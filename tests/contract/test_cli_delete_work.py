"""`snaptui delete` while it works: progress, waits, endings, and what an earlier run left open."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.worker import WORKERS
from snaptui.demo.api import DEMO_TOKEN
from snaptui.demo.rate_limit import Limits
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
ONE = "/v2/snapshots/.+"


def command(server: ScriptedServer, *arguments: str) -> list[str]:
    return [COMMAND, *arguments, *([] if arguments[0] == "history" else ["--api-url", server.url])]


def environment() -> dict[str, str]:
    return {**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN}


def run(server: ScriptedServer, *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(server, *arguments),
        env=environment(),
        capture_output=True,
        text=True,
        timeout=seconds,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def free_ids(server: ScriptedServer, number: int) -> list[str]:
    """Ids of snapshots that nothing protects."""
    rows = server.account.snapshots.items()
    chosen = [row_id for row_id, row in rows if "keep" not in str(row["tags"]) and "protected" not in str(row["tags"])]
    return chosen[:number]


def killed_in_the_middle(server: ScriptedServer, ids: list[str], *, kills_before: int = 0) -> None:
    """Begin to delete, and be killed after the first while others are on the wire, which are then lost."""
    hold = Event()
    server.faults.add(Fault("DELETE", ONE, skip=1, times=WORKERS, hold=hold, reset_before=True))
    arguments = command(server, "delete", *ids, "--confirm", str(len(ids)))
    with subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE) as process:
        assert server.faults.wait_taken(20, times=WORKERS * (kills_before + 1))
        process.send_signal(signal.SIGKILL)
    hold.set()


def deletes(server: ScriptedServer) -> list[str]:
    return [seen.path.rpartition("/")[2] for seen in server.requests if seen.method == "DELETE"]


def outcomes(server: ScriptedServer) -> dict[str, str | None]:
    rows = json.loads(run(server, "history", "-o", "json").stdout)
    return {row["id"]: row["outcome"] for row in rows}


# What an earlier run left open


def test_what_an_earlier_kill_left_unknown_is_settled_before_anything_new(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 15)
    killed_in_the_middle(server, ids[:14])
    assert set(outcomes(server).values()) != {"deleted"}
    done = run(server, "delete", ids[14], "--confirm", "1")
    assert done.returncode == 0, done.stderr
    assert "an earlier deletion was interrupted and is settled now: " in done.stderr
    assert "`snaptui delete --resume` goes on with them" in done.stderr
    settled = outcomes(server)
    assert {i for i, outcome in settled.items() if outcome == "deleted"} == set(server.deleted_ids)
    assert ids[14] in server.deleted_ids


def test_resume_goes_on_with_the_rest_without_a_screen(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 14)
    killed_in_the_middle(server, ids)
    left = [i for i in ids if i in server.account.snapshots]
    assert left
    refused = run(server, "delete", "--resume")
    assert refused.returncode == 2
    assert f"give --confirm {len(left)}" in refused.stderr
    assert [i for i in ids if i in server.account.snapshots] == left
    done = run(server, "delete", "--resume", "--confirm", str(len(left)))
    assert done.returncode == 0, done.stderr
    assert not [i for i in ids if i in server.account.snapshots]
    assert sorted(server.deleted_ids) == sorted(ids)
    again = run(server, "delete", "--resume")
    assert (again.returncode, again.stderr) == (0, "snaptui: nothing is left to be resumed\n")


def test_what_was_on_its_way_at_the_kill_is_unknown_until_it_is_gone_and_is_deleted_then(serve: Serve) -> None:
    server = serve()
    (row_id,) = free_ids(server, 1)
    hold = Event()
    server.faults.add(Fault("DELETE", ONE, hold=hold))
    arguments = command(server, "delete", row_id, "--confirm", "1")
    with subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE) as process:
        assert server.faults.wait_taken(20)
        process.send_signal(signal.SIGKILL)
    assert run(server, "delete", "--resume").returncode == 2
    assert outcomes(server) == {row_id: "unknown"}, "it was there when it was looked at, and its DELETE is on its way"
    hold.set()
    assert server.wait_until(lambda it: it.deleted_ids == [row_id])
    done = run(server, "delete", "--resume", "--confirm", "1")
    assert done.returncode == 0, done.stderr
    assert outcomes(server) == {row_id: "deleted"}
    assert deletes(server) == [row_id]


def test_resume_goes_on_with_two_deletions_that_name_the_same_snapshots(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 20)
    killed_in_the_middle(server, ids)
    killed_in_the_middle(server, [row_id for row_id in ids if row_id not in server.deleted_ids], kills_before=1)
    asked = run(server, "delete", "--resume")
    assert "give --confirm 18 " in asked.stderr  # what the two did not delete, each once
    done = run(server, "delete", "--resume", "--confirm", "18")
    assert done.returncode == 0, done.stderr
    assert sorted(server.deleted_ids) == sorted(ids)  # each once
    assert run(server, "delete", "--resume").stderr == "snaptui: nothing is left to be resumed\n"


def test_resuming_needs_a_whole_list_where_a_protection_rule_does(serve: Serve, isolated_home: Path) -> None:
    server = serve()
    ids = free_ids(server, 14)
    killed_in_the_middle(server, ids)
    left = str(sum(i in server.account.snapshots for i in ids))
    server.faults.add(Fault("GET", "/v2/snapshots", {"page": "2"}, times=None, status=403))
    settings = isolated_home / ".config" / "snaptui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('protect = ["is:latest"]')
    deleted = list(server.deleted_ids)
    done = run(server, "delete", "--resume", "--confirm", left)
    assert "which snapshots are protected cannot be told" in done.stderr
    assert done.returncode == 4
    assert server.deleted_ids == deleted


def test_what_changed_since_is_not_deleted_by_resuming(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 14)
    killed_in_the_middle(server, ids)
    left = [i for i in ids if i in server.account.snapshots]
    server.account.change(left[0], name="renamed since")
    done = run(server, "delete", "--resume", "--confirm", str(len(left)))
    assert done.returncode == 1
    assert "name" in done.stdout
    assert left[0] in server.account.snapshots


# A full disk

# The limit of a running process can be changed from outside on Linux only.
needs_prlimit = pytest.mark.parametrize("limit_size", [resource.prlimit] if hasattr(resource, "prlimit") else [])
LimitSize = Callable[[int, int, tuple[int, int]], tuple[int, int]]


@needs_prlimit
def test_a_disk_that_is_full_for_a_while_loses_nothing_and_the_batch_goes_on_by_itself(
    serve: Serve, limit_size: LimitSize
) -> None:
    server, hold = serve(), Event()
    ids = free_ids(server, 60)
    server.faults.add(Fault("DELETE", ONE, skip=10, times=1, hold=hold))
    arguments = command(server, "delete", *ids, "--confirm", "60")
    with subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert server.faults.wait_taken(20)
        unlimited = limit_size(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        hold.set()
        said = next(line for line in process.stderr if b"cannot be written" in line).decode()
        assert "File too large" in said
        assert "waiting 60 s" in said
        sent = len(deletes(server))
        assert sent < 60
        server.account.change(ids[-1], name="renamed meanwhile")
        limit_size(process.pid, resource.RLIMIT_FSIZE, unlimited)
        stdout, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    told = [line for line in stdout.decode().splitlines() if line.startswith(("deleted  ", "changed, skipped"))]
    assert [line.split()[0] for line in told].count("deleted") == 59
    assert sum(ids[-1] in line for line in told) == 1
    assert sorted(outcomes(server)) == sorted(ids)
    assert {row_id for row_id, outcome in outcomes(server).items() if outcome == "deleted"} == set(ids[:-1])
    assert sorted(deletes(server)) == sorted(server.deleted_ids) == sorted(ids[:-1])
    assert run(server, "delete", "--resume").stderr == "snaptui: nothing is left to be resumed\n"


# Endings


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_in_the_middle_exits_with_3_whatever_was_deleted_before(
    serve: Serve, status: int
) -> None:
    body = b'{"id":"x","message":"No."}'
    server = serve(Fault("DELETE", ONE, skip=2, times=None, status=status, body=body))
    ids = free_ids(server, 12)
    done = run(server, "delete", *ids, "--confirm", "12")
    assert done.returncode == 3
    assert len(server.deleted_ids) == 2
    assert "stopped: " in done.stderr
    assert set(outcomes(server).values()) == {"deleted", "failed", "cancelled"}


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused_for_the_only_snapshot_exits_with_3(serve: Serve, status: int) -> None:
    server = serve(Fault("DELETE", ONE, times=None, status=status, body=b'{"message":"No."}'))
    done = run(server, "delete", *free_ids(server, 1), "--confirm", "1")
    assert done.returncode == 3
    assert "stopped: No" in done.stderr


def test_items_that_fail_are_no_success_and_do_not_stop_the_others(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 5)
    server.faults.add(Fault("DELETE", f"/v2/snapshots/{ids[1]}", times=None, status=422, body=b'{"message":"in use"}'))
    done = run(server, "delete", *ids, "--confirm", "5")
    assert done.returncode == 1
    assert sorted(server.deleted_ids) == sorted({*ids} - {ids[1]})
    assert "1 failed" in done.stderr
    assert "in use" in done.stdout


def test_an_answer_that_is_lost_is_looked_after(serve: Serve) -> None:
    server = serve(Fault("DELETE", ONE, times=1, reset_after=True))
    ids = free_ids(server, 3)
    done = run(server, "delete", *ids, "--confirm", "3")
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(server.deleted_ids) == sorted(ids)
    assert "already gone" not in done.stdout


# Progress and waits


def test_a_wait_for_the_rate_limit_is_said_with_its_reason(serve: Serve) -> None:
    server = serve(limits=Limits(per_minute=15, minute_seconds=4.0), snapshots=60)
    done = run(server, "delete", *free_ids(server, 24), "--confirm", "24")
    assert done.returncode == 0, done.stderr
    assert len(server.deleted_ids) == 24
    assert "; rate limit: waiting " in done.stderr
    assert "rate limit" in done.stderr


def test_the_list_says_that_it_waits_and_for_what(serve: Serve) -> None:
    server = serve(Fault(path="/v2/snapshots", status=429, headers={"retry-after": "2"}, times=2))
    done = run(server, "list", "-o", "json")
    assert len(json.loads(done.stdout)) == 240
    assert done.returncode == 0
    assert "waiting " in done.stderr
    assert "rate limit" in done.stderr


def test_without_waits_nothing_is_said_beside_the_outcomes(serve: Serve) -> None:
    server = serve()
    done = run(server, "delete", *free_ids(server, 5), "--confirm", "5")
    assert done.stderr == ""
    assert len([line for line in done.stdout.splitlines() if line.startswith("deleted ")]) == 5
