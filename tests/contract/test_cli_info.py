"""`snaptui info --check`: what each protection rule holds, asked of a list over HTTP."""

from pathlib import Path

import pytest

from snaptui.demo.api import ALL_SCOPES, DEMO_TOKEN
from tests.contract.test_cli import Serve, run
from tests.support.faults import Fault


@pytest.fixture
def protect(isolated_home: Path) -> Path:
    """Three rules: one that holds something, one that is idle, one about sources."""
    file = isolated_home / ".config" / "snaptui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('protect = ["tag:keep", "name:no-such-name", "is:orphan type:droplet"]')
    return file


def rules(stdout: str) -> dict[str, str]:
    told = [line.removeprefix("rule").strip() for line in stdout.splitlines() if line.startswith("rule ")]
    return {rule: said for rule, _, said in (line.partition(": ") for line in told)}


def test_each_rule_is_told_with_what_it_holds(serve: Serve, protect: Path) -> None:
    server = serve()
    kept = sum("keep" in str(row["tags"]).split("'") for row in server.account.rows())
    orphans = run("list", "is:orphan type:droplet", "-o", "jsonl", server=server).stdout.count("\n")
    done = run("info", "--check", server=server)
    assert done.returncode == 0
    assert "team Acme Production" in done.stdout
    assert "complete: 240 snapshots" in done.stdout
    assert rules(done.stdout) == {
        "tag:keep": f"holds {kept} of 240",
        "name:no-such-name": "matches nothing",
        "is:orphan type:droplet": f"holds {orphans} of 240",
    }
    assert kept
    assert orphans


@pytest.mark.parametrize(
    ("scope", "rule"), [("tag:read", "tag:keep"), ("droplet:read", "is:orphan type:droplet")], ids=["tags", "droplets"]
)
def test_a_rule_that_cannot_be_judged_says_for_want_of_which_scope(
    serve: Serve, protect: Path, scope: str, rule: str
) -> None:
    done = run("info", "--check", server=serve(scopes={DEMO_TOKEN: ALL_SCOPES - {scope}}))
    assert done.returncode == 4
    assert scope in rules(done.stdout)[rule]
    assert "could not be judged" in rules(done.stdout)[rule]
    assert "and these count as protected" in rules(done.stdout)[rule]


def test_an_incomplete_list_and_an_unknown_account_are_said(serve: Serve, protect: Path) -> None:
    server = serve(
        Fault("GET", "/v2/snapshots", {"page": "2"}, times=None, status=404),
        scopes={DEMO_TOKEN: ALL_SCOPES - {"account:read"}},
    )
    done = run("info", "--check", server=server)
    assert done.returncode == 4
    assert "incomplete: 200 of 240 snapshots" in done.stdout
    assert "not known: " in done.stdout
    assert "account:read" in done.stdout


@pytest.mark.parametrize(("status", "said"), [(403, "account:read"), (404, "404"), (200, "account is missing")])
def test_an_account_that_cannot_be_read_says_why_and_is_no_full_success(
    serve: Serve, protect: Path, status: int, said: str
) -> None:
    done = run("info", "--check", server=serve(Fault("GET", "/v2/account", times=None, status=status, body=b"{}")))
    (account,) = [line for line in done.stdout.splitlines() if line.startswith("account ")]
    assert (done.returncode, "not known: " in account, said in account) == (4, True, True), account


def test_without_check_nothing_is_sent_and_the_note_says_how_to_ask(serve: Serve, protect: Path) -> None:
    server = serve()
    done = run("info", server=server)
    assert done.returncode == 0
    assert not server.requests
    assert "what the rules of protect hold was not checked: snaptui info --check" in done.stdout


def test_without_a_token_or_an_answer_it_is_said_and_is_no_success(serve: Serve, protect: Path) -> None:
    assert run("info", "--check").returncode == 3
    done = run("info", "--check", server=serve(Fault("GET", "/v2/snapshots", times=None, status=401)))
    assert done.returncode == 3


@pytest.mark.parametrize("mode", [0o755, 0o750])
def test_a_state_folder_that_others_can_look_into_is_said(isolated_home: Path, mode: int) -> None:
    state = isolated_home / ".local" / "state" / "snaptui"
    state.mkdir(parents=True)
    state.chmod(mode)
    assert f"{state} (others can look into it; the next deletion closes it)" in run("info").stdout
    state.chmod(0o700)
    assert f"{state} (there)" in run("info").stdout
