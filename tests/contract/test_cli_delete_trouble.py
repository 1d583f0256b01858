"""`snaptui delete` and `history` where accounts, answers, lists, names or files of the journal are in disorder."""

import csv
import json
import os
import subprocess
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from shutil import rmtree
from threading import Event

import pytest

from snaptui.deletion.looks import FEW
from snaptui.deletion.worker import WORKERS
from tests.support.faults import HTML_502, Fault

from .test_cli_delete_work import (
    ONE,
    Serve,
    command,
    deletes,
    environment,
    free_ids,
    killed_in_the_middle,
    outcomes,
    run,
)

# Accounts


@pytest.mark.parametrize("status", [403, 500])
@pytest.mark.parametrize("arguments", [("delete", "--resume"), ("delete", "--query", "size>99TB")])
def test_while_it_cannot_be_told_whose_account_it_is_an_interrupted_batch_is_left_alone(
    serve: Serve, isolated_home: Path, status: int, arguments: tuple[str, ...]
) -> None:
    server = serve()
    killed_in_the_middle(server, free_ids(server, 14))
    (file,) = isolated_home.rglob("*.jsonl")
    before, asked = file.read_bytes(), len(server.requests)
    server.faults.add(Fault(path="/v2/account", times=None, status=status, body=b'{"message":"No."}'))
    done = run(server, *arguments)
    assert "whether it is of this account cannot be told: left alone" in done.stderr
    assert file.read_bytes() == before
    later = server.requests[asked:]
    assert not [seen for seen in later if seen.method == "GET" and seen.path.startswith("/v2/snapshots/")]
    server.faults.clear()
    assert run(server, "delete", "--resume").returncode == 2
    assert "give --confirm" in run(server, "delete", "--resume").stderr


def test_what_another_snaptui_resumes_is_not_offered_a_second_time(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 14)
    killed_in_the_middle(server, ids)
    left, hold = str(sum(row_id in server.account.snapshots for row_id in ids)), Event()
    server.faults.add(Fault("DELETE", ONE, times=1, hold=hold))
    arguments = command(server, "delete", "--resume", "--confirm", left)
    with subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert server.faults.wait_taken(20, times=WORKERS + 1)
        other = run(server, "delete", "--resume", "--confirm", left)
        assert (other.returncode, other.stderr) == (0, "snaptui: nothing is left to be resumed\n")
        hold.set()
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert sorted(server.deleted_ids) == sorted(ids)


# Answers


@pytest.mark.parametrize(
    "fault",
    [
        Fault("DELETE", ONE, status=500, body=b'{"message":"boom"}'),
        Fault("DELETE", ONE, status=504, body=HTML_502, content_type="text/html"),
        Fault("DELETE", ONE, status=200, body=b"no gzip", headers={"content-encoding": "gzip"}),
        Fault("DELETE", ONE, status=200, body=b"x" * 70_000_000),
    ],
    ids=["500", "504", "cannot be unpacked", "too large"],
)
def test_a_delete_that_was_acted_on_is_deleted_whatever_its_answer_was(serve: Serve, fault: Fault) -> None:
    server = serve()
    (row_id,) = free_ids(server, 1)
    server.faults.add(
        Fault(
            fault.method,
            fault.path,
            status=fault.status,
            body=fault.body,
            content_type=fault.content_type,
            headers=fault.headers,
            then=lambda account: account.delete(row_id),
        )
    )
    done = run(server, "delete", row_id, "--confirm", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert outcomes(server) == {row_id: "deleted"}
    assert deletes(server) == [row_id]
    assert "already gone" not in done.stdout


def test_what_a_list_omits_and_a_get_shows_is_deleted_and_not_called_gone(serve: Serve) -> None:
    server = serve(snapshots=120)
    ids = free_ids(server, FEW + 10)
    omitted = ids[-1].encode()
    server.faults.add(Fault(path="/v2/snapshots", skip=1, times=None, replace={omitted: b"x" * len(omitted)}))
    done = run(server, "delete", *ids, "--confirm", str(len(ids)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert server.count("GET", "/v2/snapshots/") < len(ids), "lists did the looking"
    assert sorted(server.deleted_ids) == sorted(ids)
    assert set(outcomes(server).values()) == {"deleted"}


# Files of the journal


def pipe(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to(path.parent / "nothing")


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def no_text(path: Path) -> None:
    path.write_bytes(b"\xff")


def nested(path: Path) -> None:
    path.write_bytes(b'{"record":"plan","at":1,"plan":' + b"[" * 200_000 + b"]" * 200_000 + b"}\n")


@pytest.mark.parametrize("bad", [pipe, folder, dangling, endless, no_text, nested])
def test_a_bad_file_of_the_journal_is_named_and_the_others_are_resumed(
    serve: Serve, isolated_home: Path, bad: Callable[[Path], None]
) -> None:
    server = serve()
    ids = free_ids(server, 10)
    killed_in_the_middle(server, ids)
    (file,) = isolated_home.rglob("*.jsonl")
    bad(file.with_name("00000000T000000Z-bad.jsonl"))
    left = sum(row_id in server.account.snapshots for row_id in ids)
    done = run(server, "delete", "--resume", "--confirm", str(left))
    assert done.returncode == 0, done.stderr
    assert "00000000T000000Z-bad.jsonl" in done.stderr
    assert sorted(server.deleted_ids) == sorted(ids)
    assert "Traceback" not in done.stderr


def test_a_journal_removed_in_the_middle_is_put_back_and_nothing_of_it_is_lost(
    serve: Serve, isolated_home: Path
) -> None:
    server, hold = serve(), Event()
    ids = free_ids(server, 20)
    server.faults.add(Fault("DELETE", ONE, skip=3, times=1, hold=hold))
    arguments = command(server, "delete", *ids, "--confirm", "20")
    with subprocess.Popen(arguments, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert server.faults.wait_taken(20)
        (file,) = isolated_home.rglob("*.jsonl")
        rmtree(file.parent.parent, ignore_errors=True)
        hold.set()
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert file.stat().st_mode & 0o077 == file.parent.stat().st_mode & 0o077 == 0
    assert outcomes(server) == dict.fromkeys(ids, "deleted")


@pytest.mark.parametrize("at", ["1e300", "253402300800"])
def test_a_moment_that_is_no_date_stops_neither_history_nor_resuming(
    serve: Serve, isolated_home: Path, at: str
) -> None:
    server = serve()
    ids = free_ids(server, 10)
    killed_in_the_middle(server, ids)
    (file,) = isolated_home.rglob("*.jsonl")
    first, _, rest = file.read_bytes().partition(b"\n")
    begun = json.loads(first)["at"]
    file.write_bytes(first.replace(f'"at":{begun}'.encode(), f'"at":{at}'.encode(), 1) + b"\n" + rest)
    for form in ("table", "csv", "json"):
        assert run(server, "history", "-o", form).returncode == 0
    left = sum(row_id in server.account.snapshots for row_id in ids)
    assert run(server, "delete", "--resume", "--confirm", str(left)).returncode == 0


# Names


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_nothing_in_history_acts_on_a_terminal_or_a_spreadsheet(serve: Serve, form: str) -> None:
    hostile = "\t=cmd|' /C calc'!A0\x1b]52;c;cm0gLXJm\x07\u202egpj.exe"
    server = serve()
    (row_id,) = free_ids(server, 1)
    server.account.change(row_id, name=hostile)
    assert run(server, "delete", row_id, "--confirm", "1").returncode == 0
    text = run(server, "history", "-o", form).stdout
    assert not [sign for sign in ("\x1b", "\x07", "\u202e") if sign in text]
    if form == "csv":
        (row,) = csv.DictReader(StringIO(text))
        assert row["name"].startswith("'")
