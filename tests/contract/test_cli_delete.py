"""`snaptui delete` and `snaptui history`: the plan, the guards and the journal without a terminal."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from snaptui.deletion.plan import Plan
from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.model.cost import cents_of
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
ONE = "/v2/snapshots/.+"


def run(server: ScriptedServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments, *([] if arguments[0] == "history" else ["--api-url", server.url])],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def plain_ids(server: ScriptedServer, number: int) -> list[str]:
    """Ids of snapshots that nothing protects."""
    rows = server.account.snapshots.items()
    chosen = [row_id for row_id, row in rows if "keep" not in str(row["tags"]) and "protected" not in str(row["tags"])]
    return chosen[:number]


def test_what_was_confirmed_is_deleted_and_nothing_else(serve: Serve) -> None:
    server = serve()
    ids = plain_ids(server, 3)
    done = run(server, "delete", *ids, "--confirm", "3")
    assert done.returncode == 0, done.stderr
    assert sorted(server.deleted_ids) == sorted(ids)
    assert "delete 3 snapshots from team Acme Production" in done.stdout
    assert done.stdout.count("deleted ") == 3


@pytest.mark.parametrize("confirm", [[], ["--confirm", "2"], ["--confirm", "4"]])
def test_without_the_right_number_nothing_is_deleted(serve: Serve, confirm: list[str]) -> None:
    server = serve()
    done = run(server, "delete", *plain_ids(server, 3), *confirm)
    assert done.returncode == 2
    assert "--confirm" in done.stderr
    assert server.count("DELETE") == 0


def test_a_plan_that_was_saved_is_carried_out_as_it_was_reviewed(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    ids = plain_ids(server, 3)
    done = run(server, "list", "-o", "json")
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    plan = {
        "version": 1,
        "plan": {
            "id": "colleague",
            "created": 1.0,
            "api_url": server.url,
            "account": None,
            "query": "",
            "items": [{**rows[i], "created": None} for i in ids],
        },
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    assert len(Plan.from_json(path.read_bytes()).items) == 3
    server.account.change(ids[0], name="renamed since")
    done = run(server, "delete", "--plan", str(path), "--confirm", "3", "--unproven-account")
    assert done.returncode == 1
    assert "name changed since it was reviewed" in done.stdout
    assert sorted(server.deleted_ids) == sorted(ids[1:])


def test_a_plan_for_another_api_or_account_is_refused(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    path = tmp_path / "plan.json"
    path.write_text("{")
    assert "not a plan of snaptui" in run(server, "delete", "--plan", str(path), "--confirm", "1").stderr
    item = run(server, "list", "-o", "json").stdout
    row = {**json.loads(item)[0], "created": None}
    for url, account, said in (
        ("https://elsewhere", None, "the plan is for https://elsewhere"),
        (server.url, {"uuid": "u", "email": "e", "status": "s"}, "another account"),
    ):
        plan = {"id": "p", "created": 1.0, "api_url": url, "account": account, "query": "", "items": [row]}
        path.write_text(json.dumps({"version": 1, "plan": plan}))
        done = run(server, "delete", "--plan", str(path), "--confirm", "1")
        assert said in done.stderr
        assert done.returncode == 2
    assert server.count("DELETE") == 0


def test_protected_snapshots_are_skipped_and_said(serve: Serve) -> None:
    server = serve()
    wanted = plain_ids(server, 1)[0]
    server.account.change(wanted, tags=["keep"])
    done = run(server, "delete", wanted, "--confirm", "1")
    assert done.returncode == 1
    assert "protected by tag:keep" in done.stdout
    assert server.count("DELETE") == 0


@pytest.mark.parametrize("rule", ["is:latest", "is:orphan", "-is:orphan"])
def test_a_rule_about_other_resources_protects_here_too(serve: Serve, isolated_home: Path, rule: str) -> None:
    server = serve()
    settings = isolated_home / ".config" / "snaptui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f'protect = ["{rule}"]')
    protected = {row["id"] for row in json.loads(run(server, "list", rule, "-o", "json").stdout)}
    wanted = [next(i for i in server.account.snapshots if i in protected)]
    wanted += [next(i for i in server.account.snapshots if i not in protected)]
    done = run(server, "delete", *wanted, "--confirm", "2")
    assert f"protected by {rule}" in done.stdout
    assert server.deleted_ids == wanted[1:]


def test_a_rule_that_needs_the_whole_list_deletes_nothing_without_it(serve: Serve, isolated_home: Path) -> None:
    server = serve(Fault(path="/v2/snapshots", query={"page": "2"}, status=404, times=None))
    settings = isolated_home / ".config" / "snaptui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('protect = ["is:latest"]')
    done = run(server, "delete", *plain_ids(server, 1), "--confirm", "1")
    assert done.returncode == 4
    assert "which snapshots are protected cannot be told: incomplete" in done.stderr
    assert server.count("DELETE") == 0


def test_read_only_deletes_nothing(serve: Serve) -> None:
    server = serve()
    done = run(server, "delete", *plain_ids(server, 1), "--confirm", "1", "--read-only")
    assert done.returncode == 2
    assert "read-only (--read-only)" in done.stderr
    assert server.count("DELETE") == 0


def test_a_missing_scope_is_not_permitted(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"image:delete"}})
    done = run(server, "delete", *plain_ids(server, 3), "--confirm", "3")
    assert done.returncode == 3
    assert "image:delete" in done.stdout


@pytest.mark.parametrize("confirm", ["1", "2"])
def test_an_id_that_is_not_there_is_named_and_the_others_are_deleted(serve: Serve, confirm: str) -> None:
    server = serve()
    ids = plain_ids(server, 1)
    done = run(server, "delete", "999999999", *ids, "--confirm", confirm)
    assert done.returncode == 0, done.stderr
    assert "already gone     999999999: there is no snapshot with this id" in done.stdout.splitlines()
    assert server.deleted_ids == ids


def test_when_all_are_gone_already_nothing_is_asked(serve: Serve) -> None:
    done = run(serve(), "delete", "999999998", "999999999")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"already gone     {row_id}: there is no snapshot with this id" for row_id in ("999999998", "999999999")
    ]
    assert done.stderr == "snaptui: nothing is left to be deleted\n"


def test_an_id_that_cannot_be_looked_at_is_said_and_is_no_success(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"block_storage_snapshot:read"}})
    ids = plain_ids(server, 1)
    done = run(server, "delete", "999999999", *ids, "--confirm", "1")
    assert done.returncode == 1
    assert "999999999 cannot be looked at: " in done.stderr
    assert server.deleted_ids == ids


def test_ctrl_c_stops_between_items(serve: Serve) -> None:
    hold = Event()
    server = serve(Fault("DELETE", ONE, skip=2, times=None, hold=hold))
    ids = plain_ids(server, 30)
    command = [COMMAND, "delete", *ids, "--confirm", "30", "--api-url", server.url]
    environment, pipe = {**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN}, subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert server.faults.wait_taken(20)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
    hold.set()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "cancelled" in output
    assert "snaptui: interrupted: " in errors
    assert "`snaptui delete --resume`, or the next start of snaptui, settles what is open." in errors
    assert len(server.deleted_ids) < 10


def test_ctrl_c_while_looking_again_says_that_nothing_was_sent(serve: Serve) -> None:
    hold = Event()
    server = serve(Fault("GET", ONE, times=None, hold=hold))
    command = [COMMAND, "delete", *plain_ids(server, 2), "--confirm", "2", "--api-url", server.url]
    environment, pipe = {**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN}, subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        assert server.faults.wait_taken(20)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    hold.set()
    assert process.returncode == 130
    assert "snaptui: interrupted: 2 not sent." in errors
    assert server.count("DELETE") == 0


def test_what_is_no_id_is_a_matter_of_usage(serve: Serve) -> None:
    server = serve()
    done = run(server, "delete", '{"id":', "--confirm", "1")
    assert done.returncode == 2
    assert "is not a snapshot id" in done.stderr
    assert server.count("DELETE") == 0


def test_history_tells_what_was_deleted_and_holds_no_token(serve: Serve, isolated_home: Path) -> None:
    server = serve()
    ids = plain_ids(server, 2)
    run(server, "delete", *ids, "--confirm", "2")
    rows = json.loads(run(server, "history", "-o", "json").stdout)
    assert {row["id"]: row["outcome"] for row in rows} == dict.fromkeys(ids, "deleted")
    assert ids[0] in run(server, "history").stdout
    assert run(server, "history", "-o", "csv").stdout.startswith("batch,at,account,id")
    written = [path for path in isolated_home.rglob("*") if path.is_file()]
    assert written
    for path in written:
        assert DEMO_TOKEN.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_history_says_what_was_saved_and_can_begin_later(serve: Serve) -> None:
    server = serve()
    ids = plain_ids(server, 3)
    rows = [server.account.snapshots[row_id] for row_id in ids]
    run(server, "delete", *ids[:2], "--confirm", "2")
    run(server, "delete", ids[2], "--confirm", "1")
    lines = run(server, "history").stdout.splitlines()
    assert "team Acme Production: 2 of 2 deleted, " in lines[0]
    assert lines[0].endswith("/mo saved")
    for row in rows:
        assert [line for line in lines if str(row["name"]) in line and f"{row['size_gigabytes']:,.2f} GB" in line]
    assert lines[-1].startswith("2 deletions: 3 of 3 deleted, ")
    recorded = json.loads(run(server, "history", "-o", "json").stdout)
    cents = [cents_of(float(str(row["size_gigabytes"])), 0.06) for row in rows]
    assert sorted(round(row["monthly_usd"] * 100) for row in recorded) == sorted(cents)
    assert run(server, "history", "--since", "1h").stdout.splitlines() == lines
    later = run(server, "history", "--since", "2199")
    assert (later.returncode, later.stdout) == (0, "")
    assert later.stderr == "snaptui: no deletion is recorded since 2199\n"


def test_history_of_a_deletion_that_deleted_nothing_says_so_in_gigabytes(serve: Serve) -> None:
    server = serve(Fault(method="DELETE", times=None, status=422, body=b'{"id":"x","message":"in use"}'))
    run(server, "delete", *plain_ids(server, 2), "--confirm", "2")
    assert run(server, "history").stdout.splitlines()[0].endswith("0 of 2 deleted, 0 GB, $0.00/mo saved")


@pytest.mark.parametrize("since", ["yesterday", "", "-1d", "2026-13"])
def test_since_takes_an_age_or_a_date(serve: Serve, since: str) -> None:
    done = run(serve(), "history", f"--since={since}")
    assert done.returncode == 2
    assert "--since takes an age such as 30d or a date" in done.stderr


def test_without_a_deletion_history_says_so(serve: Serve) -> None:
    done = run(serve(), "history")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "snaptui: no deletion is recorded\n")


def test_a_damaged_journal_line_is_reported(serve: Serve, isolated_home: Path) -> None:
    server = serve()
    run(server, "delete", *plain_ids(server, 1), "--confirm", "1")
    (path,) = isolated_home.rglob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-10])
    done = run(server, "history")
    assert "is damaged and was passed over" in done.stderr
    assert done.returncode == 0
