"""Output that nobody reads, that cannot be written, or cannot be spelled."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from snaptui.demo.api import DEMO_TOKEN
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
needs_dev_full = pytest.mark.parametrize("sink", [path for path in ("/dev/full",) if Path(path).exists()])


def shell(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", script, COMMAND, *arguments],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "json", "jsonl"])
def test_a_name_that_the_output_cannot_spell_is_written_out(form: str) -> None:
    done = shell('"$0" list --demo -o "$1"', form, PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "\\u5099" in done.stdout.replace("\\\\", "\\")


@needs_dev_full
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "command",
    [
        "list --demo",
        "list --demo --total -o json",
        "audit --demo -o html",
        "prune --demo --keep-last 1 -o json",
        "history -o json",
        "info",
        "demo-server",
        "--version",
        "delete --help",
    ],
)
def test_a_full_disk_is_one_line_and_no_success(sink: str, command: str, unbuffered: str) -> None:
    done = shell(f'"$0" {command} > {sink}', PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 7
    said = [line for line in done.stderr.splitlines() if "no deletion is recorded" not in line]
    assert said == ["snaptui: the output cannot be written: No space left on device"]


@needs_dev_full
@pytest.mark.parametrize("command", ["audit --demo", "prune --demo --keep-last 1"])
def test_a_file_that_cannot_be_saved_is_named(sink: str, command: str) -> None:
    done = shell(f'"$0" {command} --save {sink}/listing.json')
    assert done.returncode == 7
    said = done.stderr.splitlines()[-1]
    assert said == f"snaptui: --save: {sink}/listing.json cannot be written: Not a directory"


@needs_dev_full
@pytest.mark.parametrize("command", ["list --demo is:nothing", "list --bogus", "list --demo web"])
def test_messages_that_cannot_be_written_change_nothing_else(sink: str, command: str) -> None:
    heard, unheard = shell(f'"$0" {command}'), shell(f'"$0" {command} 2> {sink}')
    assert (unheard.returncode, unheard.stdout) == (heard.returncode, heard.stdout)


@pytest.mark.parametrize(
    "command", ["list --demo -o json", "audit --demo -o json", "prune --demo --keep-last 1", "--help"]
)
def test_a_reader_who_leaves_is_no_error(command: str) -> None:
    done = shell(f'"$0" {command} | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}')
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("closed", [">&-", "<&- >&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_error(closed: str) -> None:
    done = shell(f'"$0" list --demo -o jsonl {closed}')
    assert done.returncode == 0
    assert done.stderr == ""


def test_an_argument_is_repeated_inert() -> None:
    done = shell('"$0" list "$1"', "--\x1b[31mred\u202e")
    assert done.returncode == 2
    assert "--␛[31mred\N{REPLACEMENT CHARACTER}" in done.stderr
    assert "\x1b" not in done.stderr


def test_one_endless_name_does_not_push_the_others_apart(serve: Serve) -> None:
    server = serve(snapshots=30)
    longest = next(iter(server.account.snapshots))
    server.account.change(longest, name="n" * 400)
    lines = shell('"$0" list --api-url "$1"', server.url).stdout.splitlines()
    assert [line for line in lines if "n" * 400 in line]
    assert all(len(line) < 220 for line in lines if "n" * 400 not in line)


def test_a_token_that_was_passed_over_is_said_before_a_deletion(serve: Serve) -> None:
    server = serve()
    one = next(iter(server.account.snapshots))
    script = '"$0" delete "$1" --api-url "$2"'
    done = shell(script, one, server.url, DIGITALOCEAN_ACCESS_TOKEN="dop_v1_another")
    assert "note: DIGITALOCEAN_ACCESS_TOKEN is set to another token and was not used" in done.stderr
    assert server.count("DELETE") == 0


def test_deleting_stops_when_nobody_reads_on_and_does_not_call_it_success(serve: Serve) -> None:
    server = serve(Fault("DELETE", "/v2/snapshots/.+", skip=2, times=None, delay_seconds=0.2))
    rows = server.account.snapshots.items()
    ids = [row_id for row_id, row in rows if "keep" not in str(row["tags"]) and "protected" not in str(row["tags"])]
    script = (
        f'"$0" delete {" ".join(ids[:40])} --confirm 40 --api-url "$1" | grep -m 1 "^deleted "; exit ${{PIPESTATUS[0]}}'
    )
    done = shell(script, server.url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert 0 < len(server.deleted_ids) < 40
    recorded = json.loads(shell('"$0" history -o json').stdout)
    outcomes = {row["id"]: row["outcome"] for row in recorded}
    assert {i for i, outcome in outcomes.items() if outcome == "deleted"} == set(server.deleted_ids)
    assert set(outcomes.values()) == {"deleted", "cancelled"}
