"""`snaptui delete` before anything is sent: what it warns of, what it asks for, and what it refuses."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ptyprocess
import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from snaptui.demo.generator import generated_account
from snaptui.demo.resources import moment
from tests.support.faults import Fault
from tests.support.server import ScriptedServer

Serve = Callable[..., ScriptedServer]
COMMAND = str(Path(sys.executable).with_name("snaptui"))
LIST = "/v2/snapshots"
DAY = 86_400.0


def run(server: ScriptedServer, *arguments: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments, "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
        capture_output=True,
        text=True,
        timeout=60,
        input=stdin or "",
        check=False,
    )


def free_ids(server: ScriptedServer, number: int) -> list[str]:
    """Ids of snapshots that nothing protects."""
    rows = server.account.snapshots.items()
    chosen = [row_id for row_id, row in rows if "keep" not in str(row["tags"]) and "protected" not in str(row["tags"])]
    return chosen[:number]


def settings(home: Path, text: str) -> None:
    folder = home / ".config" / "snaptui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(text)


# Warnings


def test_the_review_warns_of_last_copies_of_what_is_in_use_and_of_what_will_be_skipped(serve: Serve) -> None:
    server = serve()
    account = server.account
    by_source: dict[object, list[str]] = {}
    for row_id, row in account.snapshots.items():
        by_source.setdefault(row["resource_id"], []).append(row_id)
    only = next(ids[0] for ids in by_source.values() if len(ids) == 1)
    account.change(only, name="a name of its own")
    kept = free_ids(server, 1)[0]
    account.change(kept, tags=["keep"])
    cluster = next(
        i for i, row in account.snapshots.items() if row["resource_type"] == "volume" and i not in (only, kept)
    )
    account.change(cluster, tags=["k8s:cluster"])
    done = run(server, "delete", only, kept, cluster)
    warned = [line for line in done.stdout.splitlines() if line.startswith("! ")]
    assert [line for line in warned if f"({only})" in line and ("only snapshot" in line or "LAST COPY" in line)]
    assert [line for line in warned if f"({kept}): will be skipped: protected by tag:keep" in line]
    assert [line for line in warned if f"({cluster})" in line and "Kubernetes" in line]


def test_the_age_of_a_date_ahead_of_the_servers_clock_is_future_though_the_local_clock_is_farther_ahead() -> None:
    server_now = time.time() - 10 * DAY
    account = generated_account(now=server_now, snapshots=20)
    row_id = next(iter(account.snapshots))
    account.change(row_id, name="ahead", created_at=moment(server_now + 5 * DAY), tags=[])
    with ScriptedServer(account, clock=lambda: time.time() - 10 * DAY) as server:
        for arguments in (["delete", row_id], ["list", "ahead"]):
            (line,) = [line for line in run(server, *arguments).stdout.splitlines() if line.startswith(row_id)]
            assert " future " in line


@pytest.mark.parametrize(
    ("scopes", "said"),
    [
        ({"droplet:read", "block_storage:read"}, "! whether a source is gone is not known: "),
        ({"droplet:read"}, "! whether autoscale pools use any of them could not be read"),
        ({"account:read"}, "! account not proven: "),
    ],
)
def test_what_could_not_be_read_is_said_in_the_review(serve: Serve, scopes: set[str], said: str) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - scopes})
    assert said in run(server, "delete", *free_ids(server, 3)).stdout


def test_an_incomplete_list_is_said_in_the_review(serve: Serve) -> None:
    server = serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None))
    done = run(server, "delete", *free_ids(server, 1))
    assert "! incomplete: 200 of 240 snapshots; page 2 of 2 missing" in done.stdout
    assert "there may be more copies" in done.stdout


def test_a_protection_rule_that_protects_nothing_is_said(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, 'protect = ["name:no-such-name", "type:volume"]')
    server = serve()
    said = [
        line for line in run(server, "delete", free_ids(server, 1)[0]).stdout.splitlines() if "no-such-name" in line
    ]
    assert said[0].startswith("! ")


def test_a_list_that_is_long_is_not_read_whole_for_one_snapshot(serve: Serve) -> None:
    server = serve(snapshots=5_400)
    wanted = free_ids(server, 5_000)[-1]
    done = run(server, "delete", wanted, "--confirm", "1")
    assert done.returncode == 0, done.stderr
    assert server.deleted_ids == [wanted]
    assert "too long a list to be read for so few" in done.stdout
    assert "there may be more copies" in done.stdout
    assert len([seen for seen in server.requests if seen.path == LIST]) < 25


def test_a_rule_about_places_needs_a_long_list_all_the_same(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, 'protect = ["is:latest"]')
    server = serve(snapshots=5_400)
    done = run(server, "delete", free_ids(server, 1)[0])
    assert "too long" not in done.stdout
    assert len({seen.query["page"] for seen in server.requests if seen.path == LIST}) == 27


# What confirms


def test_above_max_batch_the_number_alone_does_not_confirm(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "max_batch = 3")
    server = serve()
    ids = free_ids(server, 4)
    refused = run(server, "delete", *ids, "--confirm", "4")
    assert refused.returncode == 2
    assert "4 are more than max_batch, 3: --max-batch 4 allows it once" in refused.stderr
    for option in ("3", "0"):
        assert run(server, "delete", *ids, "--confirm", "4", "--max-batch", option).returncode == 2
    assert server.count("DELETE") == 0
    assert run(server, "delete", *ids, "--confirm", "4", "--max-batch", "4").returncode == 0
    assert sorted(server.deleted_ids) == sorted(ids)


def test_up_to_a_number_is_confirmed_by_confirm_up_to(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "max_batch = 3")
    server = serve()
    ids = free_ids(server, 4)
    assert "--confirm-up-to 1 is less than the 2" in run(server, "delete", *ids[:2], "--confirm-up-to", "1").stderr
    assert "more than max_batch" in run(server, "delete", *ids, "--confirm-up-to", "50").stderr
    assert server.count("DELETE") == 0
    assert run(server, "delete", *ids[:2], "--confirm-up-to", "50").returncode == 0
    assert sorted(server.deleted_ids) == sorted(ids[:2])


def test_an_account_that_is_not_proven_has_to_be_confirmed_as_such(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"account:read"}})
    ids = free_ids(server, 2)
    refused = run(server, "delete", *ids, "--confirm", "2")
    assert refused.returncode == 2
    assert "--unproven-account confirms it all the same" in refused.stderr
    assert server.count("DELETE") == 0
    assert run(server, "delete", *ids, "--confirm", "2", "--unproven-account").returncode == 0
    assert sorted(server.deleted_ids) == sorted(ids)


def test_an_account_that_was_proven_and_cannot_be_read_any_more_stops_the_deletion(serve: Serve) -> None:
    server = serve(Fault("GET", "/v2/account", skip=1, times=None, status=403))
    done = run(server, "delete", *free_ids(server, 2), "--confirm", "2")
    assert done.returncode == 1
    assert "whose account the token is for cannot be read" in done.stderr
    assert server.count("DELETE") == 0


def test_an_account_that_answers_with_an_error_is_not_proven_either(serve: Serve) -> None:
    server = serve(Fault(path="/v2/account", status=500, times=None))
    done = run(server, "delete", *free_ids(server, 1), "--confirm", "1")
    assert done.returncode == 2
    assert server.count("DELETE") == 0


@pytest.mark.parametrize(
    "arguments",
    [[], ["--plan", "x", "1"], ["--query", "a", "1"], ["--resume", "1"], ["--resume", "--query", "a"]],
)
def test_exactly_one_thing_says_what_to_delete(serve: Serve, arguments: list[str]) -> None:
    done = run(serve(), "delete", *arguments)
    assert done.returncode == 2
    assert "delete takes snapshot ids, or --query QUERY, or --plan FILE, or --resume" in done.stderr


# Queries and stdin


def test_a_query_deletes_what_matches_and_leaves_out_what_is_protected(serve: Serve) -> None:
    server = serve()
    matching = [i for i, row in server.account.snapshots.items() if row["resource_type"] == "volume"]
    for row_id in matching[:5]:
        server.account.change(row_id, tags=["keep"])
    free = [i for i in matching if i in set(free_ids(server, 1000))]
    done = run(server, "delete", "--query", "type:volume", "--confirm", str(len(free)), "--max-batch", "200")
    assert done.returncode == 0, done.stderr
    assert sorted(server.deleted_ids) == sorted(free)
    assert f"{len(matching) - len(free)} more match and are protected or damaged: left out" in done.stderr


def test_a_query_that_begins_with_a_dash_is_no_option(serve: Serve) -> None:
    done = run(serve(), "delete", "--query", "-type:volume -type:droplet")
    assert done.returncode == 0
    assert "there is nothing to delete" in done.stderr


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("", 2, "an empty query would delete everything"),
        ("  ", 2, "an empty query would delete everything"),
        ("regoin:nyc3", 2, "did you mean region?"),
        ('"no such name"', 0, "there is nothing to delete"),
    ],
)
def test_a_query_that_says_nothing_deletes_nothing(serve: Serve, query: str, code: int, said: str) -> None:
    server = serve()
    done = run(server, "delete", "--query", query, "--confirm-up-to", "1000")
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert server.count("DELETE") == 0


def test_what_a_query_cannot_judge_is_left_out_and_said(serve: Serve) -> None:
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"droplet:read"}})
    done = run(server, "delete", "--query", "is:orphan type:droplet", "--confirm-up-to", "1000")
    assert "could not be judged" in done.stderr
    assert server.count("DELETE") == 0


def test_a_query_needs_the_whole_list(serve: Serve) -> None:
    server = serve(Fault(path=LIST, query={"page": "2"}, status=404, times=None))
    done = run(server, "delete", "--query", "type:volume", "--confirm-up-to", "1000")
    assert done.returncode == 4
    assert "--query needs the whole list: incomplete" in done.stderr
    assert server.count("DELETE") == 0


def test_ids_and_plans_come_from_stdin_too(serve: Serve) -> None:
    server = serve()
    ids = free_ids(server, 4)
    done = run(server, "delete", "-", "--confirm", "2", stdin=f"{ids[0]}\n  {ids[1]}\n\n{ids[0]}\n")
    assert done.returncode == 0, done.stderr
    assert sorted(server.deleted_ids) == sorted(ids[:2])
    account = {"uuid": "u", "email": "e", "status": "s"}
    plan = {"id": "p", "created": 1.0, "api_url": server.url, "account": account, "query": "", "items": []}
    refused = run(server, "delete", "--plan", "-", "--confirm", "1", stdin=json.dumps({"version": 1, "plan": plan}))
    assert refused.returncode == 2
    assert "--plan -: the plan has no snapshots" in refused.stderr


@pytest.mark.parametrize("stdin", ["", "\n", "\x1b[31m\n", "../../v2/account"])
def test_what_is_no_id_on_stdin_is_a_matter_of_usage(serve: Serve, stdin: str) -> None:
    server = serve()
    done = run(server, "delete", "-", "--confirm", "1", stdin=stdin)
    assert done.returncode == 2
    assert server.count("DELETE") == server.count("GET") == 0


@pytest.mark.parametrize("kind", ["fifo", "folder", "endless", "missing", "dangling"])
def test_a_plan_is_read_from_a_regular_file_only(serve: Serve, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "plan"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    done = run(serve(), "delete", "--plan", str(path), "--confirm", "1")
    assert done.returncode == 2
    assert done.stderr.startswith("snaptui: --plan: ")
    assert str(path) in done.stderr


def test_a_token_that_is_typed_where_an_id_belongs_is_not_repeated(serve: Serve) -> None:
    token = "dop_v1_" + "5ec4e7" * 10 + "9f2c"
    for arguments in (["delete", token], ["delete", "--plan", token], ["delete", "--query", f"naem:{token}"]):
        done = run(serve(), *arguments)
        assert done.returncode == 2
        assert "5ec4e7" not in done.stdout + done.stderr


# Questions on a terminal


def asked(server: ScriptedServer, *arguments: str) -> ptyprocess.PtyProcessUnicode:
    return ptyprocess.PtyProcessUnicode.spawn(
        [COMMAND, "delete", *arguments, "--api-url", server.url],
        env={**os.environ, "DIGITALOCEAN_TOKEN": DEMO_TOKEN},
    )


def until(process: ptyprocess.PtyProcessUnicode, wanted: str, output: str = "") -> str:
    while wanted not in output:
        output += process.read()
    return output


def ended(process: ptyprocess.PtyProcessUnicode, output: str = "") -> str:
    try:
        while True:
            output += process.read()
    except EOFError:
        process.wait()
        return output


def test_what_is_typed_before_the_question_is_no_answer(serve: Serve) -> None:
    server = serve()
    process = asked(server, free_ids(server, 1)[0])
    process.write("1\n")
    output = until(process, "Type 1 to delete them: ")
    assert server.count("DELETE") == 0
    process.write("\n")
    assert "nothing was deleted" in ended(process, output)
    assert process.exitstatus == 1
    assert server.count("DELETE") == 0


def test_a_paste_that_is_still_coming_is_no_answer(serve: Serve) -> None:
    server = serve()
    process = asked(server, free_ids(server, 1)[0])
    until(process, "Type 1 to delete them")
    process.write("1\n1\n1")
    until(process, ": ")
    process.write("\n")
    assert "nothing was deleted" in ended(process)
    assert server.count("DELETE") == 0


def test_each_of_two_questions_is_armed_by_itself(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "max_batch = 1")
    server = serve()
    ids = free_ids(server, 2)
    process = asked(server, *ids)
    until(process, "Type 2 to delete them: ")
    process.write("2\ndelete them all\n")
    until(process, "type delete them all: ")
    process.write("\n")
    assert "nothing was deleted" in ended(process)
    assert server.count("DELETE") == 0


def test_an_answer_after_the_question_deletes(serve: Serve, isolated_home: Path) -> None:
    settings(isolated_home, "max_batch = 1")
    server = serve(scopes={DEMO_TOKEN: ALL_SCOPES - {"account:read"}})
    ids = free_ids(server, 2)
    process = asked(server, *ids)
    for question, answer in (
        ("Type unproven to go on: ", "unproven"),
        ("Type 2 to delete them: ", "2"),
        ("type delete them all: ", "delete them all"),
    ):
        until(process, question)
        process.write(f"{answer}\n")
    ended(process)
    assert process.exitstatus == 0
    assert sorted(server.deleted_ids) == sorted(ids)


def test_a_terminal_that_hangs_up_confirms_nothing(serve: Serve) -> None:
    server = serve()
    process = asked(server, free_ids(server, 1)[0])
    until(process, "Type 1 to delete them")
    process.close(force=False)
    assert server.count("DELETE") == 0
